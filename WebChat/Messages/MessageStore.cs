using System.Data.Common;
using Dapper;
using WebChat.Rooms;
using WebChat.Storage;

namespace WebChat.Messages;

/// <summary>Reads and writes a room's messages. Every query asks for the acting user's membership itself.</summary>
internal sealed class MessageStore
{
    /// <summary>Messages on a page of history.</summary>
    public const int PageSize = 50;

    /// <summary>Ids asked for at once.</summary>
    private const int ListSize = 500;

    private const string Columns =
        "m.room, m.seq, m.rev, m.author_id, u.account, u.nickname, u.picture, m.kind, m.body, m.client_id, m.follows, m.created_at";

    /// <summary>What the user may read of the room: all, or up to where they blocked the other side of a direct room.</summary>
    private const string Readable =
        """
        FROM messages m
        JOIN members me ON me.room = m.room AND me.user_id = @userId AND m.seq <= coalesce(me.until_seq, m.seq)
        JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL
        JOIN users u ON u.id = m.author_id
        WHERE m.room = @room
        """;

    private readonly Database database;
    private readonly RoomLog log;
    private readonly GroupWrite<NewPost, Posted> posts;

    public MessageStore(Database database, RoomLog log, RoomFeed feed)
    {
        this.database = database;
        this.log = log;
        posts = database.Group<NewPost, Posted>(PostAsync, posted =>
        {
            if (posted.Outcome == PostOutcome.Stored)
                feed.Publish(posted.Message!);
        });
    }

    /// <summary>The newest messages before a place, or of all; ascending by <c>seq</c>.</summary>
    public async Task<IReadOnlyList<StoredMessage>> BeforeAsync(long userId, long room, long before, int most)
    {
        var page = await database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} {Readable} AND m.seq < @before ORDER BY m.seq DESC LIMIT @most",
            new { userId, room, before, most })).AsList());
        page.Reverse();
        return page;
    }

    /// <summary>The oldest messages after a place, ascending by <c>seq</c>.</summary>
    public Task<List<StoredMessage>> AfterAsync(long userId, long room, long after, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} {Readable} AND m.seq > @after ORDER BY m.seq LIMIT @most",
            new { userId, room, after, most })).AsList());

    /// <summary>
    /// What changed after <paramref name="rev"/>, by <c>rev</c>, in one statement: it sees one moment, so that everything up to
    /// the highest <c>rev</c> it holds is in it.
    /// </summary>
    public Task<List<StoredMessage>> ChangesAsync(long userId, long room, long rev, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} {Readable} AND m.rev > @rev ORDER BY m.rev LIMIT @most",
            new { userId, room, rev, most })).AsList());

    /// <summary>What changed in a room after <paramref name="rev"/>, for whoever may read it, by <c>rev</c>, in one statement.</summary>
    public Task<List<StoredMessage>> ChangesAsync(long room, long rev, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} FROM messages m JOIN users u ON u.id = m.author_id WHERE m.room = @room AND m.rev > @rev ORDER BY m.rev LIMIT @most",
            new { room, rev, most })).AsList());

    /// <summary>The last change of each of these rooms.</summary>
    public async Task<List<(long Room, long Rev)>> RevsAsync(IEnumerable<long> rooms)
    {
        var revs = new List<(long, long)>();
        foreach (var some in rooms.Chunk(ListSize))
            revs.AddRange(await database.ReadAsync(c => c.QueryAsync<(long, long)>($"SELECT number, rev FROM rooms WHERE {database.In("number", "@some")}", new { some })));
        return revs;
    }

    /// <summary>The last messages of the rooms in which something was said after a moment.</summary>
    public Task<List<StoredMessage>> NewestAsync(long since) =>
        database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} FROM rooms r JOIN messages m ON m.room = r.number AND m.seq = r.seq JOIN users u ON u.id = m.author_id WHERE r.last_at > @since AND r.closed_at IS NULL",
            new { since })).AsList());

    /// <summary>Writes a message of a member, once per client id, and hands it to the readers. The author has read the room up to it.</summary>
    public Task<Posted> PostAsync(NewPost post) => posts.WriteAsync(post);

    /// <summary>Who of these is to see that a room has news: its members, but those who have blocked the other side.</summary>
    public async Task<List<long>> AudienceAsync(long room, IEnumerable<long> among)
    {
        var audience = new List<long>();
        foreach (var some in among.Chunk(ListSize))
            audience.AddRange(await database.ReadAsync(c => c.QueryAsync<long>(
                $"SELECT user_id FROM members WHERE room = @room AND until_seq IS NULL AND {database.In("user_id", "@some")}", new { room, some })));
        return audience;
    }

    private async Task<IReadOnlyList<Posted>> PostAsync(DbConnection connection, IReadOnlyList<NewPost> group)
    {
        // Rooms first, then members, each in order: everybody who locks several does it so. What was posted before is looked up
        // with the rooms locked, or a copy of it could be committed in between.
        var heads = await log.LockAsync(connection, group.Select(p => p.Room));
        var rows = Database.Pack(group.Select(p => new { room = p.Room, user_id = p.UserId, client_id = p.ClientId }));
        var table = database.Table("@rows", ("room", "bigint"), ("user_id", "bigint"), ("client_id", "text"));
        using var found = await connection.QueryMultipleAsync(
            $"""
            SELECT me.room, me.until_seq, u.id, u.account, u.nickname, u.picture
            FROM {table} JOIN members me ON me.room = t.room AND me.user_id = t.user_id JOIN users u ON u.id = me.user_id
            ORDER BY me.room, me.user_id {database.ForUpdate("me")};
            SELECT {Columns} FROM {table} JOIN messages m ON m.author_id = t.user_id AND m.client_id = t.client_id JOIN users u ON u.id = m.author_id;
            """, new { rows });
        var writers = (await found.ReadAsync<Writer>()).DistinctBy(w => (w.Room, w.Id)).ToDictionary(w => (w.Room, w.Id));
        var earlier = (await found.ReadAsync<StoredMessage>()).DistinctBy(m => (m.AuthorId, m.ClientId)).ToDictionary(m => (m.AuthorId, m.ClientId));

        var results = new List<Posted>(group.Count);
        var stored = new List<StoredMessage>(group.Count);
        foreach (var post in group)
        {
            var posted = Place(post, heads.GetValueOrDefault(post.Room), writers.GetValueOrDefault((post.Room, post.UserId)), earlier.GetValueOrDefault((post.UserId, post.ClientId)));
            if (posted.Outcome == PostOutcome.Stored)
            {
                stored.Add(posted.Message!);
                earlier.Add((post.UserId, post.ClientId), posted.Message!);
            }
            results.Add(posted);
        }
        await log.AppendAsync(connection, heads.Values, stored);
        await connection.ExecuteAsync(
            $"UPDATE members SET read_seq = t.seq FROM {database.Table("@read", ("room", "bigint"), ("user_id", "bigint"), ("seq", "bigint"))} WHERE members.room = t.room AND members.user_id = t.user_id",
            new { read = Database.Pack(stored.GroupBy(m => (m.Room, m.AuthorId)).Select(g => new { room = g.Key.Room, user_id = g.Key.AuthorId, seq = g.Max(m => m.Seq) })) });
        return results;
    }

    private static Posted Place(NewPost post, RoomHead? head, Writer? writer, StoredMessage? earlier)
    {
        if (head is null || writer is null)
            return new Posted(PostOutcome.UnknownRoom);
        if (earlier is not null)
        {
            return earlier.Room == post.Room && string.Equals(earlier.Body, post.Body, StringComparison.Ordinal)
                ? new Posted(PostOutcome.AlreadyStored, earlier)
                : new Posted(PostOutcome.ClientIdTaken);
        }
        if (writer.UntilSeq is not null)
            return new Posted(PostOutcome.Blocked);
        return new Posted(PostOutcome.Stored, head.Next(writer.Author, MessageKind.Text, post.Body, post.ClientId, post.Now));
    }

    private sealed record Writer
    {
        public required long Room { get; init; }
        public long? UntilSeq { get; init; }
        public required long Id { get; init; }
        public required string Account { get; init; }
        public required string Nickname { get; init; }
        public string? Picture { get; init; }

        public Author Author => new() { Id = Id, Account = Account, Nickname = Nickname, Picture = Picture };
    }
}

/// <summary>A text on its way into a room.</summary>
internal sealed record NewPost(long UserId, long Room, string Body, string ClientId, long Now);

/// <summary>What became of a post.</summary>
internal enum PostOutcome
{
    /// <summary>Committed durably, at the message's <c>seq</c>.</summary>
    Stored,
    /// <summary>The same post had been committed before: the same answer again.</summary>
    AlreadyStored,
    /// <summary>The client id was used for something else. Nothing was stored.</summary>
    ClientIdTaken,
    /// <summary>No such room for this user. Nothing was stored.</summary>
    UnknownRoom,
    /// <summary>The user has blocked the other side. Nothing was stored.</summary>
    Blocked,
}

internal sealed record Posted(PostOutcome Outcome, StoredMessage? Message = null);
