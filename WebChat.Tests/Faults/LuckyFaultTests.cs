using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace WebChat.Tests.Faults;

/// <summary>Points are sent and opened while servers are killed: none is lost, none is made, and who was told that they sent or got some did.</summary>
[Collection(FaultRuns.Name)]
public sealed class LuckyFaultTests(Installations installations)
{
    private const int Start = 1000;

    static LuckyFaultTests() => SQLitePCL.Batteries_V2.Init();

    [Fact]
    public async Task One_node_is_killed_while_points_change_hands()
    {
        await using var fleet = await Fleet.OneAsync(installations, people: 8, rooms: 2);
        await ProveAsync(fleet, 4, () => new SqliteConnection($"Data Source={fleet.Nodes[0].Folder}/webchat.sqlite"));
    }

    [Fact]
    public async Task One_of_three_nodes_is_killed_while_points_change_hands_at_all_of_them()
    {
        await using var fleet = await Fleet.ThreeAsync(installations, people: 8, rooms: 2);
        await ProveAsync(fleet, 3, () => new NpgsqlConnection(fleet.Database));
    }

    private static async Task ProveAsync(Fleet fleet, int kills, Func<DbConnection> open)
    {
        using var end = new CancellationTokenSource();
        var (sent, opened) = (new ConcurrentDictionary<(long Room, long Seq), byte>(), new ConcurrentDictionary<(long Room, long Seq, int Person), byte>());
        var working = Enumerable.Range(0, fleet.People.Count).Select(i => Task.Run(() => GiveAndTakeAsync(fleet, i, sent, opened, end.Token))).ToList();
        for (var i = 0; i < kills; i++)
        {
            await GoOnAsync(sent, opened, 40);
            var node = fleet.Nodes[i % fleet.Nodes.Count];
            await node.KillAsync();
            await fleet.StartAgainAsync(node);
        }
        await GoOnAsync(sent, opened, 40);
        await end.CancelAsync();
        await Task.WhenAll(working);

        await using var rows = open();
        await rows.OpenAsync();
        var (users, sum) = await rows.QuerySingleAsync<(long, long)>(
            """
            SELECT count(*), CAST(sum(coalesce(p.balance, @Start)) + (SELECT coalesce(sum(left_points), 0) FROM lucky) AS bigint)
            FROM users u LEFT JOIN points p ON p.user_id = u.id
            """, new { Start });
        Assert.Equal(users * Start, sum);
        var packets = (await rows.QueryAsync<(long Room, long Seq, long Total, long Left, string Content)>(
            "SELECT l.room, l.seq, l.total, l.left_points, m.content FROM lucky l JOIN messages m ON m.room = l.room AND m.seq = l.seq")).ToDictionary(p => (p.Room, p.Seq));
        var claims = (await rows.QueryAsync<(long Room, long Seq, string Account, long User, long Points)>(
            "SELECT c.room, c.seq, u.account, c.user_id, c.points FROM lucky_claims c JOIN users u ON u.id = c.user_id")).ToList();
        Assert.Equal(packets.Count, (await rows.QuerySingleAsync<long>("SELECT count(*) FROM messages WHERE kind = 9")));
        Assert.All(sent.Keys, message => Assert.Contains(message, packets.Keys));
        Assert.All(opened.Keys, o => Assert.Contains(claims, c => c.Room == o.Room && c.Seq == o.Seq && c.Account == fleet.People[o.Person].Account));
        foreach (var packet in packets.Values)
        {
            var own = claims.Where(c => c.Room == packet.Room && c.Seq == packet.Seq).ToList();
            Assert.Equal(packet.Total, packet.Left + own.Sum(c => c.Points));
            using var content = JsonDocument.Parse(packet.Content);
            Assert.Equal(own.Select(c => (c.User, c.Points)).Order(), content.RootElement.GetProperty("claims").EnumerateArray().Select(c => (c.GetProperty("by").GetInt64(), c.GetProperty("points").GetInt64())).Order());
        }
        fleet.IsWhole();
    }

    /// <summary>Sends a little, and opens whatever was sent, at any node; what has no answer is asked again in the same words.</summary>
    private static async Task GiveAndTakeAsync(Fleet fleet, int me, ConcurrentDictionary<(long, long), byte> sent, ConcurrentDictionary<(long, long, int), byte> opened, CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            var room = fleet.Rooms[i % fleet.Rooms.Count];
            using var answer = await AskAsync(fleet, me, i, $"/rooms/{room}/lucky", end, ("Points", $"{(i % 5) + 3}"), ("Shares", "3"), ("client_id", $"lucky-{me}-{i}"));
            if (answer is { StatusCode: HttpStatusCode.OK })
            {
                using var place = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None));
                sent.TryAdd((room, place.RootElement.GetProperty("seq").GetInt64()), 0);
            }
            foreach (var (where, seq) in sent.Keys.OrderByDescending(s => s.Item2).Take(3))
            {
                if (opened.ContainsKey((where, seq, me)))
                    continue;
                using var got = await AskAsync(fleet, me, i, $"/rooms/{where}/messages/{seq}/open", end);
                using var page = got is { StatusCode: HttpStatusCode.OK } ? await fleet.People[me].Http.GetAsync(At(fleet, i, $"/rooms/{where}/messages/{seq}/open"), CancellationToken.None).ContinueWith(t => t.IsCompletedSuccessfully ? t.Result : null, TaskScheduler.Default) : null;
                if (page is { StatusCode: HttpStatusCode.OK } && (await page.Content.ReadAsStringAsync(CancellationToken.None)).Contains(">You got ", StringComparison.Ordinal))
                    opened.TryAdd((where, seq, me), 0);
            }
            await Task.Delay(fleet.Pause, CancellationToken.None);
        }
    }

    private static async Task<HttpResponseMessage?> AskAsync(Fleet fleet, int me, int turn, string address, CancellationToken end, params (string Name, string Value)[] fields)
    {
        for (var tries = 0; !end.IsCancellationRequested; tries++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, At(fleet, turn + tries, address)) { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
                request.Headers.Accept.ParseAdd("application/json");
                request.Headers.Add("RequestVerificationToken", fleet.Tokens[me]);
                var answer = await fleet.People[me].Http.SendAsync(request, CancellationToken.None);
                if ((int)answer.StatusCode < 500)
                    return answer;
                answer.Dispose();
            }
            catch (HttpRequestException)
            {
                // Killed, or not yet back.
            }
            await Task.Delay(20, CancellationToken.None);
        }
        return null;
    }

    private static Uri At(Fleet fleet, int turn, string address) => new(fleet.Nodes[turn % fleet.Nodes.Count].Address, address);

    private static async Task GoOnAsync(ConcurrentDictionary<(long, long), byte> sent, ConcurrentDictionary<(long, long, int), byte> opened, int more)
    {
        var (messages, shares) = (sent.Count + (more / 4), opened.Count + more);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (sent.Count < messages || opened.Count < shares)
            await Task.Delay(20, limit.Token);
    }
}
