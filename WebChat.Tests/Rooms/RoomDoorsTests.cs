using System.Net;
using WebChat.Rooms;

namespace WebChat.Tests.Rooms;

/// <summary>Every door of a group, knocked at by everybody: what the rights say is what is answered. 404 is for what one may not see, 403 for what one sees and may not do.</summary>
public sealed class RoomDoorsTests(App app) : IClassFixture<App>
{
    /// <summary>The forms that are posted to a group, and whom they let in: outsider, removed, member, muted, administrator, owner. In the order in which they do no harm to each other.</summary>
    private const string Doors =
        """
        messages            content=hello                        404 404 302 403 302 302
        messages/S/edit     content=anew                         404 404 302 403 302 302
        messages/S/reactions emoji=👍                            404 404 302 403 302 302
        messages/L/pin      pinned=true                          404 404 403 403 302 302
        messages/L/recall   -                                    404 404 403 403 302 302
        sticker             Id=none                              404 404 400 403 400 400
        lucky               Points=1&Shares=1                    404 404 302 403 302 302
        news                Title=t&Address=https://a.example    404 404 302 403 302 302
        notifications       Level=All                            404 404 302 302 302 302
        announcement        at=0                                 404 404 302 302 302 302
        invites             Days=1&Uses=1                        404 404 403 403 200 200
        invites?handler=Revoke link=none                         404 404 403 403 302 302
        requests?handler=Accept member=O                         404 404 403 403 302 302
        requests?handler=Decline member=O                        404 404 403 403 302 302
        settings            Name=Doors                           404 404 403 403 302 302
        bots                Name=-                               404 404 404 404 400 400
        mute                member=T&minutes=10                  404 404 403 403 302 302
        mute?handler=End    member=T                             404 404 403 403 302 302
        roles?handler=Promote member=T                           404 404 403 403 403 302
        roles?handler=Demote member=T                            404 404 403 403 403 302
        hand-over           member=S                             404 404 403 403 403 403
        remove              member=W                             404 404 403 403 403 403
        leave               -                                    404 404 NOT NOT NOT 403
        dissolve            -                                    404 404 403 403 403 NOT
        """;

    private const string Pages =
        """
        -                   404 404 200 200 200 200
        members             404 404 200 200 200 200
        settings            404 404 200 200 200 200
        head                204 204 200 200 200 200
        announcement        404 404 200 200 200 200
        notifications       404 404 200 200 200 200
        pinned              404 404 200 200 200 200
        names               404 404 200 200 200 200
        invites             404 404 403 403 200 200
        bots                404 404 404 404 200 200
        remove?member=T     404 404 403 403 200 200
        mute?member=T       404 404 403 403 200 200
        hand-over           404 404 403 403 403 200
        hand-over?member=T  404 404 403 403 403 200
        leave               404 404 200 200 200 403
        dissolve            404 404 403 403 403 200
        sticker             404 404 200 403 200 200
        lucky               404 404 200 403 200 200
        contact             404 404 200 403 200 200
        news                404 404 200 403 200 200
        """;

    [Fact]
    public async Task Everybody_is_answered_as_the_rights_say()
    {
        using var owner = await app.SignUpAsync("door-owner");
        using var outsider = await app.SignUpAsync("door-outsider");
        using var removed = await app.SignUpAsync("door-removed");
        using var member = await app.SignUpAsync("door-member");
        using var muted = await app.SignUpAsync("door-muted");
        using var administrator = await app.SignUpAsync("door-administrator");
        using var target = await app.SignUpAsync("door-target");
        var everybody = new[] { outsider, removed, member, muted, administrator, owner };
        var room = await owner.NewGroupAsync("Doors");
        var said = new Dictionary<Person, long>();
        foreach (var person in new[] { removed, member, muted, administrator, target })
            await person.SubmitAsync($"/rooms/find?q={room}", "Join");
        foreach (var person in everybody[1..])
            said[person] = await person.SayAsync(room, "here I am");
        said[outsider] = 1;
        var groups = app.Get<Groups>();
        var ownerId = await owner.IdAsync();
        await groups.RemoveAsync(room, ownerId, await removed.IdAsync());
        await groups.PromoteAsync(room, ownerId, await administrator.IdAsync());
        await groups.MuteAsync(room, ownerId, await muted.IdAsync(), null);
        await owner.SubmitAsync($"/rooms/{room}/settings", "Save", ("Announcement", "Knock first"));
        var (targetId, saidByOther) = (await target.IdAsync(), await target.SayAsync(room, "of another"));
        var wrong = new List<string>();

        foreach (var line in Pages.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var address = $"/rooms/{room}{(words[0] is "-" ? "" : "/" + words[0].Replace("=T", $"={targetId}", StringComparison.Ordinal))}";
            for (var i = 0; i < everybody.Length; i++)
                Note(everybody[i], "GET", words[0], words[i + 1], (await everybody[i].Http.GetAsync(address)).StatusCode);
        }
        foreach (var line in Doors.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < everybody.Length; i++)
            {
                var person = everybody[i];
                if (words[i + 2] is "NOT")
                    continue; // it would be done, and another test does it
                var address = words[0].Replace("/S/", $"/{said[person]}/", StringComparison.Ordinal).Replace("/L/", $"/{saidByOther}/", StringComparison.Ordinal);
                Note(person, "POST", words[0], words[i + 2], await PostAsync(person, $"/rooms/{room}/{address}", words[1], ("=T", targetId), ("=O", 1), ("=S", await person.IdAsync()), ("=W", ownerId)));
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        void Note(Person person, string how, string what, string expected, HttpStatusCode status)
        {
            if (expected != $"{(int)status}")
                wrong.Add($"{person.Account} {how} {what}: {(int)status}, not {expected}");
        }
    }

    [Fact]
    public async Task In_the_lobby_and_between_friends_nobody_leads()
    {
        var (ann, ben, direct) = await app.FriendsAsync("no-leader", "no-leader-either");
        var lobby = (await ann.Http.GetAsync("/lobby")).Headers.Location!.OriginalString;
        var benId = await ben.IdAsync();
        foreach (var room in new[] { lobby, $"/rooms/{direct}" })
        {
            Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync($"{room}/members")).StatusCode);
            foreach (var (door, form) in new[]
            {
                ("remove", $"member={benId}"), ("mute", $"member={benId}&minutes=10"), ("roles?handler=Promote", $"member={benId}"), ("hand-over", $"member={benId}"),
                ("invites", "Days=1&Uses=1"), ("requests?handler=Accept", $"member={benId}"), ("settings", "Name=Ours"), ("leave", "-"), ("dissolve", "-"), ("bots", "Name=robot"),
            })
                Assert.Contains(await PostAsync(ann, $"{room}/{door}", form), new[] { HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
            Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync(room)).StatusCode);
        }
    }

    [Fact]
    public async Task Who_lost_the_role_is_refused_at_the_next_request()
    {
        using var ann = await app.SignUpAsync("takes-back");
        using var ben = await app.SignUpAsync("was-administrator");
        var room = await ann.NewGroupAsync("Trust");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        await ann.SubmitAsync($"/rooms/{room}/members", "Make administrator");
        var settings = await ben.GetPageAsync($"/rooms/{room}/settings");

        await ann.SubmitAsync($"/rooms/{room}/members", "Remove administrator");

        Assert.Equal(HttpStatusCode.Forbidden, (await ben.SubmitAsync(settings, "Save", ("Name", "Mine now"))).StatusCode);
        Assert.DoesNotContain("Mine now", (await ann.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> PostAsync(Person person, string address, string form, params (string Place, long Id)[] ids)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["__RequestVerificationToken"] = await person.TokenAsync() };
        foreach (var (place, id) in ids)
            form = form.Replace(place, FormattableString.Invariant($"={id}"), StringComparison.Ordinal);
        foreach (var pair in form.Split('&').Where(f => f is not "-"))
            fields[pair[..pair.IndexOf('=', StringComparison.Ordinal)]] = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return (await person.Http.PostAsync(address, new FormUrlEncodedContent(fields))).StatusCode;
    }
}
