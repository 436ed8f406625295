using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebChat.Shared;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Messages.Links;

/// <summary>
/// Somebody else's web server, at two addresses of this machine: the one stands for the public's, the other is the private one that
/// nobody may be led to.
/// </summary>
internal sealed class Stranger : IAsyncDisposable
{
    public static readonly IPAddress Public = IPAddress.Parse("127.0.0.2");
    public static readonly IPAddress Private = IPAddress.Loopback;

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, RequestDelegate> answers = new(StringComparer.Ordinal);

    private Stranger()
    {
        Port = Ports.Free();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(Public, Port);
            kestrel.Listen(Private, Port);
        });
        app = builder.Build();
        app.Run(http =>
        {
            Asked.Enqueue(new Question(http.Connection.LocalIpAddress!, http.Request.Path, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            return answers.TryGetValue(http.Request.Path, out var answer) ? answer(http) : Task.CompletedTask;
        });
    }

    public int Port { get; }

    public string Address => $"http://{Public}:{Port}";

    public ConcurrentQueue<Question> Asked { get; } = [];

    public IEnumerable<Question> AskedInPrivate => Asked.Where(a => a.At.Equals(Private));

    public static async Task<Stranger> StartAsync()
    {
        var stranger = new Stranger();
        await stranger.app.StartAsync();
        return stranger;
    }

    /// <summary>What reaches this one's public address, and finds every name there but those given.</summary>
    public static Outside Reached(Func<string, IPAddress[]>? resolve = null, TimeSpan? patience = null) =>
        new(Public.Equals, _ => true, (name, _) => Task.FromResult(resolve?.Invoke(name) ?? Dns.GetHostAddresses(name)), patience);

    public Uri At(string path) => new(Address + path);

    public void Answers(string path, RequestDelegate answer) => answers[path] = answer;

    public void Answers(string path, string page, string type = "text/html; charset=utf-8") => Answers(path, System.Text.Encoding.UTF8.GetBytes(page), type);

    public void Answers(string path, byte[] body, string? type) => Answers(path, http =>
    {
        http.Response.ContentType = type;
        return http.Response.Body.WriteAsync(body).AsTask();
    });

    public void Sends(string path, string to, int status = 302) => Answers(path, http =>
    {
        (http.Response.StatusCode, http.Response.Headers.Location) = (status, to);
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    internal sealed record Question(IPAddress At, string Path, IReadOnlyDictionary<string, string> Headers);
}
