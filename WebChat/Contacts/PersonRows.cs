using System.Buffers;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>The rows of the list of friends, and when somebody was seen, there and on their page.</summary>
internal sealed class PersonRows(Connections connections, TimeProvider clock, Icons icons, IStringLocalizer<Texts> texts)
{
    /// <summary>A list's friends, in the language of the page.</summary>
    public IHtmlContent Of(ContactList list)
    {
        var words = new Words(texts);
        return new MarkupRows<Person>(list.Friends, (html, friend) => Write(html, friend, list, words));
    }

    /// <summary>That somebody is online, or when they were.</summary>
    public IHtmlContent Seen(Person person, string classes)
    {
        var words = new Words(texts);
        return new MarkupRows<Person>([person], (html, seen) => WriteSeen(html, seen, classes, words));
    }

    private void Write(IBufferWriter<byte> html, Person friend, ContactList list, Words words)
    {
        html.Raw("<li><a href=\"/people/"u8).Text(friend.Account).Raw(list.IsOpen(friend) ? "\" aria-current=\"page\">"u8 : "\">"u8);
        new Face { Id = friend.Id, Name = friend.Nickname, Picture = friend.Picture, Online = IsHere(friend) }.Write(html, icons);
        html.Raw("<span class=\"name\"><bdi class=\"clip\">"u8).Text(friend.Name).Raw("</bdi></span><span>"u8);
        if (friend.IsBlocked)
            html.Raw("<span class=\"stamp\">"u8).Text(words.Blocked).Raw("</span>"u8);
        html.Raw("</span>"u8);
        WriteSeen(html, friend, "last clip", words);
        html.Raw("</a></li>\n"u8);
    }

    private void WriteSeen(IBufferWriter<byte> html, Person person, string classes, Words words)
    {
        html.Raw("<span class=\""u8).Text(classes).Raw("\" data-here=\""u8).Number(person.Id).Raw("\" data-on=\""u8).Text(words.Online).Raw("\" data-off=\""u8).Text(words.JustNow).Raw("\">"u8);
        if (IsHere(person))
            html.Text(words.Online);
        else
            Moment.Write(html.Text(words.Seen).Raw(" "u8), person.SeenAt, "short", clock);
        html.Raw("</span>"u8);
    }

    private bool IsHere(Person person) => !person.Hides && connections.IsOnline(person.Id);

    /// <summary>The words of all rows, each looked up once for them all.</summary>
    private sealed class Words(IStringLocalizer<Texts> texts)
    {
        public string Blocked { get; } = texts["Blocked"];
        public string Online { get; } = texts["online"];
        public string Seen { get; } = texts["seen"];
        public string JustNow { get; } = texts["seen just now"];
    }
}
