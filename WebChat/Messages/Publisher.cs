using System.Collections.Frozen;
using WebChat.Live;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>
/// Takes committed messages in commit order, renders and frames each once per language that somebody reads, and appends it
/// to the room's topics.
/// </summary>
internal sealed partial class Publisher(RoomFeed feed, Topics topics, RoomHeads heads, FrozenDictionary<string, MessageWords> words, ILogger<Publisher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var message in feed.Changes.ReadAllAsync(stoppingToken))
        {
            try
            {
                Publish(message);
            }
            catch (Exception error)
            {
                // Readers find it in the database when they return; the next message must not wait for this one.
                Log.NotPublished(logger, message.Room, message.Seq, error);
            }
        }
    }

    private void Publish(StoredMessage message)
    {
        foreach (var (language, _) in Languages.All)
        {
            if (topics.Find(new TopicKey(message.Room, language)) is { } topic)
                topic.Append(message.Rev, Frame.Text((message, words[language]), static (m, html) => MessageTemplate.Write(html, m.message, m.Item2)).Span);
        }
        heads.Touch(message);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Message {Seq} of room {Room} was stored but not published")]
        public static partial void NotPublished(ILogger logger, long room, long seq, Exception error);
    }
}
