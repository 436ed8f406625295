using WebChat.Messages.Bots;
using WebChat.Messages.Links;
using WebChat.Messages.Notices;
using WebChat.Messages.Search;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>
/// Takes what this node committed, and hands it to those who have the room open and those who have it in a list, here and at other
/// nodes.
/// </summary>
internal sealed partial class Publisher(RoomFeed feed, RoomTails tails, RoomHeads heads, LinkCards links, Webhooks webhooks, Indexer indexer, Bell bell, ILogger<Publisher> logger) : BackgroundService
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
        tails.Publish(message);
        indexer.Touch(message.Room);
        if (!message.IsChange || message.IsNewest)
            heads.Touch(message);
        links.Offer(message);
        bell.Offer(message);
        webhooks.Offer(message);
        if (!message.IsChange)
            Meters.Posts.Add(1);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Message {Seq} of room {Room} was stored but not published")]
        public static partial void NotPublished(ILogger logger, long room, long seq, Exception error);
    }
}
