using System.Buffers;
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
        if (message.Read<NewsCard>() is not { } news)
            return;
        html.Raw("<a class=\"carried link\" href=\""u8).Text(news.Address).Raw("\" rel=\"noopener nofollow ugc\" target=\"_blank\"><span class=\"what\"><span class=\"kind\">"u8)
            .Text(new Uri(news.Address).Host).Raw("</span><span class=\"title\" dir=\"auto\">"u8).Text(news.Title).Raw("</span>"u8);
        if (news.Description.Length > 0)
            html.Raw("<span class=\"kind\" dir=\"auto\">"u8).Text(news.Description).Raw("</span>"u8);
        html.Raw("</span></a>"u8);
    }

    public override string Line(Said said, MessageWords words) => words.Say("News: {0}", said.Read<NewsCard>()?.Title ?? "");
}

/// <summary>What a news card says.</summary>
internal sealed record NewsCard(string Title, string Address, string Description)
{
    public const int LongestTitle = 100;
    public const int LongestDescription = 300;
    public const int LongestAddress = 2000;
}
