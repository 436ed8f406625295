using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Accounts.Exporting;

/// <summary>Everything that is somebody's own, as one zip file. Each feature adds its part; nothing is gathered, all of it goes as it is read.</summary>
internal sealed class Exports(RateLimits rates, IOptionsMonitor<Limits> limits)
{
    private readonly ConcurrentDictionary<long, bool> running = new();

    /// <summary>What goes into it, in this order.</summary>
    public List<Func<Export, Task>> Parts { get; } = [];

    /// <summary>Begins one, where none of this user's is under way at this node and they had not too many lately.</summary>
    /// <returns>Null when it may begin: <see cref="End"/> it. Else after how long to try again.</returns>
    public async Task<TimeSpan?> BeginAsync(long userId)
    {
        if (!running.TryAdd(userId, true))
            return TimeSpan.FromMinutes(1);
        if (await rates.TakeAsync("export", userId.ToString(CultureInfo.InvariantCulture), limits.CurrentValue.ExportsPerHour, TimeSpan.FromHours(1)) is not { } wait)
            return null;
        End(userId);
        return wait;
    }

    public void End(long userId) => running.TryRemove(userId, out _);

    public async Task WriteAsync(long userId, Stream output, CancellationToken cancel)
    {
        await using var held = new HeldWrites(output);
        await using (var zip = await ZipArchive.CreateAsync(held, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel))
        {
            foreach (var part in Parts)
                await part(new Export(zip, userId, cancel));
        }
        await held.FlushAsync(cancel);
    }
}
