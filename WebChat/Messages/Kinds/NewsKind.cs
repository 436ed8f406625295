using System.Buffers;
using System.Data.Common;
using System.Text.Json;
using WebChat.Media;
using WebChat.Messages.Links;
using WebChat.Rooms;

namespace WebChat.Messages.Kinds;

/// <summary>Something to read elsewhere, as its sender presents it: title, picture, description, address.</summary>
internal sealed class NewsKind : Kind
{
    public const int Id = 8;

    public override int Number => Id;

    public override string Name => "news";

    public override void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words)
    {
        if (message.Read<NewsCard>() is { } news)
            TextKind.WriteCard(html, new LinkCard(news.Title, news.Description, LinkCard.SiteOf(new Uri(news.Address)), news.Address, news.Picture));
    }

    public override Task ForgetAsync(DbConnection connection, StoredMessage message) => MediaStore.RemoveAsync(connection, message.Room, message.Seq);

    public override string Line(Said said, MessageWords words) => words.Say("News: {0}", said.Read<NewsCard>()?.Title ?? "");

    public override void Tell(Utf8JsonWriter json, StoredMessage message)
    {
        if (message.Read<NewsCard>() is not { } news)
            return;
        json.WriteString("title", news.Title);
        json.WriteString("url", news.Address);
        json.WriteString("description", news.Description);
    }

    public override string Words(Said said) => said.Read<NewsCard>() is { } news ? $"{news.Title}\n{news.Description}".TrimEnd() : "";
}

/// <summary>What a news card says.</summary>
internal sealed record NewsCard(string Title, string Address, string Description, MediaFile? Picture)
{
    public const int LongestTitle = 100;
    public const int LongestDescription = 300;
    public const int LongestAddress = 2000;
}
