using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Shared;

/// <summary>Metrics on their way to a collector, which is a small one of the test's own.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task A_collector_that_is_named_is_handed_the_metrics_of_the_house_and_of_what_it_stands_on()
    {
        var taken = new ConcurrentQueue<string>();
        await using var collector = await CollectAsync(http => http.Request.Path == "/v1/metrics" ? taken : null);
        await using var node = await Instance.StartAsync(Instance.Built, Instance.Project,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"), ("OTEL_SERVICE_NAME", "harbour"), ("WebChat__Shutdown__PauseSeconds", "0"));
        using var ann = new Person(node.Address, "measured");
        await ann.SetUpAsync();
        var room = await ann.NewGroupAsync("Walkers");
        await ann.SayAsync(room, "not for a collector to read");

        string[] expected = ["webchat.posts", "webchat.connections", "http.server.request.duration", "kestrel.active_connections", "dotnet.gc.collections", "harbour"];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (expected.FirstOrDefault(name => !taken.Any(t => t.Contains(name, StringComparison.Ordinal))) is { } missing)
        {
            Assert.False(limit.IsCancellationRequested, $"{missing} did not come");
            await Task.Delay(20, CancellationToken.None); // until the next is handed over
        }

        var all = string.Concat(taken);
        foreach (var secret in new[] { "not for a collector", "measured", room.ToString(System.Globalization.CultureInfo.InvariantCulture) })
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_away_holds_nobody_up()
    {
        await using var node = await Instance.StartAsync(Instance.Built, Instance.Project,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{Ports.Free()}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "100"), ("WebChat__Shutdown__PauseSeconds", "0"));
        using var ann = new Person(node.Address, "ann");
        await ann.SetUpAsync();

        await node.TerminateAsync();

        Assert.Equal(0, await node.ExitedAsync());
        Assert.DoesNotContain("fail:", node.Log, StringComparison.Ordinal);
    }

    /// <summary>A server that keeps what it is handed, where it is wanted.</summary>
    private static async Task<WebApplication> CollectAsync(Func<HttpContext, ConcurrentQueue<string>?> to)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Ports.Free()}");
        var app = builder.Build();
        app.Run(async http =>
        {
            using var body = new StreamReader(http.Request.Body, Encoding.Latin1);
            to(http)?.Enqueue(await body.ReadToEndAsync());
        });
        await app.StartAsync();
        return app;
    }
}
