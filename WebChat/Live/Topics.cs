using System.Collections.Concurrent;
using WebChat.Shared;

namespace WebChat.Live;

/// <summary>The topics somebody on this node reads.</summary>
internal sealed class Topics
{
    private readonly ConcurrentDictionary<TopicKey, Topic> topics = new();
    private readonly Dictionary<long, int> open = [];
    private readonly Lock gate = new();

    /// <summary>Somebody at this node begins to read a thing that nobody read. Raised in order; handlers are quick.</summary>
    public event Action<long>? Opened;

    /// <summary>The last reader of a thing left.</summary>
    public event Action<long>? Closed;

    /// <summary>Ends when nothing is on its way that a topic could be told of in a moment; at once where nothing is.</summary>
    public Func<Task> Coming { get; set; } = static () => Task.CompletedTask;

    /// <summary>How many topics are read at this node.</summary>
    public int Count => topics.Count;

    /// <summary>The topic if anybody reads it: nothing need be rendered for one that nobody does.</summary>
    public Topic? Find(TopicKey key) => topics.GetValueOrDefault(key);

    /// <summary>Makes the connection a reader of the topic, which is kept for as long as anybody reads it.</summary>
    public Topic Join(TopicKey key, Connection reader)
    {
        lock (gate)
        {
            if (!topics.TryGetValue(key, out var topic))
            {
                if (open.TryGetValue(key.Id, out var languages))
                    open[key.Id] = languages + 1;
                else
                    Open(key.Id);
                topics[key] = topic = new Topic(key, this);
            }
            topic.Add(reader);
            return topic;
        }
    }

    public void Leave(Topic topic, Connection reader)
    {
        lock (gate)
        {
            topic.Remove(reader);
            if (!topic.IsEmpty || !topics.TryRemove(new KeyValuePair<TopicKey, Topic>(topic.Key, topic)))
                return;
            if (--open[topic.Key.Id] == 0)
                Close(topic.Key.Id);
        }
    }

    /// <summary>Appends a frame without words of a language to all topics of a thing that pages read.</summary>
    public void Append(long id, ReadOnlySpan<byte> frame)
    {
        foreach (var (language, _) in Languages.All)
            Find(new TopicKey(id, language))?.Append(frame);
    }

    private void Open(long id)
    {
        open[id] = 1;
        Opened?.Invoke(id);
    }

    private void Close(long id)
    {
        open.Remove(id);
        Closed?.Invoke(id);
    }
}
