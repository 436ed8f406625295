using StackExchange.Redis;
using WebChat.Storage;

namespace WebChat.Live;

/// <summary>
/// The nodes of one installation: what one says on a channel is heard, in order, by those that listen. It is a hint, never the
/// truth: words may be lost, and whoever needs certainty asks the database.
/// </summary>
internal abstract class Nodes
{
    /// <summary>False when this process is the whole installation.</summary>
    public abstract bool AreMany { get; }

    /// <summary>Says something to all nodes that listen, this one included. Never waits and never throws.</summary>
    public abstract void Say(string channel, ReadOnlyMemory<byte> words);

    /// <summary>Listens to a channel until <see cref="Leave"/>. <paramref name="hear"/> is quick and does not throw.</summary>
    /// <returns>Ends when words are heard, or when that cannot be known now.</returns>
    public abstract Task ListenAsync(string channel, Action<ReadOnlyMemory<byte>> hear);

    public abstract void Leave(string channel);
}

/// <summary>One process, which has nobody to talk to.</summary>
internal sealed class OneNode : Nodes
{
    public override bool AreMany => false;

    public override void Say(string channel, ReadOnlyMemory<byte> words)
    {
        // Nobody else is there.
    }

    public override Task ListenAsync(string channel, Action<ReadOnlyMemory<byte>> hear) => Task.CompletedTask;

    public override void Leave(string channel)
    {
        // Nobody was listened to.
    }
}

/// <summary>Several nodes, by Redis publish and subscribe.</summary>
internal sealed class RedisNodes(Redis redis) : Nodes
{
    private static readonly TimeSpan ListenWithin = TimeSpan.FromMilliseconds(500);

    public override bool AreMany => true;

    public override void Say(string channel, ReadOnlyMemory<byte> words)
    {
        try
        {
            redis.Words.Publish(Name(channel), words.ToArray(), CommandFlags.FireAndForget);
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            // A hint is lost; the database has what it was about.
        }
    }

    public override async Task ListenAsync(string channel, Action<ReadOnlyMemory<byte>> hear)
    {
        try
        {
            await redis.Words.SubscribeAsync(Name(channel), (_, words) => hear((byte[])words)).WaitAsync(ListenWithin);
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            // It is subscribed when Redis is back; until then the database is asked.
        }
    }

    public override void Leave(string channel)
    {
        try
        {
            redis.Words.Unsubscribe(Name(channel), handler: null, CommandFlags.FireAndForget);
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            // The subscription went with the line.
        }
    }

    private static RedisChannel Name(string channel) => new(channel, RedisChannel.PatternMode.Literal);
}
