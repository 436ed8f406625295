using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebChat.Accounts.Push;
using WebChat.Rooms;
using WebChat.Tests.Accounts.Push;
using WebChat.Tests.Messages.Links;

namespace WebChat.Tests.Messages.Notices;

/// <summary>From a post to a push service of the test's own, which reads as the browser would. A socket is an open page; without one there is none.</summary>
public sealed class PushTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<Pushed> pushed = Channel.CreateUnbounded<Pushed>();
    private readonly ConcurrentQueue<string> logged = [];
    private readonly ConcurrentQueue<int> answers = [];
    private Stranger service = null!;
    private App app = null!;

    public async Task InitializeAsync()
    {
        service = await Stranger.StartAsync();
        app = Make("0.2");
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        await service.DisposeAsync();
    }

    [Fact]
    public async Task A_message_reaches_the_browser_of_one_who_has_no_page_open_and_only_theirs()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        using var cas = await app.SignUpAsync("cas");
        using var bens = await SubscribeAsync(ben, "/ben");
        using var anns = await SubscribeAsync(ann, "/ann");
        using var others = await SubscribeAsync(cas, "/cas");

        var seq = await ann.SayAsync(room, "tea at *four*?");

        var (path, headers, body) = await NextAsync();
        Assert.Equal("/ben", path);
        Assert.Equal(("aes128gcm", "86400", "high"), (headers.ContentEncoding.ToString(), headers["TTL"].ToString(), headers["Urgency"].ToString()));
        Assert.Matches("^[A-Za-z0-9_-]{32}$", headers["Topic"].ToString());
        Assert.Equal(service.Address, PushMessageTests.Believe(headers.Authorization.ToString()).GetProperty("aud").GetString());
        using var said = JsonDocument.Parse(bens.Read(body));
        Assert.Equal((room.ToString(), seq, "ann", "tea at four?", 1), (said.RootElement.GetProperty("room").GetString(), said.RootElement.GetProperty("seq").GetInt64(),
            said.RootElement.GetProperty("title").GetString(), said.RootElement.GetProperty("body").GetString(), said.RootElement.GetProperty("unread").GetInt32()));
        Assert.Empty(await RestAsync(ann));
        Assert.DoesNotContain(logged, line => line.Contains("tea at", StringComparison.Ordinal) || line.Contains(bens.AuthText, StringComparison.Ordinal));
        Assert.NotEmpty(logged);
    }

    [Fact]
    public async Task One_with_a_page_open_is_called_there_and_not_pushed_to()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        using var bens = await SubscribeAsync(ben, "/ben");
        using var elsewhere = new Person(app, "ben", "en");
        await elsewhere.SignInAsync();
        using var phones = await SubscribeAsync(elsewhere, "/phone");
        await using var page = await ben.ConnectAsync();

        var seq = await ann.SayAsync(room, "look here");

        using var notice = JsonDocument.Parse(await page.NextAsync(f => f.StartsWith("{\"notice\"", StringComparison.Ordinal)));
        var told = notice.RootElement.GetProperty("notice");
        Assert.Equal((room.ToString(), seq), (told.GetProperty("room").GetString(), told.GetProperty("seq").GetInt64()));
        foreach (var language in new[] { "en", "zh-Hans" })
            Assert.Equal(("ann", "look here"), (told.GetProperty(language).GetProperty("title").GetString(), told.GetProperty(language).GetProperty("body").GetString()));
        Assert.Equal("/phone", (await NextAsync()).Path); // another device of theirs, without a page
        Assert.Empty(await RestAsync(ann));
    }

    [Fact]
    public async Task What_is_read_before_the_others_are_woken_wakes_none()
    {
        await app.DisposeAsync();
        app = Make("3");
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        using var bens = await SubscribeAsync(ben, "/ben");
        using var elsewhere = new Person(app, "ben", "en");
        await elsewhere.SignInAsync();

        await ann.SayAsync(room, "quick one");
        await elsewhere.GetPageAsync($"/rooms/{room}");
        var seq = await ann.SayAsync(room, "slow one");

        using var said = JsonDocument.Parse(bens.Read((await NextAsync()).Body));
        Assert.Equal(seq, said.RootElement.GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Without_the_text_it_says_who_and_where_only()
    {
        using var ann = await app.SignUpAsync("ann");
        using var ben = await app.SignUpAsync("ben");
        ben.Http.DefaultRequestHeaders.AcceptLanguage.Clear();
        ben.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        var group = await ann.NewGroupAsync("Saturday Walkers");
        await app.Get<MemberStore>().JoinAsync(group, await ben.IdAsync(), 0, _ => { });
        using var bens = await SubscribeAsync(ben, "/ben");
        await ben.Http.PostAsync("/me/notifications", new FormUrlEncodedContent([new("__RequestVerificationToken", await ben.TokenAsync("/me/notifications"))]));

        await ann.SayAsync(group, "the secret place");

        var (_, headers, body) = await NextAsync();
        using var said = JsonDocument.Parse(bens.Read(body));
        Assert.Equal(("ann · Saturday Walkers", "新消息", "normal"), (said.RootElement.GetProperty("title").GetString(), said.RootElement.GetProperty("body").GetString(), headers["Urgency"].ToString()));
    }

    [Fact]
    public async Task However_long_names_and_words_are_it_fits()
    {
        using var ann = await app.SignUpAsync("ann");
        using var ben = await app.SignUpAsync("ben");
        var family = "👨‍👩‍👧‍👦";
        var group = await ann.NewGroupAsync(string.Concat(Enumerable.Repeat(family, 40)));
        await app.Get<MemberStore>().JoinAsync(group, await ben.IdAsync(), 0, _ => { });
        using var bens = await SubscribeAsync(ben, "/ben");

        await ann.SayAsync(group, string.Concat(Enumerable.Repeat(family, 200)));

        var text = bens.Read((await NextAsync()).Body);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(text), 1000, PushMessage.MostBytes);
        using var said = JsonDocument.Parse(text);
        Assert.StartsWith("ann · 👨‍👩‍👧‍👦", said.RootElement.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.StartsWith(family, said.RootElement.GetProperty("body").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_it_and_so_does_a_new_password_and_the_switch()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        using var first = await SubscribeAsync(ben, "/first");
        await ben.SubmitAsync("/me", "Sign out");
        await ann.SayAsync(room, "signed out");
        Assert.Empty(await RestAsync(ann));
        await ben.SignInAsync();
        using var second = await SubscribeAsync(ben, "/second");
        await ben.SubmitAsync("/me/security", "Change password", ("Current password", App.Password), ("New password", "another tide altogether"));
        await ann.SayAsync(room, "new password");
        Assert.Empty(await RestAsync(ann));
        using var third = await SubscribeAsync(ben, "/third");
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(ben, "unsubscribe", ("endpoint", service.At("/third").ToString()))).StatusCode);
        await ann.SayAsync(room, "switched off");

        Assert.Empty(await RestAsync(ann));
    }

    [Fact]
    public async Task A_silenced_room_and_a_blocked_person_push_nothing_and_one_who_was_removed_hears_no_more()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        var group = await ann.NewGroupAsync("Walkers");
        await app.Get<MemberStore>().JoinAsync(group, await ben.IdAsync(), 0, _ => { });
        using var bens = await SubscribeAsync(ben, "/ben");
        await ben.SubmitAsync($"/rooms/{room}/notifications", "Save", ("Nothing", "Nothing"));
        await ann.SayAsync(room, "silenced");
        var page = await ann.GetPageAsync($"/rooms/{group}/members");
        await ann.Http.PostAsync($"/rooms/{group}/remove", new FormUrlEncodedContent(
            [new("member", page.QuerySelector("input[name=member]")!.GetAttribute("value")!), new("__RequestVerificationToken", await ann.TokenAsync())]));
        await ann.SayAsync(group, "@ben is gone");
        Assert.Empty(await RestAsync(ann));
        await ben.SubmitAsync($"/rooms/{room}/notifications", "Save", ("All messages", "All"));
        await ben.SubmitAsync("/people/ann/block", "Block");

        await ann.SayAsync(room, "blocked");

        Assert.Empty(await RestAsync(ann));
    }

    [Fact]
    public async Task What_was_recalled_gives_way_to_words_that_say_so()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        using var bens = await SubscribeAsync(ben, "/ben");
        var seq = await ann.SayAsync(room, "a mistake");
        var first = await NextAsync();

        await ann.ActAsync(room, seq, "recall");

        var second = await NextAsync();
        Assert.Equal(first.Headers["Topic"].ToString(), second.Headers["Topic"].ToString());
        using var said = JsonDocument.Parse(bens.Read(second.Body));
        Assert.Equal((seq, "Message recalled", true), (said.RootElement.GetProperty("seq").GetInt64(), said.RootElement.GetProperty("body").GetString(), said.RootElement.GetProperty("isGone").GetBoolean()));
        Assert.DoesNotContain("mistake", bens.Read(second.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_recalled_before_it_was_pushed_is_never_pushed()
    {
        await app.DisposeAsync();
        app = Make("3");
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        using var bens = await SubscribeAsync(ben, "/ben");

        await ann.ActAsync(room, await ann.SayAsync(room, "a mistake"), "recall");

        Assert.Empty(await RestAsync(ann));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_browser_that_its_service_does_not_know_any_more_is_forgotten(int status)
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        using var bens = await SubscribeAsync(ben, "/ben");
        answers.Enqueue(status);
        await ann.SayAsync(room, "are you there?");
        await NextAsync();
        Assert.Empty(await RestAsync(ann));

        await ann.SayAsync(room, "no?");

        Assert.Empty(await RestAsync(ann));
    }

    [Fact]
    public async Task One_that_has_no_time_is_asked_again()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        using var bens = await SubscribeAsync(ben, "/ben", retryAfter: "0");
        answers.Enqueue(503);

        await ann.SayAsync(room, "again");

        Assert.Equal(bens.Read((await NextAsync()).Body), bens.Read((await NextAsync()).Body));
    }

    [Theory]
    [InlineData("https://push.example.org/1")] // these rules take http alone
    [InlineData("http://10.0.0.1/1")]
    [InlineData("http://127.0.0.1/1")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("")]
    public async Task A_browser_that_is_where_it_cannot_be_is_refused(string endpoint)
    {
        using var ann = await app.SignUpAsync("ann");
        using var keys = new Receiver();

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(ann, "subscribe", ("endpoint", endpoint), ("p256dh", keys.P256dhText), ("auth", keys.AuthText))).StatusCode);
        Assert.Empty(service.AskedInPrivate);
    }

    [Fact]
    public async Task Anothers_browser_cannot_be_taken_or_removed_and_keys_must_be_keys()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        using var bens = await SubscribeAsync(ben, "/ben");
        using var mine = new Receiver();
        var endpoint = service.At("/ben").ToString();

        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(ann, "subscribe", ("endpoint", endpoint), ("p256dh", mine.P256dhText), ("auth", mine.AuthText))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(ann, "unsubscribe", ("endpoint", endpoint))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(ann, "unsubscribe", ("endpoint", "http://nowhere"))).StatusCode);
        foreach (var (p256dh, auth) in new[] { ("", mine.AuthText), (mine.AuthText, mine.AuthText), (mine.P256dhText, ""), (mine.P256dhText, mine.P256dhText), ("!", "!"), (mine.P256dhText[..^2] + "AA", mine.AuthText) })
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(ann, "subscribe", ("endpoint", service.At("/mine").ToString()), ("p256dh", p256dh), ("auth", auth))).StatusCode);
        using var noToken = new HttpRequestMessage(HttpMethod.Post, "/me/notifications/unsubscribe") { Content = new FormUrlEncodedContent([new("endpoint", endpoint)]) };
        Assert.Equal(HttpStatusCode.BadRequest, (await ben.Http.SendAsync(noToken)).StatusCode);
        using var nobody = app.Visitor();
        Assert.NotEqual(HttpStatusCode.OK, (await nobody.Http.GetAsync("/me/notifications")).StatusCode);

        await ann.SayAsync(room, "still yours");
        Assert.Contains("still yours", bens.Read((await NextAsync()).Body), StringComparison.Ordinal);
    }

    /// <param name="after">Seconds that others have to read it before a browser is woken.</param>
    private App Make(string after) => new(
        services =>
        {
            services.AddSingleton(Stranger.Reached());
            services.AddSingleton(new PushRules { Schemes = ["http"] });
            services.AddSingleton(_ => LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Lines(logged))));
        }, ("WebChat:Push:AfterSeconds", after));

    private async Task<Receiver> SubscribeAsync(Person person, string path, string? retryAfter = null)
    {
        service.Answers(path, async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            http.Response.StatusCode = answers.TryDequeue(out var status) ? status : StatusCodes.Status201Created;
            if (retryAfter is not null)
                http.Response.Headers.RetryAfter = retryAfter;
            var headers = new HeaderDictionary();
            foreach (var (name, value) in http.Request.Headers)
                headers[name] = value;
            pushed.Writer.TryWrite(new Pushed(http.Request.Path, headers, body.ToArray()));
        });
        var receiver = new Receiver();
        var answer = await PostAsync(person, "subscribe", ("endpoint", service.At(path).ToString()), ("p256dh", receiver.P256dhText), ("auth", receiver.AuthText));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return receiver;
    }

    private static async Task<HttpResponseMessage> PostAsync(Person person, string what, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/me/notifications/{what}") { Content = new FormUrlEncodedContent(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))) };
        request.Headers.Add("RequestVerificationToken", await person.TokenAsync());
        return await person.Http.SendAsync(request);
    }

    private Task<Pushed> NextAsync() => pushed.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>What is pushed of everything that was said before this, besides: when a later word to a witness has come, and one after that, nothing is under way any more.</summary>
    private async Task<List<Pushed>> RestAsync(Person person)
    {
        using var witness = await app.SignUpAsync("w" + Guid.NewGuid().ToString("N")[..8]);
        var own = await witness.BefriendAsync(person);
        var path = $"/{witness.Account}";
        using var receiver = await SubscribeAsync(witness, path);
        var rest = new List<Pushed>();
        for (var round = 0; round < 2; round++)
        {
            await person.SayAsync(own, "so much for that");
            while (await NextAsync() is var next && next.Path != path)
                rest.Add(next);
        }
        return rest;
    }

    private sealed record Pushed(string Path, IHeaderDictionary Headers, byte[] Body);

    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
