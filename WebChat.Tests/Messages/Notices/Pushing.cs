using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebChat.Accounts.Push;
using WebChat.Tests.Accounts.Push;
using WebChat.Tests.Messages.Links;

namespace WebChat.Tests.Messages.Notices;

/// <summary>An app, and a push service of the test's own that keeps what it is handed.</summary>
internal sealed class Pushing : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<Pushed> pushed = Channel.CreateUnbounded<Pushed>();

    private Pushing(Stranger service, string after) => (Service, App) = (service, new App(
        services =>
        {
            services.AddSingleton(Stranger.Reached());
            services.AddSingleton(new PushRules { Schemes = ["http"] });
            services.AddSingleton(_ => LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Lines(Logged))));
        }, ("WebChat:Push:AfterSeconds", after)));

    public Stranger Service { get; }

    public App App { get; }

    /// <summary>What the service answers in place of 201, the next ones first.</summary>
    public ConcurrentQueue<int> Answers { get; } = [];

    public ConcurrentQueue<string> Logged { get; } = [];

    /// <param name="after">Seconds that others have to read it before a browser is woken.</param>
    public static async Task<Pushing> StartAsync(string after = "0.2") => new(await Stranger.StartAsync(), after);

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Service.DisposeAsync();
    }

    /// <summary>A browser of this person's, reached at a path of the service.</summary>
    public async Task<Receiver> SubscribeAsync(Person person, string path, string? retryAfter = null)
    {
        Service.Answers(path, async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            http.Response.StatusCode = Answers.TryDequeue(out var status) ? status : StatusCodes.Status201Created;
            if (retryAfter is not null)
                http.Response.Headers.RetryAfter = retryAfter;
            var headers = new HeaderDictionary();
            foreach (var (name, value) in http.Request.Headers)
                headers[name] = value;
            pushed.Writer.TryWrite(new Pushed(http.Request.Path, headers, body.ToArray()));
        });
        var receiver = new Receiver();
        var answer = await PostAsync(person, "subscribe", ("endpoint", Service.At(path).ToString()), ("p256dh", receiver.P256dhText), ("auth", receiver.AuthText));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return receiver;
    }

    public static async Task<HttpResponseMessage> PostAsync(Person person, string what, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/me/notifications/{what}") { Content = new FormUrlEncodedContent(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))) };
        request.Headers.Add("RequestVerificationToken", await person.TokenAsync());
        return await person.Http.SendAsync(request);
    }

    public Task<Pushed> NextAsync() => pushed.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>What is pushed of everything that was said before this, besides: when a later word to a witness has come, and one after that, nothing is under way any more.</summary>
    public async Task<List<Pushed>> RestAsync(Person person)
    {
        using var witness = await App.SignUpAsync("w" + Guid.NewGuid().ToString("N")[..8]);
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
}

/// <summary>What the service was handed.</summary>
internal sealed record Pushed(string Path, IHeaderDictionary Headers, byte[] Body);
