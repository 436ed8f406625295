using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Media;

/// <summary>
/// The door for files that are to be posted: checked, cleaned and stored here, they are nobody's until <see cref="MediaStore.AddAsync"/>
/// writes their row with the message; what nobody posts is swept.
/// </summary>
internal sealed class Uploads(MediaStore store, IMediaFiles files, RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text)
{
    /// <summary>Most bytes of the smaller picture that a page makes.</summary>
    public const int MostSmallBytes = 512 * 1024;

    /// <summary>Longest side of the smaller picture.</summary>
    public const int MostSmallPixels = 2048;

    /// <summary>Files of the largest size that fit into one form; scripts send each on its own.</summary>
    private const int MostTogether = 4;

    private const int LongestSeconds = 24 * 60 * 60;

    private const string SmallSuffix = ".small";

    /// <summary>What a stored file is called: its id, and for the smaller picture a suffix.</summary>
    public static string StoredName(string id, bool isSmall) => isSmall ? id + SmallSuffix : id;

    /// <summary>The id of the row that a stored file belongs to.</summary>
    public static string IdOf(string storedName) => storedName.Split('.')[0];

    /// <summary>Longest body of a form with files; null is no limit.</summary>
    public static long? MostBodyBytes(Limits limits) => limits.UploadBytes == 0 ? null : ((long)MostTogether * limits.UploadBytes) + MostSmallBytes + HostileInput.MostBytes;

    /// <summary>Takes a file in that a member wants to post to a room.</summary>
    /// <param name="userId">Who sends it.</param>
    /// <param name="room">Where to.</param>
    /// <param name="sent">The file, and what the page says of it.</param>
    /// <param name="cancel">The sender went away: nothing is stored.</param>
    /// <returns>Either the file, stored, or why there is none.</returns>
    /// <exception cref="StorageUnavailableException">Nothing was stored; it may be tried again.</exception>
    public async Task<UploadAnswer> TakeAsync(long userId, long room, SentFile sent, CancellationToken cancel)
    {
        var length = sent.Content.Length;
        if (length == 0)
            return UploadAnswer.Refused(StatusCodes.Status400BadRequest, text["This file is empty."]);
        if (limits.CurrentValue.UploadBytes > 0 && length > limits.CurrentValue.UploadBytes)
            return UploadAnswer.Refused(StatusCodes.Status413PayloadTooLarge, text["This file is too big: at most {0}.", FileSize.Say(limits.CurrentValue.UploadBytes)]);
        if (await rates.TakeAsync("upload", userId.ToString(CultureInfo.InvariantCulture), limits.CurrentValue.UploadsPerHour, TimeSpan.FromHours(1)) is { } wait)
            return UploadAnswer.Refused(StatusCodes.Status429TooManyRequests, text["Too many files. Try again in {0} seconds.", Math.Ceiling(wait.TotalSeconds)]) with { Wait = wait };
        if (await store.UsedAsync(userId, room) is not { } used)
            return UploadAnswer.Refused(StatusCodes.Status404NotFound, text["There is no such room."]);
        // What is on its way at the same time is not counted: the rate bounds that.
        if (limits.CurrentValue.QuotaBytes > 0 && used + length > limits.CurrentValue.QuotaBytes)
            return UploadAnswer.Refused(StatusCodes.Status413PayloadTooLarge, text["Your files take {0} of {1}: this one does not fit. Recall some first.", FileSize.Say(used), FileSize.Say(limits.CurrentValue.QuotaBytes)]);
        return await StoreAsync(sent, cancel);
    }

    /// <summary>Removes at once what was taken and will not be posted: refused, or a copy of what was posted before. Never call it when the outcome of a post is unknown.</summary>
    public async Task ForgetAsync(MediaFile file)
    {
        try
        {
            await files.RemoveAsync(StoredName(file.Id, isSmall: false), CancellationToken.None);
            if (file.SmallType is not null)
                await files.RemoveAsync(StoredName(file.Id, isSmall: true), CancellationToken.None);
        }
        catch (StorageUnavailableException)
        {
            // The sweep will find it.
        }
    }

    private async Task<UploadAnswer> StoreAsync(SentFile sent, CancellationToken cancel)
    {
        var name = FileName.Clean(sent.Name);
        var hash = await sent.HashAsync(cancel);
        await using var clean = NewTemporaryFile();
        if (OnDisk(() => MediaFacts.Copy(sent.Content, clean, name, sent.Type)) is not { } facts)
            return UploadAnswer.Refused(StatusCodes.Status415UnsupportedMediaType, text["This is not a picture that can be shown. PNG, JPEG, GIF and WebP can."]);
        if (facts.IsTelling)
            return UploadAnswer.Refused(StatusCodes.Status415UnsupportedMediaType, text["This may tell where it was made. Send a picture as JPEG, a film as plain MP4."]);
        if (facts.IsGiant)
        {
            return UploadAnswer.Refused(StatusCodes.Status415UnsupportedMediaType, text[
                "This picture is too large: at most {0} pixels on a side, and {1} million together.", MediaFacts.LongestSide, MediaFacts.MostPixels / 1_000_000]);
        }
        var file = new MediaFile
        {
            Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            Kind = facts.Kind,
            Name = name,
            Type = facts.Type,
            Bytes = clean.Length,
            Width = facts.Width ?? Told(facts, MediaKind.Video, sent.Width, MediaFacts.LongestSide),
            Height = facts.Height ?? Told(facts, MediaKind.Video, sent.Height, MediaFacts.LongestSide),
            Seconds = facts.Seconds is { } seconds ? (int)Math.Clamp(Math.Round(seconds), 1, LongestSeconds) : Told(facts, MediaKind.Audio, sent.Seconds, LongestSeconds) ?? Told(facts, MediaKind.Video, sent.Seconds, LongestSeconds),
            Hash = hash,
        };
        await PutAsync(StoredName(file.Id, isSmall: false), clean, cancel);
        return new UploadAnswer { Status = StatusCodes.Status200OK, File = facts.Kind is MediaKind.Image or MediaKind.Video ? await WithSmallAsync(file, sent.Small, cancel) : file };
    }

    /// <summary>Without a smaller picture, or with one that is none, the file is shown by itself.</summary>
    private async Task<MediaFile> WithSmallAsync(MediaFile file, Stream? small, CancellationToken cancel)
    {
        if (small is not { Length: > 0 and <= MostSmallBytes })
            return file;
        using var clean = new MemoryStream((int)small.Length);
        small.Position = 0;
        if (OnDisk(() => MediaFacts.CopyImage(new Parts(small, clean))) is not { Width: <= MostSmallPixels, Height: <= MostSmallPixels } facts)
            return file;
        await PutAsync(StoredName(file.Id, isSmall: true), clean, cancel);
        return file with { SmallType = facts.Type, SmallBytes = clean.Length };
    }

    private async Task PutAsync(string name, Stream clean, CancellationToken cancel)
    {
        clean.Position = 0;
        await files.PutAsync(name, clean, cancel);
    }

    private static int? Told(MediaFacts facts, MediaKind of, int? told, int most) => facts.Kind == of && told > 0 && told <= most ? told : null;

    private static FileStream NewTemporaryFile() => OnDisk(() =>
        new FileStream(Path.Combine(Path.GetTempPath(), $"webchat-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose));

    private static T OnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (IOException error)
        {
            throw new StorageUnavailableException(error);
        }
    }
}

/// <summary>A file as somebody sends it. Nothing of it is believed but, where the file itself does not say, its size and length.</summary>
internal sealed record SentFile
{
    /// <summary>To be read more than once, from any place.</summary>
    public required Stream Content { get; init; }

    /// <summary>What the sender's machine calls it.</summary>
    public required string Name { get; init; }

    /// <summary>What the sender's machine takes it for.</summary>
    public string? Type { get; init; }

    /// <summary>A smaller picture of it that the page made.</summary>
    public Stream? Small { get; init; }

    public int? Width { get; init; }
    public int? Height { get; init; }
    public int? Seconds { get; init; }

    /// <summary>What the same file has each time it is sent: <see cref="MediaFile.Hash"/>.</summary>
    public async Task<string> HashAsync(CancellationToken cancel)
    {
        Content.Position = 0;
        var hash = Base64Url.EncodeToString(await SHA256.HashDataAsync(Content, cancel));
        Content.Position = 0;
        return hash;
    }

    /// <summary>One that came with a form; its streams end with the request.</summary>
    public static SentFile From(IFormFile file, IFormFile? small = null) =>
        new() { Content = file.OpenReadStream(), Name = file.FileName, Type = file.ContentType, Small = small?.OpenReadStream() };
}

/// <summary>What the sender of a file is told: a status of HTTP, and the file or the reason.</summary>
internal sealed record UploadAnswer
{
    public required int Status { get; init; }
    public MediaFile? File { get; init; }

    /// <summary>A sentence in the language of the request.</summary>
    public string? Error { get; init; }

    /// <summary>After how long to try again, when that helps.</summary>
    public TimeSpan? Wait { get; init; }

    public static UploadAnswer Refused(int status, string error) => new() { Status = status, Error = error };
}
