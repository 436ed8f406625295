using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Messages.Bots;
using WebChat.Tests.Messages.Links;

namespace WebChat.Tests.Messages.Bots;

/// <summary>Bots that are called when somebody names them.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private Kitchen kitchen = null!;
    private App app = null!;
    private Person ann = null!;
    private long room;

    public async Task InitializeAsync()
    {
        kitchen = await Kitchen.OpenAsync();
        (app, ann, room) = (kitchen.App, kitchen.Ann, kitchen.Room);
    }

    public async Task DisposeAsync() => await kitchen.DisposeAsync();

    [Fact]
    public async Task Who_names_it_is_heard_by_its_program_and_answered_by_the_bot()
    {
        var body = "";
        kitchen.Stranger.Answers("/hook", async http =>
        {
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            body = await reader.ReadToEndAsync();
            await http.Response.WriteAsJsonAsync(new { content = "You said it, @ann" });
        });
        await kitchen.MakeAsync("Echo", "/hook");
        await using var tab = await ann.ConnectAsync();
        await tab.OpenAsync(room);

        var seq = await ann.SayAsync(room, "is it done, @echo? 好了吗");

        var answer = await tab.NextAsync(f => f.Contains("You said it", StringComparison.Ordinal));
        Assert.Contains($"class=\"quote\" data-seq=\"{seq}\"", answer, StringComparison.Ordinal);
        Assert.Contains(">Bot<", answer, StringComparison.Ordinal);
        var said = JsonElement.Parse(body);
        Assert.Equal((Kitchen.Text(room), seq, "ann", "is it done, @echo? 好了吗"), (said.GetProperty("room").GetString(), said.GetProperty("seq").GetInt64(), said.GetProperty("sender").GetString(), said.GetProperty("message").GetString()));
        var asked = kitchen.Stranger.Asked.Single();
        Assert.Equal("Echo", asked.Headers["X-WebChat-Bot"]);
        Assert.Equal("application/json", asked.Headers["Content-Type"]);
        Assert.Null((await kitchen.BotAsync("Echo")).FailedAt);
    }

    [Fact]
    public async Task A_call_is_signed_with_its_time_so_that_nobody_can_repeat_it()
    {
        var heard = new TaskCompletionSource<(string Signature, byte[] Body)>();
        kitchen.Stranger.Answers("/hook", async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            heard.TrySetResult((http.Request.Headers["X-WebChat-Signature"].ToString(), body.ToArray()));
        });
        var (_, secret) = await kitchen.MakeAsync("Echo", "/hook");
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        await ann.SayAsync(room, "@echo?");

        var (signature, said) = await heard.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var parts = Regex.Match(signature, "^t=([0-9]+),v1=([0-9a-f]{64})$", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.InRange(long.Parse(parts.Groups[1].Value, CultureInfo.InvariantCulture), before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.Equal(parts.Groups[2].Value, Mac(secret, $"{parts.Groups[1].Value}.", said));
        // Another time, another body, another secret: another signature.
        Assert.NotEqual(parts.Groups[2].Value, Mac(secret, $"{parts.Groups[1].Value}0.", said));
        Assert.NotEqual(parts.Groups[2].Value, Mac(secret, $"{parts.Groups[1].Value}.", [.. said, 32]));
        Assert.NotEqual(parts.Groups[2].Value, Mac(secret + "x", $"{parts.Groups[1].Value}.", said));

        // As a receiver computes it.
        static string Mac(string secret, string beginning, byte[] body) =>
            Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), (byte[])[.. Encoding.ASCII.GetBytes(beginning), .. body]));
    }

    [Fact]
    public async Task An_address_without_https_is_not_taken_and_one_from_before_is_not_called()
    {
        await using var strict = new App(services => services.AddSingleton(Stranger.Reached()));
        using var cas = await strict.SignUpAsync("cas");
        var group = await cas.NewGroupAsync("Strict");
        var refused = await cas.SubmitAsync($"/rooms/{group}/bots", "Make bot", ("Name", "Echo"), ("Webhook address", kitchen.Stranger.At("/hook").AbsoluteUri));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("It begins with https://", (await Person.ReadAsync(refused)).QuerySelector("main .error")!.TextContent, StringComparison.Ordinal);
        await kitchen.MakeAsync("Echo", on: cas, group: group);
        var bots = strict.Get<BotStore>();
        var echo = (await bots.FindAsync(await cas.IdAsync(), group, "echo"))!;
        await bots.SetWebhookAsync(await cas.IdAsync(), group, echo.UserId, kitchen.Stranger.At("/hook").AbsoluteUri);

        await cas.SayAsync(group, "@echo?");

        Assert.Contains("this address is not called", await kitchen.FailureAsync("Echo", cas, group), StringComparison.Ordinal);
        Assert.Empty(kitchen.Stranger.Asked);
    }

    [Fact]
    public async Task Bots_call_nobody_not_each_other_and_not_themselves()
    {
        kitchen.Stranger.Answers("/one", http => http.Response.WriteAsJsonAsync(new { content = "@two @one your turn" }));
        kitchen.Stranger.Answers("/two", http => http.Response.WriteAsJsonAsync(new { content = "@one @two no, yours" }));
        var (token, _) = await kitchen.MakeAsync("one", "/one");
        await kitchen.MakeAsync("two", "/two");
        await using var tab = await ann.ConnectAsync();
        await tab.OpenAsync(room);

        await ann.SayAsync(room, "@one begin");
        await tab.NextAsync(f => f.Contains("your turn", StringComparison.Ordinal));
        await kitchen.PostAsync(token, new { content = "@two @one hello" });
        await ann.SayAsync(room, "no name at all, one");
        await ann.SayAsync(room, "`@two` in code");
        await ann.SayAsync(room, "@two now you"); // the last: what came before it has been looked at
        await tab.NextAsync(f => f.Contains("no, yours", StringComparison.Ordinal));

        Assert.Equal(["/one", "/two"], kitchen.Stranger.Asked.Select(a => a.Path));
    }

    [Fact]
    public async Task Programs_of_people_are_people_and_edits_and_other_rooms_call_nobody()
    {
        kitchen.Stranger.Answers("/hook", http => http.Response.WriteAsJsonAsync(new { content = "heard" }));
        await kitchen.MakeAsync("Echo", "/hook");
        var other = await ann.NewGroupAsync("Cellar");
        await ann.SayAsync(other, "@Echo can you hear me?");
        var seq = await ann.SayAsync(room, "nothing");
        await ann.ActAsync(room, seq, "edit", ("content", "@Echo by edit"));
        await using var script = await ann.RunProgramAsync();

        await script.SayAsync(new { room = Kitchen.Text(room), message = "@Echo by program" });

        await script.NextMessageAsync("heard");
        Assert.Single(kitchen.Stranger.Asked);
    }

    [Fact]
    public async Task What_fails_is_said_to_who_leads_the_group_and_harms_no_post()
    {
        await kitchen.MakeAsync("Echo", "/hook");
        var (echo, tries) = ((await kitchen.BotAsync("Echo")).UserId, 0);
        foreach (var (answer, words) in new (RequestDelegate, string)[]
        {
            (http => { http.Response.StatusCode = 500; return Task.CompletedTask; }, "Last call failed: answered 500,"),
            (http => { (http.Response.StatusCode, http.Response.Headers.Location) = (307, $"http://127.0.0.1:{kitchen.Stranger.Port}/"); return Task.CompletedTask; }, "Last call failed: answered 307,"),
            (http => http.Response.Body.WriteAsync(new byte[40_000]).AsTask(), "Last call failed: the answer was too long,"),
            (http => { http.Abort(); return Task.CompletedTask; }, "Last call failed: nobody answered,"),
            (http => http.Response.WriteAsJsonAsync(new { content = "" }), "Last call failed: what it answered was refused: Write something first.,"),
        })
        {
            // Another address each time, which does not pay for the one before.
            kitchen.Stranger.Answers($"/hook/{++tries}", answer);
            Assert.True(await app.Get<BotStore>().SetWebhookAsync(await ann.IdAsync(), room, echo, kitchen.Stranger.At($"/hook/{tries}").AbsoluteUri));
            await ann.SayAsync(room, "@Echo?");
            Assert.Contains(words, await kitchen.FailureAsync("Echo"), StringComparison.Ordinal);
        }
        Assert.True(await app.Get<BotStore>().SetWebhookAsync(await ann.IdAsync(), room, echo, kitchen.Stranger.At("/hook").AbsoluteUri));
        foreach (var quiet in new RequestDelegate[]
        {
            _ => Task.CompletedTask, http => http.Response.WriteAsync("not JSON"), http => http.Response.WriteAsync("[1]"), http => http.Response.WriteAsJsonAsync(new { nothing = 1 }),
            http => { http.Response.StatusCode = 204; return Task.CompletedTask; },
        })
        {
            var heard = new TaskCompletionSource();
            kitchen.Stranger.Answers("/hook", async http =>
            {
                await quiet(http);
                heard.TrySetResult();
            });
            await ann.SayAsync(room, "@Echo!");
            await heard.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
        Assert.Empty(kitchen.Stranger.AskedInPrivate);
        Assert.Null((await kitchen.BotAsync("Echo")).FailedAt);
        Assert.Equal(0, (await ann.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article .by .stamp").Length);
    }

    [Fact]
    public async Task A_name_that_turns_private_after_it_was_taken_is_not_called_there()
    {
        var resolved = Stranger.Public;
        await using var world = new App(services => Kitchen.Reach(services, Stranger.Reached(_ => [resolved])));
        using var cas = await world.SignUpAsync("cas");
        var group = await cas.NewGroupAsync("Turning");
        await kitchen.MakeAsync("Echo", on: cas, group: group, address: $"http://turns.example:{kitchen.Stranger.Port}/hook");
        resolved = Stranger.Private;

        await cas.SayAsync(group, "@Echo?");

        Assert.Contains("nobody answered", await kitchen.FailureAsync("Echo", cas, group), StringComparison.Ordinal);
        Assert.Empty(kitchen.Stranger.Asked);
    }

    [Fact]
    public async Task However_many_hang_the_others_are_called_at_once()
    {
        await using var hanging = await Kitchen.OpenAsync(Stranger.Reached(patience: TimeSpan.FromMinutes(2)));
        var go = new TaskCompletionSource();
        hanging.Stranger.Answers("/hang", _ => go.Task);
        hanging.Stranger.Answers("/quick", http => http.Response.WriteAsJsonAsync(new { content = "at once" }));
        for (var i = 1; i < BotStore.Most; i++)
            await hanging.MakeAsync($"hang{i}", "/hang");
        await hanging.MakeAsync("quick", "/quick");
        await using var tab = await hanging.Ann.ConnectAsync();
        await tab.OpenAsync(hanging.Room);
        await hanging.Ann.SayAsync(hanging.Room, string.Join(' ', Enumerable.Range(1, BotStore.Most - 1).Select(i => $"@hang{i}")));
        await UntilAsync(() => hanging.Stranger.Asked.Count(a => a.Path == "/hang") == BotStore.Most - 1); // they hang, each in its place

        await hanging.Ann.SayAsync(hanging.Room, "@quick");

        await tab.NextAsync(f => f.Contains("at once", StringComparison.Ordinal));
        go.SetResult();
    }

    [Fact]
    public async Task Who_hangs_is_left_alone_and_called_again_at_another_address()
    {
        await using var hanging = await Kitchen.OpenAsync(Stranger.Reached(patience: TimeSpan.FromMilliseconds(200)));
        var times = new ConcurrentQueue<DateTimeOffset>();
        var go = new TaskCompletionSource();
        hanging.Stranger.Answers("/hang", _ =>
        {
            times.Enqueue(DateTimeOffset.UtcNow);
            return go.Task;
        });
        hanging.Stranger.Answers("/well", http => http.Response.WriteAsJsonAsync(new { content = "well again" }));
        await hanging.MakeAsync("Echo", "/hang");
        await using var tab = await hanging.Ann.ConnectAsync();
        await tab.OpenAsync(hanging.Room);

        foreach (var words in new[] { "@echo one", "@echo two", "@echo three", "@echo four" })
            await hanging.Ann.SayAsync(hanging.Room, words);
        await UntilAsync(() => times.Count == 3);

        var called = times.ToList();
        Assert.True(called[1] - called[0] >= Rests.Shortest, $"{called[1] - called[0]}");
        Assert.True(called[2] - called[1] >= 2 * Rests.Shortest, $"{called[2] - called[1]}");
        await hanging.Ann.SubmitAsync($"/rooms/{hanging.Room}/bots/Echo", "Save", ("Webhook address", hanging.Stranger.At("/well").AbsoluteUri));
        await tab.NextAsync(f => f.Contains("well again", StringComparison.Ordinal));
        Assert.Equal(3, times.Count);
        go.SetResult();
    }

    [Fact]
    public async Task A_slow_program_holds_up_no_other_and_what_piles_up_is_dropped_and_said()
    {
        var go = new TaskCompletionSource();
        kitchen.Stranger.Answers("/slow", _ => go.Task);
        kitchen.Stranger.Answers("/quick", http => http.Response.WriteAsJsonAsync(new { content = "at once" }));
        await kitchen.MakeAsync("slow", "/slow");
        await kitchen.MakeAsync("quick", "/quick");
        await using var tab = await ann.ConnectAsync();
        await tab.OpenAsync(room);
        var token = await ann.TokenAsync();
        for (var i = 0; i < Webhooks.MostOfOne + 3; i++)
            await ann.SayAsync(room, $"@slow {i}", token);

        await ann.SayAsync(room, "@quick", token);

        await tab.NextAsync(f => f.Contains("at once", StringComparison.Ordinal));
        Assert.Contains("too many calls at once", await kitchen.FailureAsync("slow"), StringComparison.Ordinal);
        go.SetResult();
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!isSo())
            await Task.Delay(20, limit.Token);
    }
}
