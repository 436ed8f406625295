using WebChat.Live;
using WebChat.Rooms;

namespace WebChat.Messages;

/// <summary>With several nodes: ends feeds of rooms whose reader lost them at another node, should its word have been lost.</summary>
internal sealed partial class RightsWatch(Connections connections, MemberStore members, TimeProvider clock, ILogger<RightsWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var open = connections.All.Where(t => t.Open is not null).Select(t => (Room: t.Open ?? 0, User: t.Reader.UserId)).ToHashSet();
                open.ExceptWith(await members.ReadersAsync(open));
                foreach (var (room, user) in open)
                    connections.CloseRoomHere(user, room);
            }
            catch (Exception error) // whatever it is, the node goes on, and the next check makes up for it
            {
                Log.NotChecked(logger, error);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Whether readers may go on reading could not be checked")]
        public static partial void NotChecked(ILogger logger, Exception error);
    }
}
