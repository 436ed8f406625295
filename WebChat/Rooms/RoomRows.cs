using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Leaving;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>The rows of the list of conversations, which stands beside most pages.</summary>
internal sealed class RoomRows(Lines lines, Connections connections, Icons icons, TimeProvider clock, IStringLocalizer<Texts> texts, IStringLocalizer<Shared.Texts> shared)
{
    /// <summary>In the language of the page.</summary>
    public IHtmlContent Of(RoomList list)
    {
        var words = new Words(texts, shared);
        return new MarkupRows<Conversation>(list.Rooms, (html, room) => Write(html, room, list, words));
    }

    private void Write(IBufferWriter<byte> html, Conversation room, RoomList list, Words words)
    {
        var isDirect = room.Kind == RoomKind.Direct;
        var isHere = room.OtherId is { } other && !room.OtherHides && connections.IsOnline(other);
        var name = room.Name ?? words.Lobby;
        var seq = room.UntilSeq ?? room.Seq;
        html.Raw("<li data-room=\""u8).Number(room.Number);
        if (room.LastAuthorId is { } author)
            html.Raw("\" data-last-by=\""u8).Number(author);
        html.Raw("\" data-seq=\""u8).Number(seq).Raw("\" data-called=\""u8).Number(room.CalledSeq).Raw("\" data-read=\""u8).Number(room.UntilSeq is null ? room.ReadTo : seq)
            .Raw("\" data-level=\""u8).Raw(room.Level switch { NoticeLevel.All => "all"u8, NoticeLevel.Mentions => "mentions"u8, _ => "nothing"u8 })
            .Raw(isDirect ? "\" data-direct>"u8 : "\">"u8);
        html.Raw("<a href=\"/rooms/"u8).Number(room.Number).Raw(list.IsOpen(room) ? "\" aria-current=\"page\">"u8 : "\">"u8);
        new Face { Id = room.FaceId, Name = room.OtherNickname ?? name, Picture = room.Picture, Room = !isDirect, Lobby = room.Kind == RoomKind.Lobby, Online = isHere }.Write(html, icons);
        html.Raw("<span class=\"name\"><bdi class=\"clip\">"u8).Text(name).Raw("</bdi>"u8);
        if (isDirect)
            html.Raw("<span class=\"unseen\" data-here=\""u8).Number(room.OtherId ?? 0).Raw("\" data-on=\""u8).Text(words.Online).Raw("\" data-off=\"\">"u8).Text(isHere ? words.Online : "").Raw("</span>"u8);
        if (room.Level != NoticeLevel.All)
            icons.Write(html.Raw("<span class=\"hush\">"u8), "hush", "icon small").Raw("<span class=\"unseen\">"u8).Text(room.Level == NoticeLevel.Mentions ? words.MentionsOnly : words.Silent).Raw("</span></span>"u8);
        if (room.Requests > 0)
            icons.Write(html.Raw("<span class=\"asked\">"u8), "contacts", "icon small").Raw("<span aria-hidden=\"true\">"u8).Number(room.Requests).Raw("</span><span class=\"unseen\">"u8)
                .Text(room.Requests == 1 ? words.OneRequest : string.Format(CultureInfo.CurrentCulture, words.Requests, room.Requests)).Raw("</span></span>"u8);
        html.Raw("</span>"u8);
        Moment.Write(html, room.LastAt, "short", clock);
        html.Raw("<span class=\"last clip\" dir=\"auto\">"u8);
        if (room.IsCalled)
            html.Raw("<i>"u8).Text(words.Called).Raw(" </i>"u8);
        html.Raw("<span>"u8).Text(LineOf(room, list.UserId, words)).Raw("</span></span>"u8);
        new Badge { Count = room.Unread, Words = words.Unread, Calls = isDirect || room.IsCalled, Hushed = !room.IsLoud }.Write(html);
        html.Raw("</a></li>\n"u8);
    }

    /// <summary>"Ann joined", "You: see you then", "Ann: Picture"; in a direct room the other needs no name.</summary>
    private string LineOf(Conversation room, long userId, Words words)
    {
        if (room.Last is not { } last)
            return words.Nothing;
        var line = lines.Of(last);
        if (last.Kind == MessageKind.Note || last.IsRecalled)
            return line;
        if (last.AuthorId == userId)
            return string.Format(CultureInfo.CurrentCulture, words.Mine, line);
        return room.Kind == RoomKind.Direct ? line : string.Format(CultureInfo.CurrentCulture, words.Theirs, NameOf(last, words), line);
    }

    private static string NameOf(Said last, Words words) =>
        last.IsBot ? string.Format(CultureInfo.CurrentCulture, words.Bot, last.Nickname) : LeavingStore.IsGone(last.Account) ? words.Gone : last.Nickname;

    /// <summary>The words of all rows, each looked up once for them all.</summary>
    private sealed class Words(IStringLocalizer<Texts> texts, IStringLocalizer<Shared.Texts> shared)
    {
        public string Lobby { get; } = shared["Lobby"];
        public string Unread { get; } = shared["{0} unread"];
        public string Online { get; } = texts[", online"];
        public string MentionsOnly { get; } = texts[", mentions only"];
        public string Silent { get; } = texts[", silent"];
        public string OneRequest { get; } = texts[", 1 request to join"];
        public string Requests { get; } = texts[", {0} requests to join"];
        public string Called { get; } = texts["@you"];
        public string Nothing { get; } = texts["Nothing said yet"];
        public string Mine { get; } = texts["You: {0}"];
        public string Theirs { get; } = texts["{0}: {1}"];
        public string Bot { get; } = texts["{0} (bot)"];
        public string Gone { get; } = texts["Deleted user"];
    }
}
