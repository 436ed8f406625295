using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Admin.Figures;

/// <summary>The last hour of the other nodes. One process alone has none.</summary>
internal class OtherNodes
{
    /// <summary>Lets the others know a sample of this node.</summary>
    public virtual Task TellAsync(NodeHour me, Sample sample) => Task.CompletedTask;

    /// <summary>What is known of all nodes but this one.</summary>
    /// <param name="me">This node's id.</param>
    public virtual Task<IReadOnlyList<NodeHour>> ReadAsync(string me) => Task.FromResult<IReadOnlyList<NodeHour>>([]);
}

/// <summary>
/// Through Redis: for each node a list of its samples, and all nodes in a set, until an hour after their last word: what a node that has gone
/// did meanwhile stays counted. Only a node at which somebody looks reads them.
/// </summary>
internal sealed class RedisOtherNodes(Redis redis, TimeProvider clock, Pace pace) : OtherNodes, IDisposable
{
    private const string All = "figures";

    private const char Parting = '|';

    /// <summary>What is read anew each time; where more is missing, all of it is.</summary>
    private const int Tail = 24;

    private readonly Dictionary<string, NodeHour> known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim one = new(1, 1);

    public override async Task TellAsync(NodeHour me, Sample sample)
    {
        try
        {
            await redis.AskAsync(async data =>
            {
                var batch = data.CreateBatch();
                var (list, until) = (ListOf(me.Id), clock.Now() + Pace.Past.TotalMilliseconds);
                Task[] said =
                [
                    batch.ListRightPushAsync(list, JsonSerializer.Serialize(sample)),
                    batch.ListTrimAsync(list, -pace.Kept, -1),
                    batch.KeyExpireAsync(list, Pace.Past),
                    batch.SortedSetAddAsync(All, string.Join(Parting, me.Id, me.StartedAt.ToString(CultureInfo.InvariantCulture), me.Name), until),
                    batch.SortedSetRemoveRangeByScoreAsync(All, double.NegativeInfinity, clock.Now()),
                    batch.KeyExpireAsync(All, Pace.Past),
                ];
                batch.Execute();
                await Task.WhenAll(said);
                return true;
            });
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            // The others do without this one.
        }
    }

    public override async Task<IReadOnlyList<NodeHour>> ReadAsync(string me)
    {
        await one.WaitAsync();
        try
        {
            var nodes = (await redis.AskAsync(data => data.SortedSetRangeByScoreAsync(All, clock.Now(), double.PositiveInfinity)))
                .Select(n => ((string)n).Split(Parting, 3)).Where(n => n.Length == 3 && !string.Equals(n[0], me, StringComparison.Ordinal)).ToList();
            foreach (var gone in known.Keys.Except(nodes.Select(n => n[0]), StringComparer.Ordinal).ToList())
                known.Remove(gone);
            foreach (var node in nodes)
                known[node[0]] = await ReadAsync(node);
            return [.. known.Values];
        }
        catch (Exception error) when (Redis.IsAway(error) || error is JsonException or FormatException)
        {
            return [.. known.Values]; // as last known; or whoever put it there, it is none of ours
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<NodeHour> ReadAsync(string[] node)
    {
        var last = known.TryGetValue(node[0], out var before) && before.Samples.Count > 0 ? before.Samples[^1].At : 0;
        var read = last == 0 ? await RangeAsync(node[0], pace.Kept) : await RangeAsync(node[0], Tail);
        if (last != 0 && read.Count > 0 && read[0].At > last)
            (read, last) = (await RangeAsync(node[0], pace.Kept), 0);
        var samples = last == 0 ? read : [.. before!.Samples.Concat(read.Where(s => s.At > last)).TakeLast(pace.Kept)];
        return new NodeHour { Id = node[0], StartedAt = long.Parse(node[1], CultureInfo.InvariantCulture), Name = node[2], Samples = samples };
    }

    private async Task<List<Sample>> RangeAsync(string id, int most) =>
        [.. (await redis.AskAsync(data => data.ListRangeAsync(ListOf(id), -most, -1))).Select(s => JsonSerializer.Deserialize<Sample>((string)s)!)];

    private static RedisKey ListOf(string id) => $"figures:{id}";
}
