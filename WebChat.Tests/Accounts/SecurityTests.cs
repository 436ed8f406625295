using System.Net;

namespace WebChat.Tests.Accounts;

public sealed class SecurityTests(App app) : IClassFixture<App>
{
    private const string NewPassword = "another good one";

    private static string NewName() => "p" + Guid.NewGuid().ToString("N")[..8];

    private async Task<Person> DeviceAsync(Person of)
    {
        var device = app.Visitor();
        await device.SignInAsync(of.Account);
        return device;
    }

    private static async Task<bool> IsInAsync(Person person) => (await person.Http.GetAsync("/me")).StatusCode == HttpStatusCode.OK;

    [Fact]
    public async Task A_changed_password_keeps_this_session_under_a_new_id_and_ends_all_others()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var other = await DeviceAsync(ann);
        using var copy = app.Visitor();
        copy.Cookies.Add(ann.Cookies.GetAllCookies());

        var answer = await ann.SubmitAsync("/me/security", "Change password", ("Current password", App.Password), ("New password", NewPassword));

        Assert.Equal("/me/security", answer.Headers.Location?.OriginalString);
        Assert.True(await IsInAsync(ann));
        Assert.False(await IsInAsync(other));
        Assert.False(await IsInAsync(copy));
    }

    [Fact]
    public async Task A_changed_password_ends_every_live_feed_and_what_is_said_then_reaches_none_of_them()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var other = await DeviceAsync(ann);
        using var ben = await app.SignUpAsync(NewName());
        var lobby = await LobbyAsync(ann);
        await using var before = await ann.ConnectAsync();
        await using var elsewhere = await other.ConnectAsync();
        await using var bens = await ben.ConnectAsync();
        foreach (var socket in new[] { before, elsewhere, bens })
            await socket.OpenAsync(lobby);

        await ann.SubmitAsync("/me/security", "Change password", ("Current password", App.Password), ("New password", NewPassword));

        Assert.Equal(4401, await before.ClosedAsync());
        Assert.Equal(4401, await elsewhere.ClosedAsync());
        await using var after = await ann.ConnectAsync();
        await after.OpenAsync(lobby);
        var seq = await ben.SayAsync(lobby, "did she hear?");
        await after.NextMessageAsync(lobby, seq);
        await bens.NextMessageAsync(lobby, seq);
        Assert.DoesNotContain(before.All.Concat(elsewhere.All), f => f.Contains("did she hear?", StringComparison.Ordinal));
        await using var again = await other.ConnectAsync();
        Assert.Equal(4401, await again.ClosedAsync());
    }

    [Fact]
    public async Task Signed_out_everywhere_else_ends_the_live_feeds_of_the_others_and_no_other()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var second = await DeviceAsync(ann);
        using var third = await DeviceAsync(ann);
        using var ben = await app.SignUpAsync(NewName());
        await using var here = await ann.ConnectAsync();
        await using var there = await second.ConnectAsync();
        await using var yonder = await third.ConnectAsync();
        await using var bens = await ben.ConnectAsync();
        foreach (var socket in new[] { here, there, yonder, bens })
            await socket.RoundTripAsync();

        await ann.SubmitAsync("/me/security", "Sign out everywhere else");

        Assert.Equal(4401, await there.ClosedAsync());
        Assert.Equal(4401, await yonder.ClosedAsync());
        await here.RoundTripAsync();
        await bens.RoundTripAsync();
    }

    [Fact]
    public async Task One_device_signed_out_loses_its_live_feed_alone()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var second = await DeviceAsync(ann);
        await using var here = await ann.ConnectAsync();
        await using var there = await second.ConnectAsync();
        await there.RoundTripAsync();

        await ann.SubmitAsync(await DevicesAsync(ann), "Sign out");

        Assert.Equal(4401, await there.ClosedAsync());
        await here.RoundTripAsync();
    }

    private static Task<long> LobbyAsync(Person person) => Messages.PostingTests.LobbyAsync(person);

    [Theory]
    [InlineData("not my password", NewPassword, "currentpassword-error")]
    [InlineData(App.Password, "too short", "newpassword-error")]
    public async Task A_wrong_or_a_weak_one_changes_nothing(string current, string wanted, string error)
    {
        using var ann = await app.SignUpAsync(NewName());

        var page = await Person.ReadAsync(await ann.SubmitAsync("/me/security", "Change password", ("Current password", current), ("New password", wanted)));

        Assert.NotNull(page.GetElementById(error));
        using var device = await DeviceAsync(ann);
        Assert.True(await IsInAsync(device));
    }

    [Fact]
    public async Task One_device_is_signed_out_and_the_others_stay()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var second = await DeviceAsync(ann);

        await ann.SubmitAsync(await DevicesAsync(ann), "Sign out");

        Assert.True(await IsInAsync(ann));
        Assert.False(await IsInAsync(second));
    }

    [Fact]
    public async Task A_device_that_was_signed_out_meanwhile_is_said_to_be_so()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var second = await DeviceAsync(ann);
        var page = await DevicesAsync(ann);
        await second.SubmitAsync("/me", "Sign out");

        var said = await ann.FollowAsync(await ann.SubmitAsync(page, "Sign out"));

        Assert.Contains("It was signed out already.", said.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Signed out there.", said.Body.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everywhere_else_is_everywhere_but_here()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var second = await DeviceAsync(ann);
        using var third = await DeviceAsync(ann);
        using var ben = await app.SignUpAsync(NewName());

        await ann.SubmitAsync("/me/security", "Sign out everywhere else");

        Assert.True(await IsInAsync(ann));
        Assert.False(await IsInAsync(second));
        Assert.False(await IsInAsync(third));
        Assert.True(await IsInAsync(ben));
    }

    [Fact]
    public async Task Nobody_signs_another_persons_device_out()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var second = await DeviceAsync(ann);
        using var mallory = await app.SignUpAsync(NewName());
        using var extra = await DeviceAsync(mallory);
        var hers = (await ann.GetPageAsync("/me/security")).QuerySelector("input[name=session]")!.GetAttribute("value")!;

        await mallory.Http.PostAsync("/me/security?handler=signOut", new FormUrlEncodedContent([new("session", hers), new("__RequestVerificationToken", await mallory.TokenAsync())]));

        Assert.True(await IsInAsync(second));
        Assert.True(await IsInAsync(extra));
    }

    /// <summary>The page without the frame around it, where one signs out oneself.</summary>
    private static async Task<AngleSharp.Html.Dom.IHtmlDocument> DevicesAsync(Person person)
    {
        var page = await person.GetPageAsync("/me/security");
        page.QuerySelector(".rail")!.Remove();
        return page;
    }
}
