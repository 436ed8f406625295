namespace WebChat.Live;

/// <summary>Tells every tab that the line is alive, so that a tab which hears nothing knows that it is not.</summary>
internal sealed class Ticker(Connections connections, TimeProvider clock) : BackgroundService
{
    /// <summary>A tab that has heard nothing for twice this long connects anew.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var tick = Frame.Json(json => json.WriteNumber("tick", clock.GetUtcNow().ToUnixTimeMilliseconds()));
            foreach (var connection in connections.Pages)
                connection.Send(tick);
        }
    }
}
