using System.Collections.Concurrent;
using System.Text.Json;
using WebChat.Accounts.Proof;
using WebChat.Live;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Admin.Figures;

/// <summary>
/// The dashboards that are open at this node: each is shown every sample, by one who is an administrator at that moment. While none is
/// open nothing is put together, and nobody is asked. A tab opens it by <c>{"dashboard":""}</c> or a node's id; for anybody else there is no such action.
/// </summary>
internal sealed partial class Watchers(Dashboard dashboard, AdministratorStore administrators, Fragments fragments, TimeProvider clock, ILogger<Watchers> logger)
{
    public const string View = "/Admin/Figures/_Figures.cshtml";

    private const int LongestId = 64;

    private readonly ConcurrentDictionary<Connection, string> open = new();
    private int isShowing;

    /// <summary>Makes this follow samples and sockets.</summary>
    public void Follow(Sampler sampler, Connections connections)
    {
        sampler.Taken += () =>
        {
            if (!open.IsEmpty)
                _ = ShowAsync();
        };
        connections.Disconnected += tab => open.TryRemove(tab, out _);
    }

    /// <returns>False for who is no administrator: then there is no such action.</returns>
    public async ValueTask<bool> OpenAsync(Connection tab, JsonElement frame)
    {
        if (!(await administrators.AmongAsync([tab.Reader.UserId])).Contains(tab.Reader.UserId))
            return false;
        // Who would be asked for the password by the page sees nothing here; what is open stays open, as the page does.
        var since = clock.Now() - (long)PasswordProof.GoodFor.TotalMilliseconds;
        if (frame.GetProperty("dashboard") is { ValueKind: JsonValueKind.String } node && node.GetString() is { Length: <= LongestId } id && await administrators.IsProvedAsync(tab.Reader.SessionId, since))
            open[tab] = id;
        else
            open.TryRemove(tab, out _);
        if (tab.IsClosing)
            open.TryRemove(tab, out _); // it may have gone before it was put there
        return true;
    }

    /// <summary>Shows it to all; one that takes longer than a sample leaves some out.</summary>
    private async Task ShowAsync()
    {
        if (Interlocked.Exchange(ref isShowing, 1) == 1)
            return;
        try
        {
            var may = await administrators.AmongAsync(open.Keys.Select(t => t.Reader.UserId).Distinct().ToList());
            foreach (var (tab, _) in open.Where(o => !may.Contains(o.Key.Reader.UserId)))
                open.TryRemove(tab, out _);
            foreach (var view in open.GroupBy(o => (Node: o.Value, o.Key.Reader.Language)))
            {
                var frame = Frame.Text(await fragments.RenderAsync(View, await dashboard.ReadAsync(view.Key.Node), view.Key.Language));
                foreach (var (tab, _) in view)
                    tab.Send(frame);
            }
        }
        catch (StorageUnavailableException)
        {
            // Who may see it cannot be known now, so nobody is shown anything.
        }
        catch (Exception error)
        {
            Log.NotShown(logger, error);
        }
        finally
        {
            Volatile.Write(ref isShowing, 0);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Open dashboards could not be shown the newest figures")]
        public static partial void NotShown(ILogger logger, Exception error);
    }
}
