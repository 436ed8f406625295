using System.Globalization;
using System.Net;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Messages.Links;

/// <summary>
/// Looks at the page behind a link, for a card: at most 512 KB of HTML and a picture of at most 512 KB, five seconds for all of it, and
/// nothing that is not the public's (<see cref="Outside"/>).
/// </summary>
internal sealed class LinkFetcher(Outside outside, TimeSpan patience) : IDisposable
{
    public const int MostBytes = 512 * 1024;
    public const int LongestTitle = 200;
    public const int LongestDescription = 300;

    private const int MostAtOnce = 8;

    private readonly SemaphoreSlim places = new(MostAtOnce);

    public LinkFetcher(Outside outside) : this(outside, Patience)
    {
    }

    /// <summary>For page and picture together.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    /// <summary>What a page says of itself; null where it says nothing, is no page, cannot be had in time, or may not be asked for.</summary>
    public async Task<FetchedLink?> FetchAsync(Uri address, CancellationToken cancellation)
    {
        if (!outside.MayAsk(address))
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        var page = await TryAsync(() => FetchPageAsync(address, limit.Token), cancellation);
        if (page is not { PictureAddress: { } picture })
            return page;
        return page with { Picture = await TryAsync(() => FetchPictureAsync(picture, limit.Token), cancellation) };
    }

    public void Dispose() => places.Dispose();

    private async Task<FetchedLink?> FetchPageAsync(Uri address, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            using var answer = await outside.GetAsync(address, "text/html", cancellation);
            if (answer?.Content.Headers.ContentType is not { } type || !string.Equals(type.MediaType, "text/html", StringComparison.OrdinalIgnoreCase))
                return null;
            var head = PageHead.Read(await Outside.ReadAsync(answer, MostBytes, cancellation), type.CharSet);
            var answered = answer.RequestMessage!.RequestUri!;
            if (Clean(head.Title, LongestTitle) is not { } title)
                return null;
            var picture = Uri.TryCreate(answered, head.Picture?.Trim(), out var found) && outside.MayAsk(found) ? found : null;
            return new FetchedLink(title, Clean(head.Description, LongestDescription), LinkCard.SiteOf(answered), address, picture, null);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<FetchedPicture?> FetchPictureAsync(Uri address, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            using var answer = await outside.GetAsync(address, "image/png, image/jpeg, image/webp, image/gif", cancellation);
            if (answer is null || answer.Content.Headers.ContentLength > MostBytes)
                return null;
            var bytes = await Outside.ReadAsync(answer, MostBytes + 1, cancellation);
            return bytes.Length <= MostBytes && MediaFacts.ImageTypeOf(bytes) is { } type ? new FetchedPicture(type, bytes) : null;
        }
        finally
        {
            places.Release();
        }
    }

    // Whatever another's server does, it only costs the card; that the caller no longer wants one is for the caller.
    private static async Task<T?> TryAsync<T>(Func<Task<T?>> fetch, CancellationToken cancellation) where T : class
    {
        try
        {
            return await fetch();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or System.Net.Sockets.SocketException or InvalidOperationException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>One line without what is hidden in it or turns it, cut between characters as people count them; null when nothing is left.</summary>
    private static string? Clean(string? text, int most)
    {
        var line = UserText.Line(text);
        var end = 0;
        for (var count = 0; end < line.Length && count < most; count++)
        {
            var next = end + StringInfo.GetNextTextElementLength(line.AsSpan(end));
            if (next > most * 4)
                break; // marks piled up
            end = next;
        }
        if (line.Length == 0 || end == 0)
            return null;
        return end == line.Length ? line : line[..end].TrimEnd() + "…";
    }
}
