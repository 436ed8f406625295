using System.Collections.Concurrent;

namespace WebChat.Live;

/// <summary>The topics somebody on this node reads.</summary>
internal sealed class Topics
{
    private readonly ConcurrentDictionary<TopicKey, Topic> topics = new();
    private readonly Lock gate = new();

    /// <summary>The topic if anybody reads it: nothing need be rendered for one that nobody does.</summary>
    public Topic? Find(TopicKey key) => topics.GetValueOrDefault(key);

    /// <summary>Makes the connection a reader of the topic, which is kept for as long as anybody reads it.</summary>
    public Topic Join(TopicKey key, Connection reader)
    {
        lock (gate)
        {
            var topic = topics.GetOrAdd(key, static k => new Topic(k));
            topic.Add(reader);
            return topic;
        }
    }

    public void Leave(Topic topic, Connection reader)
    {
        lock (gate)
        {
            topic.Remove(reader);
            if (topic.IsEmpty)
                topics.TryRemove(topic.Key, out _);
        }
    }
}
