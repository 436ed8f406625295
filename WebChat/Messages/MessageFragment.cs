using System.Buffers;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using WebChat.Rooms;

namespace WebChat.Messages;

/// <summary>The link above a page of messages to those before it.</summary>
internal sealed class OlderLink(IReadOnlyList<StoredMessage> messages, long first, long read, MessageWords words) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        var html = new ArrayBufferWriter<byte>(256);
        MessageTemplate.WriteOlder(html, messages, first, read, words);
        writer.Write(System.Text.Encoding.UTF8.GetString(html.WrittenSpan));
    }
}

/// <summary>A message's article, or those of several: in a page as content, or as the whole answer to a post.</summary>
internal sealed class MessageFragment(IReadOnlyList<StoredMessage> messages, MessageWords words, Viewer? viewer = null, bool isFollowed = false) : ActionResult, IHtmlContent
{
    public MessageFragment(StoredMessage message, MessageWords words, Viewer? viewer = null, bool isFollowed = false) : this([message], words, viewer, isFollowed)
    {
    }

    public override Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = "text/html; charset=utf-8";
        return response.Body.WriteAsync(Render()).AsTask();
    }

    public void WriteTo(TextWriter writer, HtmlEncoder encoder) => writer.Write(System.Text.Encoding.UTF8.GetString(Render().Span));

    private ReadOnlyMemory<byte> Render()
    {
        var html = new ArrayBufferWriter<byte>(1024);
        foreach (var message in messages)
            MessageTemplate.Write(html, message, words, viewer, isFollowed);
        return html.WrittenMemory;
    }
}
