using System.Threading.Channels;
using Microsoft.Extensions.Options;
using WebChat.Media;
using WebChat.Messages.Formatting;
using WebChat.Messages.Kinds;
using WebChat.Rooms;

namespace WebChat.Messages.Links;

/// <summary>Whether links get cards, under <c>WebChat:Links</c>.</summary>
internal sealed record LinkCardOptions
{
    /// <summary>False where the server is to ask no other house for anything.</summary>
    public bool Cards { get; init; } = true;
}

/// <summary>
/// Looks at the page behind a message that is an address and nothing else, and gives the message a card: a change like any
/// other, so it comes live, and again to whoever was away. What cannot be had is left; the address stands in the message anyway.
/// </summary>
internal sealed partial class LinkCards(
    LinkFetcher fetcher, FilePosting files, ChangeStore changes, IOptions<LinkCardOptions> options, ILogger<LinkCards> logger) : BackgroundService
{
    /// <summary>Messages that wait to be looked at; more go without a card.</summary>
    private const int MostWaiting = 256;

    private const int AtOnce = 4;

    private readonly Channel<StoredMessage> waiting = Channel.CreateBounded<StoredMessage>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Notes a message that was posted. Never waits.</summary>
    public void Offer(StoredMessage message)
    {
        if (options.Value.Cards && message is { IsChange: false, Kind: MessageKind.Text } && IsAddress(message.Body))
            waiting.Writer.TryWrite(message);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            await foreach (var message in waiting.Reader.ReadAllAsync(stoppingToken))
            {
                try
                {
                    await GiveAsync(message, stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    Log.NotGiven(logger, message.Room, message.Seq, error);
                }
            }
        }));

    private static bool IsAddress(string body) =>
        body.StartsWith("http", StringComparison.OrdinalIgnoreCase) && !body.AsSpan().ContainsAny(" \n\t") && MessageText.FirstAddress(body) is not null;

    private async Task GiveAsync(StoredMessage message, CancellationToken stop)
    {
        if (MessageText.FirstAddress(message.Body) is not { } address || await fetcher.FetchAsync(address, stop) is not { } link)
            return;
        if (link.Picture is { } found)
        {
            using var content = new MemoryStream(found.Bytes, writable: false);
            var sent = new SentFile { Content = content, Name = $"{link.Site}.{found.Type.Split('/')[1]}", Type = found.Type };
            var taken = await files.TakeAsync(message.AuthorId, message.Room, sent, picture => GiveAsync(message, link, picture), stop);
            if (taken.File is not null)
                return;
        }
        await GiveAsync(message, link, picture: null);
    }

    /// <returns>The message with its card; null where it is to have none any more.</returns>
    private async Task<StoredMessage?> GiveAsync(StoredMessage message, FetchedLink link, MediaFile? picture)
    {
        var card = link.ToCard(picture);
        var changed = await changes.ChangeAsync(message.AuthorId, message.Room, message.Seq, async (connection, _, now) =>
        {
            if (now.IsRecalled || !string.Equals(now.Body, message.Body, StringComparison.Ordinal))
                return Changed.Nothing(now);
            if (picture is not null)
                await MediaStore.AddAsync(connection, picture, now.AuthorId, now.Room, now.Seq, now.CreatedAt);
            return Changed.To(now with { Content = Content.Pack((now.Read<TextContent>() ?? new TextContent()) with { Link = card }) });
        });
        return changed.Outcome == ChangeOutcome.Changed ? changed.Message : null;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Seq} of room {Room} got no card for its link")]
        public static partial void NotGiven(ILogger logger, long room, long seq, Exception error);
    }
}
