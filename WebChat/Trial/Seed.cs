using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Identity;
using WebChat.Accounts;
using WebChat.Rooms;
using WebChat.Storage;

namespace WebChat.Trial;

/// <summary>
/// The command <c>seed</c>: fills an installation with people, groups and what they said, to try it out or to measure it. The first of
/// them knows the most people and is in the most rooms, the second is in just <see cref="SecondsRooms"/>: both the same however many others
/// there are. All have one password, so it is nothing for an installation in use.
/// </summary>
internal sealed class Seed(Database database, RoomLog log, IPasswordHasher<User> hasher, TextWriter output)
{
    private const int RowsTogether = 2000;

    /// <summary>Groups that the first person is in, and friends they have, where there are so many.</summary>
    private const int MostGroups = 200;
    private const int MostFriends = 500;

    /// <summary>Rooms of the second person, where there are so many: the lobby, the one with the first, and groups.</summary>
    private const int SecondsRooms = 200;

    private const int LargestGroup = 500;

    private const long Year = 365L * 86_400_000;

    // Repeats from one run to the next: what is measured today is measured again tomorrow.
    private readonly Random random = new(1);

    public required int Users { get; init; }
    public required int Rooms { get; init; }
    public required int Messages { get; init; }
    public required string Password { get; init; }

    private long Now { get; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Writes it all, in steps of some seconds.</summary>
    /// <exception cref="SeedRefusedException">Somebody is there already. Nothing was written.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        if (await database.ReadAsync(c => c.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM users)")))
            throw new SeedRefusedException("Somebody has an account here already, and what is seeded has one password for all: it goes into an installation that is empty. WebChat__Data names another directory for one.");
        var people = await PeopleAsync(cancel);
        await SayAsync($"{people.Count:N0} people");
        var rooms = await GroupsAsync(people, cancel);
        rooms.AddRange(await FriendsAsync(people, cancel));
        await SayAsync($"{rooms.Count:N0} rooms");
        await MessagesAsync(people[0], rooms, cancel);
        await database.WriteAsync(c => c.ExecuteAsync("ANALYZE;"));
        await SayAsync($"Done in {Stopwatch.GetElapsedTime(start).TotalSeconds:N0} seconds. Sign in as {people[0].Account}, who is the administrator, with the password {Password}");
    }

    private async Task<List<Author>> PeopleAsync(CancellationToken cancel)
    {
        var hash = hasher.HashPassword(new User(), Password);
        var people = new List<Author>(Users);
        foreach (var numbers in Enumerable.Range(1, Users).Chunk(RowsTogether))
        {
            cancel.ThrowIfCancellationRequested();
            people.AddRange(await database.WriteAsync(c => AddAsync(c, numbers, hash)));
        }
        return people;
    }

    private async Task<List<Author>> AddAsync(DbConnection connection, int[] numbers, string hash)
    {
        await connection.ExecuteAsync(
            $"""
            INSERT INTO users (account, account_key, email, email_key, password_hash, stamp, nickname, nickname_key, is_admin, seen_at, created_at, updated_at)
            SELECT t.account, t.account_key, t.email, t.email_key, @hash, t.account_key, t.nickname, t.nickname_key, t.is_admin, t.at, t.at, t.at
            FROM {database.Table("@people", ("account", "text"), ("account_key", "text"), ("email", "text"), ("email_key", "text"), ("nickname", "text"), ("nickname_key", "text"), ("is_admin", "int"), ("at", "bigint"))};
            INSERT INTO settings (name, value) VALUES ('site', 'Harbour House') ON CONFLICT (name) DO NOTHING;
            """,
            new
            {
                hash,
                people = Database.Pack(numbers.Select(n =>
                {
                    var (account, nickname) = Prose.Person(n);
                    return new
                    {
                        account, account_key = account.ToUpperInvariant(), email = $"{account}@example.org", email_key = $"{account}@EXAMPLE.ORG".ToUpperInvariant(),
                        nickname, nickname_key = nickname.ToLowerInvariant(), is_admin = n == 1 ? 1 : 0, at = Now - Year + n,
                    };
                })),
            });
        var keys = numbers.Select(n => Prose.Person(n).Account.ToUpperInvariant()).ToArray();
        var people = (await connection.QueryAsync<Author>($"SELECT id, account, nickname FROM users WHERE {database.In("account_key", "@keys")} ORDER BY id", new { keys })).AsList();
        await Lobby.JoinAsync(connection, people[0].Id, Now - Year);
        await connection.ExecuteAsync(
            $"INSERT INTO members (room, user_id, joined_at) SELECT r.number, t.id, @at FROM {database.Table("@people", ("id", "bigint"))} CROSS JOIN rooms r WHERE r.kind = 0",
            new { at = Now - Year, people = Database.Pack(people.Skip(1).Select(p => new { id = p.Id })) });
        return people;
    }

    /// <summary>A few large groups and many small ones. Whoever owns one is in it, and so is the first of all in the first ones.</summary>
    private async Task<List<Place>> GroupsAsync(List<Author> people, CancellationToken cancel)
    {
        var prose = new Prose(random);
        var places = new List<Place>(Rooms);
        foreach (var numbers in Enumerable.Range(0, Rooms).Chunk(50))
        {
            cancel.ThrowIfCancellationRequested();
            var groups = numbers.Select(n => (Name: prose.Group(n + 1), Members: MembersOf(n, people))).ToList();
            places.AddRange(await database.WriteAsync(async c =>
            {
                var made = new List<Place>();
                foreach (var (name, members) in groups)
                {
                    var number = await RoomStore.InsertAsync(c, RoomKind.Group, Now - Year);
                    await c.ExecuteAsync("UPDATE rooms SET name = @name, name_key = @key, owner_id = @owner WHERE number = @number", new { number, name, key = name.ToLowerInvariant(), owner = members[0].Id });
                    made.Add(new Place(number, members));
                }
                await JoinAsync(c, made);
                return made;
            }));
        }
        return places;
    }

    private List<Author> MembersOf(int group, List<Author> people)
    {
        var size = Math.Min(people.Count, Math.Clamp(4000 / (group + 4), 5, LargestGroup));
        var first = group * 37 % people.Count;
        var members = Enumerable.Range(0, size).Select(i => people[(int)((first + (long)i * 13) % people.Count)]).ToList();
        Put(members, people[0], group < MostGroups);
        if (people.Count > 1)
            Put(members, people[1], group < SecondsRooms - 2);
        return [.. members.DistinctBy(m => m.Id)];
    }

    /// <summary>Has somebody in a group, or not, but as the only one.</summary>
    private static void Put(List<Author> members, Author one, bool isIn)
    {
        if (isIn && !members.Contains(one))
            members.Add(one);
        else if (!isIn && members.Count > 1)
            members.Remove(one);
    }

    private async Task<List<Place>> FriendsAsync(List<Author> people, CancellationToken cancel)
    {
        var places = new List<Place>();
        foreach (var friends in people.Skip(1).Take(MostFriends).Chunk(50))
        {
            cancel.ThrowIfCancellationRequested();
            places.AddRange(await database.WriteAsync(async c =>
            {
                var made = new List<Place>();
                foreach (var friend in friends)
                    made.Add(new Place(await RoomStore.InsertAsync(c, RoomKind.Direct, Now - Year, DirectRooms.PairKey(people[0].Id, friend.Id)), [people[0], friend]));
                await JoinAsync(c, made);
                await c.ExecuteAsync(
                    $"""
                    INSERT INTO contacts (owner_id, other_id, is_friend, created_at)
                    SELECT @Id, t.id, 1, @at FROM {database.Table("@friends", ("id", "bigint"))} UNION ALL
                    SELECT t.id, @Id, 1, @at FROM {database.Table("@friends", ("id", "bigint"))}
                    """, new { people[0].Id, at = Now - Year, friends = Database.Pack(friends.Select(f => new { id = f.Id })) });
                return made;
            }));
        }
        return places;
    }

    private async Task JoinAsync(DbConnection connection, List<Place> places)
    {
        foreach (var rows in places.SelectMany(p => p.Members.Select((m, i) => new { room = p.Room, user_id = m.Id, role = (int)(i == 0 && p.Members.Count > 2 ? Role.Owner : Role.Member) })).Chunk(RowsTogether))
        {
            await connection.ExecuteAsync(
                $"INSERT INTO members (room, user_id, role, joined_at) SELECT t.room, t.user_id, t.role, @at FROM {database.Table("@rows", ("room", "bigint"), ("user_id", "bigint"), ("role", "int"))}",
                new { at = Now - Year, rows = Database.Pack(rows) });
        }
    }

    /// <summary>The first rooms have the most. Everybody has read everything, but for the first person in the last rooms.</summary>
    private async Task MessagesAsync(Author first, List<Place> places, CancellationToken cancel)
    {
        if (places.Count == 0)
            return;
        var weights = places.Select((_, i) => 1.0 / (i + 3)).ToList();
        var (written, due, all) = (0, 0.0, weights.Sum());
        for (var i = 0; i < places.Count; i++)
        {
            due += Messages * weights[i] / all;
            var most = (i == places.Count - 1 ? Messages : (int)due) - written;
            for (var done = 0; done < most;)
            {
                cancel.ThrowIfCancellationRequested();
                var (place, from, step) = (places[i], done, Math.Min(RowsTogether, most - done));
                await database.WriteAsync(c => WriteAsync(c, place, from, step, most));
                done += step;
                if ((written += step) / 100_000 > (written - step) / 100_000)
                    await SayAsync($"{written:N0} messages");
            }
        }
        await database.WriteAsync(c => c.ExecuteAsync(
            """
            UPDATE members SET read_seq = (SELECT seq FROM rooms WHERE number = members.room);
            UPDATE rooms SET people = (SELECT count(*) FROM members m WHERE m.room = rooms.number);
            UPDATE members SET read_seq = CASE WHEN read_seq > 3 THEN read_seq - 3 ELSE 0 END WHERE user_id = @Id AND room % 20 = 0;
            """, first));
    }

    private async Task WriteAsync(DbConnection connection, Place place, int from, int count, int all)
    {
        var heads = await log.LockAsync(connection, [place.Room]);
        var (head, prose, messages) = (heads[place.Room], new Prose(random), new List<StoredMessage>(count));
        var author = place.Members[0];
        for (var i = 0; i < count; i++)
        {
            if (random.Next(3) == 0)
                author = place.Members[random.Next(place.Members.Count)];
            var at = Now - Year + (long)(Year * ((from + i + 1.0) / (all + 1)));
            messages.Add(head.Next(author, MessageKind.Text, prose.Message(), Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture), at));
        }
        await log.AppendAsync(connection, heads.Values, messages);
    }

    private Task SayAsync(FormattableString sentence) => output.WriteLineAsync(sentence.ToString(CultureInfo.InvariantCulture));

    /// <summary>A room and who is in it.</summary>
    private sealed record Place(long Room, List<Author> Members);
}

/// <summary>Why nothing was seeded, in a sentence.</summary>
internal sealed class SeedRefusedException(string message) : Exception(message);
