using System.Data.Common;
using Dapper;
using WebChat.Media;
using WebChat.Rooms;

namespace WebChat.Tests.Media;

public sealed class MediaStoreOnSqlite() : MediaStoreTests(Engine.Sqlite);

public sealed class MediaStoreOnPostgres() : MediaStoreTests(Engine.Postgres);

public abstract class MediaStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private MediaStore media = null!;
    private long ann, ben, outsider, room;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        media = new MediaStore(rows.Database, TimeProvider.System);
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        outsider = await rows.UserAsync("outsider");
        room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    private static MediaFile NewFile(long bytes = 7) => new()
    {
        Id = Guid.NewGuid().ToString("N"), Kind = MediaKind.Image, Name = "sea \"mit\" 海.png", Type = "image/png", Bytes = bytes,
        SmallType = "image/jpeg", SmallBytes = 3, Width = 600, Height = 400, Hash = "hash",
    };

    /// <summary>A message of this member that carries a file.</summary>
    private async Task<(MediaFile File, long Seq)> PostAsync(long room, long user, MediaFile? file = null)
    {
        var posted = (await rows.SayAsync(room, user, "look"))!;
        file ??= NewFile();
        await rows.Database.WriteAsync(c => MediaStore.AddAsync(c, file, user, room, posted.Seq, 1_234));
        return (file, posted.Seq);
    }

    [Fact]
    public async Task Members_have_it_as_it_was_given_and_outsiders_have_nothing()
    {
        var (file, _) = await PostAsync(room, ann);

        Assert.Equal((file, 1_234), await media.FindAsync(ann, file.Id));
        Assert.Equal((file, 1_234), await media.FindAsync(ben, file.Id));
        Assert.Null(await media.FindAsync(outsider, file.Id));
        Assert.Null(await media.FindAsync(ann, "unknown"));
        Assert.Null(await media.FindAsync(ann, file.Id.ToUpperInvariant()));
    }

    [Fact]
    public async Task What_is_not_known_of_it_is_nothing()
    {
        var plain = NewFile() with { Kind = MediaKind.File, SmallType = null, SmallBytes = null, Width = null, Height = null };
        await PostAsync(room, ann, plain);

        Assert.Equal(plain, (await media.FindAsync(ben, plain.Id))!.Value.File);
    }

    [Fact]
    public async Task Who_left_or_was_removed_has_it_no_more()
    {
        await rows.JoinAsync(room, outsider);
        var (file, _) = await PostAsync(room, ben);
        Assert.NotNull(await media.FindAsync(outsider, file.Id));

        await rows.Members.LeaveAsync(room, ben, rows.Notes.Add);
        await rows.Deeds.RemoveAsync(room, ann, outsider, rows.Notes.Add);

        Assert.Null(await media.FindAsync(ben, file.Id));
        Assert.Null(await media.FindAsync(outsider, file.Id));
        Assert.NotNull(await media.FindAsync(ann, file.Id));
    }

    [Fact]
    public async Task A_closed_room_shows_nothing_and_takes_nothing()
    {
        var (file, _) = await PostAsync(room, ann);

        await rows.Rooms.DissolveAsync(room, ann);

        Assert.Null(await media.FindAsync(ann, file.Id));
        Assert.Null(await media.UsedAsync(ann, room));
    }

    [Fact]
    public async Task What_is_in_a_room_that_was_closed_counts_no_more_and_is_nobodys()
    {
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        var second = await rows.GroupAsync(ann, "Second");
        var (dissolved, _) = await PostAsync(room, ann, NewFile(1_000));
        var (parted, _) = await PostAsync(direct, ann, NewFile(100));
        var (stays, _) = await PostAsync(second, ann, NewFile(10));

        await rows.Rooms.DissolveAsync(room, ann);
        await rows.Contacts.DeleteAsync(ben, "ann");

        Assert.Equal(13, await media.UsedAsync(ann, second));
        Assert.Equal([stays.Id], await media.KnownAsync([dissolved.Id, parted.Id, stays.Id]));
        var again = await rows.BefriendAsync((ann, "ann"), (ben, "ben")); // a new room: what was in the old one is gone for good
        Assert.Equal(13, await media.UsedAsync(ann, again));
        Assert.Null(await media.FindAsync(ann, parted.Id));
    }

    [Fact]
    public async Task Who_blocked_the_other_has_what_came_before_and_nothing_after()
    {
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        var (before, _) = await PostAsync(direct, ben);
        await rows.Contacts.BlockAsync(ann, "ben");
        var (after, _) = await PostAsync(direct, ben);

        Assert.NotNull(await media.FindAsync(ann, before.Id));
        Assert.Null(await media.FindAsync(ann, after.Id));
        Assert.NotNull(await media.FindAsync(ben, after.Id));
        Assert.Null(await media.FindAsync(outsider, before.Id));
    }

    [Fact]
    public async Task What_was_recalled_is_nobodys_and_counts_no_more()
    {
        var (gone, seq) = await PostAsync(room, ann, NewFile(1_000));
        var (stays, _) = await PostAsync(room, ann, NewFile(10));

        await rows.Database.WriteAsync(c => MediaStore.RemoveAsync(c, room, seq));

        Assert.Null(await media.FindAsync(ann, gone.Id));
        Assert.Equal([stays.Id], await media.KnownAsync([gone.Id, stays.Id, "unknown"]));
        Assert.Equal(13, await media.UsedAsync(ann, room));
    }

    [Fact]
    public async Task Ones_own_files_in_all_rooms_count_and_nobody_elses()
    {
        var second = await rows.GroupAsync(ann, "Second");
        await PostAsync(room, ann, NewFile(5_000_000_000));
        await PostAsync(second, ann, NewFile(20));
        await PostAsync(room, ben, NewFile(40));

        Assert.Equal(5_000_000_026, await media.UsedAsync(ann, room));
        Assert.Equal(43, await media.UsedAsync(ben, room));
        Assert.Null(await media.UsedAsync(ben, second));
        Assert.Null(await media.UsedAsync(outsider, room));
    }

    [Fact]
    public async Task A_message_that_was_taken_back_shows_nothing_even_while_its_row_is_there()
    {
        var (file, seq) = await PostAsync(room, ann);

        await rows.Database.WriteAsync(c => c.ExecuteAsync("UPDATE messages SET recalled_at = 1 WHERE room = @room AND seq = @seq", new { room, seq }));

        Assert.Null(await media.FindAsync(ann, file.Id));
        Assert.Empty(await media.KnownAsync([file.Id]));
    }

    [Fact]
    public async Task Each_file_has_a_message_of_its_own_or_is_not_written()
    {
        var (first, seq) = await PostAsync(room, ann);
        var second = NewFile();

        await Assert.ThrowsAnyAsync<DbException>(() => rows.Database.WriteAsync(c => MediaStore.AddAsync(c, second, ann, room, seq, 1)));
        await Assert.ThrowsAnyAsync<DbException>(() => rows.Database.WriteAsync(c => MediaStore.AddAsync(c, second, ann, room, 9_999, 1)));

        Assert.Equal([first.Id], await media.KnownAsync([first.Id, second.Id]));
    }

    [Fact]
    public async Task Many_are_looked_up_at_once()
    {
        var (file, _) = await PostAsync(room, ann);

        Assert.Equal([file.Id], await media.KnownAsync(Enumerable.Range(0, 1_700).Select(i => $"unknown-{i}").Append(file.Id)));
    }

    [Fact]
    public async Task It_goes_with_its_message()
    {
        var (file, seq) = await PostAsync(room, ann);

        await rows.Database.WriteAsync(c => c.ExecuteAsync("DELETE FROM messages WHERE room = @room AND seq = @seq", new { room, seq }));

        Assert.Empty(await media.KnownAsync([file.Id]));
    }
}
