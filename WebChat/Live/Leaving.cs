using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WebChat.Live;

/// <summary>How a node goes, under <c>WebChat:Shutdown</c>.</summary>
internal sealed record ShutdownOptions
{
    /// <summary>How long it still takes requests while it says that it is not ready, so that whoever sends them can look elsewhere.</summary>
    [Range(0, 20)] public double PauseSeconds { get; init; } = 2;

    /// <summary>How long all of it may take. Less than what the outside waits before it kills: 30 seconds as a rule.</summary>
    [Range(1, 300)] public double MostSeconds { get; init; } = 20;
}

/// <summary>
/// The first thing on SIGTERM, while everything still answers: readiness is 503 for a moment, and then each socket is told to come back
/// to another node. After it the server stops to listen, and finishes what it has begun.
/// </summary>
internal sealed class Leaving(Connections connections, IHostApplicationLifetime lifetime, IOptions<ShutdownOptions> options, TimeProvider clock) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        lifetime.StopApplication(); // it may be the host that was stopped: readiness asks the lifetime
        await Task.Delay(TimeSpan.FromSeconds(options.Value.PauseSeconds), clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        connections.CloseAll();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
