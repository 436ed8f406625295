using WebChat.Rooms;

namespace WebChat.Tests.Presence;

public sealed class TypingTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Who_may_not_write_is_never_shown_as_typing()
    {
        using var ann = await app.SignUpAsync("ann");
        using var ben = await app.SignUpAsync("ben");
        using var cas = await app.SignUpAsync("cas");
        var group = await ann.NewGroupAsync("Walkers");
        foreach (var other in new[] { ben, cas })
            await other.SubmitAsync($"/rooms/find?q={group}", "Join");
        await app.Get<Groups>().MuteAsync(group, await ann.IdAsync(), await ben.IdAsync(), TimeSpan.FromDays(1));
        await using var anns = await ann.ConnectAsync();
        await using var bens = await ben.ConnectAsync();
        await using var cass = await cas.ConnectAsync();
        foreach (var tab in new[] { anns, bens, cass })
            await tab.OpenAsync(group);

        await TypeAsync(bens);
        await TypeAsync(cass);
        await anns.NextAsync(f => IsTyping(f, "cas"));
        await ann.SubmitAsync($"/rooms/{group}/settings", "Save", ("Who can write", "true"));
        await TypeAsync(cass);
        await TypeAsync(anns);
        await bens.NextAsync(f => IsTyping(f, "ann"));

        Assert.DoesNotContain(anns.All, f => IsTyping(f, "ben"));
        Assert.Single(anns.All, f => IsTyping(f, "cas"));

        async Task TypeAsync(LiveSocket tab)
        {
            await tab.SendAsync($$"""{"typing":"{{group}}"}""");
            await tab.RoundTripAsync();
        }
    }

    private static bool IsTyping(string frame, string who) => frame.StartsWith("""{"typing":""", StringComparison.Ordinal) && frame.Contains($"\"{who}\"", StringComparison.Ordinal);
}
