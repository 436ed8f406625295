using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Accounts.Push;

/// <summary>Something for a browser that has no page open.</summary>
/// <param name="To">Which.</param>
/// <param name="Text">What, as the page's service worker reads it: JSON.</param>
/// <param name="About">What it is about: of several that wait at the push service about the same, the last one is delivered.</param>
/// <param name="IsUrgent">Somebody waits for this very person.</param>
/// <param name="IsMeant">Asked before each try: false where it is no more for them.</param>
internal sealed record PushNote(PushSubscription To, byte[] Text, string About, bool IsUrgent, Func<Task<bool>> IsMeant);

/// <summary>
/// Hands notes to push services, several at once, beside everything else. What a service takes too long for is tried twice more; a
/// subscription that it does not know any more is forgotten.
/// </summary>
internal sealed partial class PushSender(PushStore store, Outside outside, PushRules rules, IOptions<PushOptions> options, TimeProvider clock, ILogger<PushSender> logger) : BackgroundService
{
    /// <summary>Notes that wait; more are dropped.</summary>
    private const int MostWaiting = 16384;

    private const int AtOnce = 16;
    private const int MostTries = 3;
    private const int MostAgain = 512;
    private const int MostFailures = 10;

    /// <summary>How long a service keeps a note for a browser that is away.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    private readonly Channel<(PushNote Note, int Tries)> waiting = Channel.CreateBounded<(PushNote, int)>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });
    // Where nothing was taken of late, and until when it is left alone: who hangs or refuses must not hold up the others.
    private readonly ConcurrentDictionary<string, (int Failures, DateTimeOffset Until)> resting = new(StringComparer.Ordinal);
    private int again;

    /// <summary>False where nothing is pushed at all.</summary>
    public bool IsOn => options.Value.On;

    /// <inheritdoc cref="PushOptions.AfterSeconds"/>
    public TimeSpan After => TimeSpan.FromSeconds(options.Value.AfterSeconds);

    /// <summary>Notes what is to be sent. Never waits.</summary>
    public void Send(PushNote note)
    {
        if (IsOn)
            waiting.Writer.TryWrite((note, 1));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            await foreach (var (note, tries) in waiting.Reader.ReadAllAsync(stoppingToken))
            {
                try
                {
                    await SendAsync(note, tries, stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    Log.NotSent(logger, note.To.UserId, error);
                }
            }
        }));

    private async Task SendAsync(PushNote note, int tries, CancellationToken stop)
    {
        // The queue may be long, and who signed out meanwhile is told nothing.
        if (tries == 1 && resting.TryGetValue(note.To.Endpoint, out var rest) && rest.Until > clock.GetUtcNow())
            return;
        if (rules.Address(note.To.Endpoint, outside) is not { } address || !await store.IsThereAsync(note.To) || !await note.IsMeant())
            return;
        var key = await store.KeyAsync();
        using var body = new ByteArrayContent(PushMessage.Encrypt(note.Text, note.To.P256dh, note.To.Auth));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        body.Headers.ContentEncoding.Add("aes128gcm");
        var answer = await outside.PostAsync(address, body, headers =>
        {
            headers.TryAddWithoutValidation("Authorization", key.Authorization(address, options.Value.Contact ?? note.To.Site, clock.GetUtcNow()));
            headers.TryAddWithoutValidation("TTL", FormattableString.Invariant($"{Kept.TotalSeconds:0}"));
            headers.TryAddWithoutValidation("Topic", key.Disguise($"{note.To.Endpoint} {note.About}"));
            headers.TryAddWithoutValidation("Urgency", note.IsUrgent ? "high" : "normal");
        }, most: 0, stop);
        Meters.Pushes.Add(1, new KeyValuePair<string, object?>("status", answer.Status));
        if (answer.IsSuccess)
            resting.TryRemove(note.To.Endpoint, out _);
        else if (answer.Status is StatusCodes.Status404NotFound or StatusCodes.Status410Gone || Rest(note.To.Endpoint) > MostFailures)
            await ForgetAsync(note.To);
        else if ((answer.Status is 0 or StatusCodes.Status429TooManyRequests or >= 500) && answer.Outcome != OutsideOutcome.NotAllowed && tries < MostTries)
            _ = SendAgainAsync(note, tries + 1, answer.RetryAfter?.Delta, stop);
        else
            Log.Refused(logger, address.Host, answer.Status);
    }

    /// <returns>How often in a row nothing was taken there.</returns>
    private int Rest(string endpoint) => resting.AddOrUpdate(
        endpoint, _ => (1, clock.GetUtcNow() + Pause), (_, rest) => (rest.Failures + 1, clock.GetUtcNow() + TimeSpan.FromTicks(Math.Min(LongestRest.Ticks, Pause.Ticks << Math.Min(rest.Failures, 12))))).Failures;

    private Task ForgetAsync(PushSubscription gone)
    {
        resting.TryRemove(gone.Endpoint, out _);
        return store.ForgetAsync(gone);
    }

    private async Task SendAgainAsync(PushNote note, int tries, TimeSpan? wait, CancellationToken stop)
    {
        if (Interlocked.Increment(ref again) <= MostAgain)
        {
            var pause = wait is null ? Pause * tries : wait < LongestPause ? wait.Value : LongestPause;
            await Task.Delay(pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            waiting.Writer.TryWrite((note, tries));
        }
        Interlocked.Decrement(ref again);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A notification for user {User} could not be sent")]
        public static partial void NotSent(ILogger logger, long user, Exception error);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The push service {Host} did not take a notification: {Status}")]
        public static partial void Refused(ILogger logger, string host, int status);
    }
}
