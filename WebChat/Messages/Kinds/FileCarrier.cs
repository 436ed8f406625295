using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using WebChat.Media;
using WebChat.Messages.Formatting;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Kinds;

/// <summary>A message that carries one file; its words are the caption.</summary>
internal abstract class FileCarrier : Kind
{
    /// <summary>The kind for a file.</summary>
    /// <param name="file">As it was found to be.</param>
    /// <param name="levels">How loud a recording was, where it was made in the page.</param>
    public static FileCarrier For(MediaFile file, string? levels) => file.Kind switch
    {
        MediaKind.Image => new PictureKind(),
        MediaKind.Video => new VideoKind(),
        MediaKind.Audio when levels is not null => new VoiceKind(),
        MediaKind.Audio => new AudioKind(),
        _ => new FileKind(),
    };

    /// <summary>What it is, in a word.</summary>
    protected abstract string Word { get; }

    public sealed override bool HasWords => true;

    public sealed override string? Problem(string words) => MessageRules.ProblemOfCaption(words);

    public sealed override string? Naming(string? content, Mentioned named) =>
        Content.Pack(Content.Unpack<MediaContent>(content)! with { At = named.Accounts.Count == 0 ? null : named.Accounts, AtAll = named.IsAll });

    public sealed override Mentioned Calls(Said said) => said.Read<MediaContent>() is { } media ? Calls(media) : Mentioned.Nobody;

    public sealed override void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words)
    {
        if (message.Read<MediaContent>() is { } media)
            Write(html, media, message, words);
    }

    public override string Line(Said said, MessageWords words) =>
        said.Body.Length == 0 ? words[Word] : $"{words[Word]}: {MessageText.Plain(said.Body)}";

    public override string Words(Said said) => MessageText.Plain(said.Body);

    public sealed override void Tell(Utf8JsonWriter json, StoredMessage message)
    {
        if (message.Read<MediaContent>()?.File is not { } file)
            return;
        json.WriteString("url", file.Address);
        json.WriteStartObject("file");
        json.WriteString("name", file.Name);
        json.WriteString("type", file.Type);
        json.WriteNumber("bytes", file.Bytes);
        if (file.Seconds is { } seconds)
            json.WriteNumber("seconds", seconds);
        json.WriteEndObject();
        if (message.Body.Length > 0)
            json.WriteString("caption", message.Body);
    }

    public override Task ForgetAsync(DbConnection connection, StoredMessage message) => MediaStore.RemoveAsync(connection, message.Room, message.Seq);

    protected abstract void Write(IBufferWriter<byte> html, MediaContent media, StoredMessage message, MessageWords words);

    protected static void WriteCaption(IBufferWriter<byte> html, MediaContent media, StoredMessage message)
    {
        if (message.Body.Length > 0)
            MessageText.Write(html, message.Body, Calls(media));
    }

    /// <summary>Its caption below what is shown, and no more of the figure.</summary>
    protected static void EndFigure(IBufferWriter<byte> html, MediaContent media, StoredMessage message)
    {
        if (message.Body.Length > 0)
        {
            html.Raw("<figcaption>"u8);
            WriteCaption(html, media, message);
            html.Raw("</figcaption>"u8);
        }
        html.Raw("</figure>"u8);
    }

    /// <summary>Its size as shown, so that nothing jumps when it comes.</summary>
    protected static IBufferWriter<byte> WriteSize(IBufferWriter<byte> html, MediaFile file) =>
        file is { Width: { } width, Height: { } height } ? html.Raw(" width=\""u8).Number(width).Raw("\" height=\""u8).Number(height).Raw("\""u8) : html;

    private static Mentioned Calls(MediaContent media) => new(media.At ?? [], media.AtAll);

    /// <summary>Minutes and seconds: 0:14.</summary>
    protected static string Length(int? seconds) => TimeSpan.FromSeconds(seconds ?? 0) is var length && length.TotalHours >= 1
        ? length.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : length.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}

/// <summary>A file, and for a recording how loud it was.</summary>
internal sealed record MediaContent(MediaFile File)
{
    /// <summary>A digit for each part of the recording, 0 to 9.</summary>
    public string? Levels { get; init; }

    /// <summary>The accounts of the members whom the caption names.</summary>
    public IReadOnlyCollection<string>? At { get; init; }

    /// <summary>It names everybody.</summary>
    public bool AtAll { get; init; }
}

internal sealed class PictureKind : FileCarrier
{
    public override int Number => 2;
    public override string Name => "image";
    protected override string Word => "Picture";

    protected override void Write(IBufferWriter<byte> html, MediaContent media, StoredMessage message, MessageWords words)
    {
        html.Raw("<figure class=\"photo\"><a href=\""u8).Text(media.File.Address).Raw("\" data-picture><img src=\""u8).Text(media.File.SmallAddress ?? media.File.Address).Raw("\""u8);
        WriteSize(html, media.File).Raw(" alt=\""u8).Text(words.Say("Picture: {0}", media.File.Name)).Raw("\" loading=\"lazy\"></a>"u8);
        EndFigure(html, media, message);
    }
}

internal sealed class VideoKind : FileCarrier
{
    public override int Number => 3;
    public override string Name => "video";
    protected override string Word => "Video";

    protected override void Write(IBufferWriter<byte> html, MediaContent media, StoredMessage message, MessageWords words)
    {
        html.Raw("<figure class=\"photo\"><video src=\""u8).Text(media.File.Address).Raw("\" controls playsinline"u8);
        if (media.File.SmallAddress is { } poster)
            html.Raw(" preload=\"none\" poster=\""u8).Text(poster).Raw("\""u8);
        else
            html.Raw(" preload=\"metadata\""u8);
        WriteSize(html, media.File).Raw(" aria-label=\""u8).Text(words.Say("Video: {0}", media.File.Name)).Raw("\"></video>"u8);
        EndFigure(html, media, message);
    }
}

/// <summary>A recording made in the page.</summary>
internal sealed class VoiceKind : FileCarrier
{
    /// <summary>Bars of the line; a recording has at most so many levels.</summary>
    public const int Bars = 32;

    private const int Step = 6;
    private const int Height = 28;

    public override int Number => 4;
    public override string Name => "voice";
    protected override string Word => "Voice message";

    public override string Line(Said said, MessageWords words) => $"{words[Word]}, {Length(said.Read<MediaContent>()?.File.Seconds)}";

    protected override void Write(IBufferWriter<byte> html, MediaContent media, StoredMessage message, MessageWords words)
    {
        html.Raw("<div class=\"voice\" data-seconds=\""u8).Number(media.File.Seconds ?? 0).Raw("\"><button type=\"button\" data-play aria-label=\""u8).Text(words.Say("Play voice message, {0} seconds", media.File.Seconds ?? 0)).Raw("\">"u8);
        words.Icon(html, "play").Raw("</button><svg viewBox=\"0 0 "u8).Number(Bars * Step).Raw(" 28\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path d=\""u8);
        for (var i = 0; i < media.Levels?.Length; i++)
        {
            var half = 2 + (media.Levels[i] - '0') * 11 / 9;
            html.Raw("M"u8).Number(4 + (i * Step)).Raw(" "u8).Number(Height / 2 - half).Raw("v"u8).Number(2 * half);
        }
        html.Raw("\"/></svg><a class=\"number\" href=\""u8).Text(media.File.Address).Raw("\">"u8).Text(Length(media.File.Seconds)).Raw("</a></div>"u8);
        WriteCaption(html, media, message);
    }
}

internal sealed class AudioKind : FileCarrier
{
    public override int Number => 6;
    public override string Name => "audio";
    protected override string Word => "Audio";

    protected override void Write(IBufferWriter<byte> html, MediaContent media, StoredMessage message, MessageWords words)
    {
        html.Raw("<p class=\"title\"><bdi>"u8).Text(media.File.Name).Raw("</bdi></p><audio class=\"sound\" src=\""u8).Text(media.File.Address)
            .Raw("\" controls preload=\"none\" aria-label=\""u8).Text(words.Say("Audio: {0}", media.File.Name)).Raw("\"></audio>"u8);
        WriteCaption(html, media, message);
    }
}

/// <summary>Something to take away.</summary>
internal sealed class FileKind : FileCarrier
{
    public override int Number => 5;
    public override string Name => "file";
    protected override string Word => "File";

    public override string Line(Said said, MessageWords words) => $"{words[Word]}: {said.Read<MediaContent>()?.File.Name}";

    public override string Words(Said said) => $"{said.Read<MediaContent>()?.File.Name}\n{base.Words(said)}".Trim();

    protected override void Write(IBufferWriter<byte> html, MediaContent media, StoredMessage message, MessageWords words)
    {
        html.Raw("<a class=\"carried\" href=\""u8).Text(media.File.Address).Raw("\" download><span class=\"thing\">"u8);
        words.Icon(html, "file").Raw("</span><span class=\"what\"><bdi class=\"title\">"u8).Text(media.File.Name).Raw("</bdi><span class=\"kind\">"u8)
            .Text(Describe(media.File)).Raw("</span></span>"u8);
        words.Icon(html, "download").Raw("</a>"u8);
        WriteCaption(html, media, message);
    }

    private static string Describe(MediaFile file)
    {
        var ending = Path.GetExtension(file.Name).TrimStart('.').ToUpperInvariant();
        return ending.Length is > 0 and <= 5 ? $"{ending}, {FileSize.Say(file.Bytes)}" : FileSize.Say(file.Bytes);
    }
}
