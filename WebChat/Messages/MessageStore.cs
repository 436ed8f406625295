using System.Data.Common;
using Dapper;
using WebChat.Messages.Formatting;
using WebChat.Messages.Kinds;
using WebChat.Messages.Lucky;
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

    /// <summary>Of messages <c>m</c> with what is <see cref="Around"/> them: all that a <see cref="StoredMessage"/> holds.</summary>
    public const string Columns =
        """
        m.room, m.seq, m.rev, m.author_id, u.account, u.nickname, u.picture, u.is_bot, m.kind, m.body, m.content, m.client_id, m.digest, m.follows, m.created_at,
        m.edited_at, m.pinned_at, m.recalled_at, m.recalled_by, m.reactions, m.reply_to, q.author_id AS quoted_author_id, qu.account AS quoted_account,
        qu.nickname AS quoted_nickname, coalesce(qu.is_bot, 0) AS quoted_is_bot, q.kind AS quoted_kind, q.body AS quoted_body, q.content AS quoted_content, q.recalled_at AS quoted_recalled_at,
        q.recalled_by AS quoted_recalled_by
        """;

    /// <summary>A member whom a message names hears of it, but not from whom they have blocked.</summary>
    private const string Hears = "NOT EXISTS (SELECT 1 FROM contacts c WHERE c.owner_id = members.user_id AND c.other_id = @AuthorId AND c.blocked_at IS NOT NULL)";

    /// <summary>Of messages <c>m</c>: who wrote them, and what they answer.</summary>
    public const string Around =
        """
        JOIN users u ON u.id = m.author_id
        LEFT JOIN messages q ON q.room = m.room AND q.seq = m.reply_to
        LEFT JOIN users qu ON qu.id = q.author_id
        """;

    /// <summary>What the user may read of the room: all, or up to where they blocked the other side of a direct room.</summary>
    private const string Readable =
        $"""
        FROM messages m
        JOIN members me ON me.room = m.room AND me.user_id = @userId AND m.seq <= coalesce(me.until_seq, m.seq)
        JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL
        {Around}
        WHERE m.room = @room
        """;

    private readonly Database database;
    private readonly RoomLog log;
    private readonly RoomFeed feed;
    private readonly GroupWrite<NewPost, Posted> posts;

    public MessageStore(Database database, RoomLog log, RoomFeed feed)
    {
        this.database = database;
        this.log = log;
        this.feed = feed;
        posts = database.Group<NewPost, Posted>(PostAsync, Publish);
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

    /// <summary>What changed after <paramref name="rev"/>, by place, in pages: of the messages after a place.</summary>
    public Task<List<StoredMessage>> ChangesByPlaceAsync(long userId, long room, long rev, long after, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} {Readable} AND m.rev > @rev AND m.seq > @after ORDER BY m.seq LIMIT @most",
            new { userId, room, rev, after, most })).AsList());

    /// <summary>
    /// What changed in a room after <paramref name="rev"/>, for whoever may read all of it, by <c>rev</c>, in one statement: it sees one moment, so
    /// that everything up to the highest <c>rev</c> it holds is in it.
    /// </summary>
    public Task<List<StoredMessage>> ChangesAsync(long room, long rev, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} FROM messages m {Around} WHERE m.room = @room AND m.rev > @rev ORDER BY m.rev LIMIT @most",
            new { room, rev, most })).AsList());

    /// <summary>The newest messages of a room, for whoever may read all of it; ascending by <c>seq</c>.</summary>
    public async Task<IReadOnlyList<StoredMessage>> NewestAsync(long room, int most)
    {
        var page = await database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} FROM messages m {Around} WHERE m.room = @room ORDER BY m.seq DESC LIMIT @most", new { room, most })).AsList());
        page.Reverse();
        return page;
    }

    /// <summary>One message that the user may read, or null.</summary>
    public Task<StoredMessage?> FindAsync(long userId, long room, long seq) =>
        database.ReadAsync(c => FindAsync(c, userId, room, seq));

    /// <summary>The same inside a write, with the room locked: it stays as it is until that ends.</summary>
    public static Task<StoredMessage?> FindAsync(DbConnection connection, long userId, long room, long seq) =>
        connection.QuerySingleOrDefaultAsync<StoredMessage>($"SELECT {Columns} {Readable} AND m.seq = @seq", new { userId, room, seq });

    /// <summary>The same for nobody: whatever stands at that place.</summary>
    public static Task<StoredMessage?> FindAsync(DbConnection connection, long room, long seq) =>
        connection.QuerySingleOrDefaultAsync<StoredMessage>($"SELECT {Columns} FROM messages m {Around} WHERE m.room = @room AND m.seq = @seq", new { room, seq });

    /// <summary>What the user posted under this client id, in any room; null where it was not used yet.</summary>
    public Task<StoredMessage?> FindPostedAsync(long userId, string clientId) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<StoredMessage>(
            $"SELECT {Columns} FROM messages m {Around} WHERE m.author_id = @userId AND m.client_id = @clientId", new { userId, clientId }));

    /// <summary>What is pinned in a room, the last one first.</summary>
    public Task<List<StoredMessage>> PinnedAsync(long userId, long room, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} {Readable} AND m.pinned_at IS NOT NULL ORDER BY m.pinned_at DESC LIMIT @most", new { userId, room, most })).AsList());

    /// <summary>The last change of each of these rooms, and the place of its first message.</summary>
    public async Task<List<(long Room, long Rev, long First)>> EndsAsync(IEnumerable<long> rooms)
    {
        var ends = new List<(long, long, long)>();
        foreach (var some in rooms.Chunk(ListSize))
            ends.AddRange(await database.ReadAsync(c => c.QueryAsync<(long, long, long)>($"SELECT number, rev, first_seq FROM rooms WHERE {database.In("number", "@some")}", new { some })));
        return ends;
    }

    /// <summary>The last messages of the rooms in which something was said, or the last of it said anew or taken back, after a moment.</summary>
    public Task<List<StoredMessage>> NewestAsync(long since) =>
        database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} FROM rooms r JOIN messages m ON m.room = r.number AND m.seq = r.seq {Around} WHERE (r.last_at > @since OR r.changed_at > @since) AND r.closed_at IS NULL",
            new { since })).AsList());

    /// <summary>Writes a message of a member, once per client id, and hands it to the readers. The author has read the room up to it.</summary>
    public Task<Posted> PostAsync(NewPost post) =>
        // Whoever is named has a row that is written too: alone, nobody can stand in the way.
        post.Calls.IsNobody ? posts.WriteAsync(post) : PostAsync(post, static (_, _) => Task.CompletedTask);

    /// <summary>Ends when no post is on its way to being stored, nor any other write that shares their lane; at once where none is.</summary>
    public Task PostsStoredAsync() => posts.QuietAsync();

    /// <summary>The same for a message that more rows belong to, which are written with it or not at all.</summary>
    /// <param name="post">What to write.</param>
    /// <param name="with">Writes them, once the message has its place. What it throws undoes everything.</param>
    public Task<Posted> PostAsync(NewPost post, Func<DbConnection, StoredMessage, Task> with) =>
        database.WriteAsync(async connection =>
        {
            var posted = (await PostAsync(connection, [post]))[0];
            if (posted.Outcome == PostOutcome.Stored)
                await with(connection, posted.Message!);
            return posted;
        }, Publish);

    /// <summary>Who of these is to see that a room has news: its members, but those who have blocked the other side.</summary>
    public async Task<List<long>> AudienceAsync(long room, IEnumerable<long> among)
    {
        var audience = new List<long>();
        foreach (var some in among.Chunk(ListSize))
            audience.AddRange(await database.ReadAsync(c => c.QueryAsync<long>(
                $"SELECT user_id FROM members WHERE room = @room AND until_seq IS NULL AND {database.In("user_id", "@some")}", new { room, some })));
        return audience;
    }

    /// <summary>Who of these has blocked this author, and is called by nothing they say.</summary>
    public async Task<HashSet<long>> DeafAsync(long authorId, IEnumerable<long> among)
    {
        var deaf = new HashSet<long>();
        foreach (var some in among.Chunk(ListSize))
            deaf.UnionWith(await database.ReadAsync(c => c.QueryAsync<long>(
                $"SELECT owner_id FROM contacts WHERE other_id = @authorId AND blocked_at IS NOT NULL AND {database.In("owner_id", "@some")}", new { authorId, some })));
        return deaf;
    }

    private void Publish(Posted posted)
    {
        if (posted.Outcome == PostOutcome.Stored)
            feed.Publish(posted.Message!);
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
            SELECT me.room, me.role, CASE WHEN me.until_seq IS NULL THEN 0 ELSE 1 END AS has_blocked, x.until_at AS muted_until,
                   r.kind, r.posting AS only_administrators_post, u.id, u.account, u.nickname, u.picture, u.is_bot
            FROM {table} JOIN members me ON me.room = t.room AND me.user_id = t.user_id JOIN users u ON u.id = me.user_id
            JOIN rooms r ON r.number = me.room
            LEFT JOIN mutes x ON x.room = me.room AND x.user_id = me.user_id
            ORDER BY me.room, me.user_id {database.ForUpdate("me")};
            SELECT {Columns} FROM {table} JOIN messages m ON m.author_id = t.user_id AND m.client_id = t.client_id {Around};
            """, new { rows });
        var writers = (await found.ReadAsync<Writer>()).DistinctBy(w => (w.Room, w.Id)).ToDictionary(w => (w.Room, w.Id));
        var earlier = (await found.ReadAsync<StoredMessage>()).DistinctBy(m => (m.AuthorId, m.ClientId)).ToDictionary(m => (m.AuthorId, m.ClientId));
        var answered = await AnsweredAsync(connection, group);
        var named = await NamedAsync(connection, group);

        var results = new List<Posted>(group.Count);
        var stored = new List<StoredMessage>(group.Count);
        foreach (var post in group)
        {
            var writer = writers.GetValueOrDefault((post.Room, post.UserId));
            var posted = Place(post, heads.GetValueOrDefault(post.Room), writer, earlier.GetValueOrDefault((post.UserId, post.ClientId)), answered);
            if (posted.Outcome == PostOutcome.Stored)
            {
                posted = posted with { Message = posted.Message! with { Content = Kind.Of(posted.Message).Naming(post.Content, post.Calls.Among(named[post.Room], writer!.May(RoomAction.CallAll))) } };
                stored.Add(posted.Message);
                earlier.Add((post.UserId, post.ClientId), posted.Message);
            }
            results.Add(posted);
        }
        await log.AppendAsync(connection, heads.Values, stored);
        await connection.ExecuteAsync(
            $"UPDATE members SET read_seq = t.seq FROM {database.Table("@read", ("room", "bigint"), ("user_id", "bigint"), ("seq", "bigint"))} WHERE members.room = t.room AND members.user_id = t.user_id",
            new { read = Database.Pack(stored.GroupBy(m => (m.Room, m.AuthorId)).Select(g => new { room = g.Key.Room, user_id = g.Key.AuthorId, seq = g.Max(m => m.Seq) })) });
        await CallAsync(connection, stored, named);
        return results;
    }

    /// <summary>What is answered by these posts: no note, and nothing that is gone.</summary>
    private async Task<Dictionary<(long, long), StoredMessage>> AnsweredAsync(DbConnection connection, IReadOnlyList<NewPost> group)
    {
        var wanted = group.Where(p => p.ReplyTo is not null).Select(p => new { room = p.Room, seq = p.ReplyTo }).Distinct().ToList();
        if (wanted.Count == 0)
            return [];
        return (await connection.QueryAsync<StoredMessage>(
            $"""
            SELECT {Columns} FROM {database.Table("@wanted", ("room", "bigint"), ("seq", "bigint"))}
            JOIN messages m ON m.room = t.room AND m.seq = t.seq AND m.kind <> {MessageKind.Note} AND m.recalled_at IS NULL {Around}
            """, new { wanted = Database.Pack(wanted) })).ToDictionary(m => (m.Room, m.Seq));
    }

    /// <summary>The members whom these posts name, by room.</summary>
    private async Task<ILookup<long, Named>> NamedAsync(DbConnection connection, IReadOnlyList<NewPost> group)
    {
        var wanted = group.SelectMany(p => p.Calls.Accounts.Select(account => new { room = p.Room, account_key = account.ToUpperInvariant() })).Distinct().ToList();
        var named = wanted.Count == 0 ? [] : await connection.QueryAsync<Named>(
            $"""
            SELECT t.room, u.id, u.account FROM {database.Table("@wanted", ("room", "bigint"), ("account_key", "text"))}
            JOIN users u ON u.account_key = t.account_key
            JOIN members me ON me.room = t.room AND me.user_id = u.id
            """, new { wanted = Database.Pack(wanted) });
        return named.ToLookup(n => n.Room);
    }

    /// <summary>Notes with the members whom the messages name that they are called, but with those who have blocked the author.</summary>
    private async Task CallAsync(DbConnection connection, IEnumerable<StoredMessage> messages, ILookup<long, Named> named)
    {
        foreach (var message in messages)
        {
            var calls = Kind.Of(message).Calls(message);
            if (calls.IsAll)
            {
                await connection.ExecuteAsync($"UPDATE members SET called_seq = @Seq WHERE room = @Room AND user_id <> @AuthorId AND {Hears}", new { message.Seq, message.Room, message.AuthorId });
                continue;
            }
            var called = named[message.Room].Where(n => calls.Has(n.Account) && n.Id != message.AuthorId).Select(n => n.Id).Order().ToArray();
            if (called.Length > 0)
                await connection.ExecuteAsync($"UPDATE members SET called_seq = @Seq WHERE room = @Room AND {database.In("user_id", "@called")} AND {Hears}", new { message.Seq, message.Room, message.AuthorId, called });
        }
    }

    private static Posted Place(NewPost post, RoomHead? head, Writer? writer, StoredMessage? earlier, Dictionary<(long, long), StoredMessage> answered)
    {
        if (head is null || writer is null)
            return new Posted(PostOutcome.UnknownRoom);
        if (earlier is not null)
            return IsSame(post, earlier) ? new Posted(PostOutcome.AlreadyStored, earlier) : new Posted(PostOutcome.ClientIdTaken);
        if (!writer.At(post.Now).May(post.Kind == LuckyKind.Id ? RoomAction.GiveLucky : RoomAction.Post))
            return new Posted(writer.HasBlocked ? PostOutcome.Blocked : writer.MutedUntil > post.Now ? PostOutcome.Muted : PostOutcome.Forbidden);
        var quoted = post.ReplyTo is { } reply ? answered.GetValueOrDefault((post.Room, reply)) : null;
        return new Posted(PostOutcome.Stored, head.Next(writer.Author, post.Kind, post.Body, post.ClientId, post.Now) with
        {
            Digest = post.Digest, ReplyTo = quoted?.Seq, QuotedAuthorId = quoted?.AuthorId, QuotedAccount = quoted?.Account, QuotedNickname = quoted?.Nickname, QuotedIsBot = quoted?.IsBot ?? false,
            QuotedKind = quoted?.Kind, QuotedBody = quoted?.Body, QuotedContent = quoted?.Content,
        });
    }

    // Its words may have been edited, or be gone: what was posted is known by its digest, and by its words where that is from before digests.
    private static bool IsSame(NewPost post, StoredMessage earlier) =>
        earlier.Room == post.Room && (earlier.IsRecalled || (earlier.Digest is { } digest
            ? string.Equals(digest, post.Digest, StringComparison.Ordinal)
            : earlier.Kind == post.Kind && string.Equals(earlier.Body, post.Body, StringComparison.Ordinal)));

    private sealed record Writer : Standing
    {
        public required long Room { get; init; }
        public long? MutedUntil { get; init; }
        public required long Id { get; init; }
        public required string Account { get; init; }
        public required string Nickname { get; init; }
        public string? Picture { get; init; }

        /// <summary>How they stood when a message was sent.</summary>
        public Standing At(long now) => this with { IsMuted = MutedUntil > now };

        public Author Author => new() { Id = Id, Account = Account, Nickname = Nickname, Picture = Picture, IsBot = IsBot };
    }
}

/// <summary>A message on its way into a room.</summary>
internal sealed record NewPost(long UserId, long Room, string Body, string ClientId, long Now)
{
    public int Kind { get; init; } = MessageKind.Text;
    /// <summary>What its kind carries.</summary>
    public string? Content { get; init; }
    /// <summary>The message it answers. Where that is not there, it answers nothing.</summary>
    public long? ReplyTo { get; init; }
    /// <summary>Whom its words name.</summary>
    public Mentioned Calls { get; init; } = Mentioned.Nobody;
    /// <summary>What makes two posts the same one: by it a repeated post is known, whatever has become of the message.</summary>
    public string Digest => DigestOf(Sameness ?? Content);
    /// <summary>What to know it by in place of its content, where that is not the same twice.</summary>
    public string? Sameness { get; init; }

    private string DigestOf(string? content) =>
        System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"{Kind}\n{ReplyTo}\n{content}\n{Body}"))).AsSpan(0, 16));
}

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
    /// <summary>The user is muted in the group. Nothing was stored.</summary>
    Muted,
    /// <summary>The user may not write there, or not that. Nothing was stored.</summary>
    Forbidden,
}

internal sealed record Posted(PostOutcome Outcome, StoredMessage? Message = null);
