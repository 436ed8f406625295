using System.Net;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using WebChat.Media;
using WebChat.Storage;
using WebChat.Tests.Servers;
using static WebChat.Tests.Media.Sending;

namespace WebChat.Tests.Media;

/// <summary>Where files are kept, and until when.</summary>
public sealed class StoredFilesTests
{
    [Fact]
    public async Task What_nobody_posted_is_gone_after_an_hour_and_what_was_posted_stays()
    {
        using var own = new App();
        await AssertSweptAsync(own);
    }

    private static async Task AssertSweptAsync(App own)
    {
        var (ann, ben, room) = await own.FriendsAsync("ann", "ben");
        var posted = await PostAsync(own, ann, room, NewFile(Sample.Png) with { Small = new MemoryStream(Sample.Png) });
        var recalled = await PostAsync(own, ann, room, NewFile(Sample.Png) with { Small = new MemoryStream(Sample.Png) });
        var abandoned = (await SendAsync(own, ann, room, NewFile(Sample.Png) with { Small = new MemoryStream(Sample.Png) })).File!;
        var forgotten = (await SendAsync(own, ann, room, NewFile(Sample.Png) with { Small = new MemoryStream(Sample.Png) })).File!;
        var all = await StoredAsync(own);
        Assert.Equal(8, all.Count);

        await own.Get<Uploads>().ForgetAsync(forgotten);
        await own.Get<Database>().WriteAsync(c => c.ExecuteAsync("DELETE FROM media WHERE id = @Id", new { recalled.Id }));
        await SweepIn(own, TimeSpan.FromMinutes(55)).SweepAsync(CancellationToken.None);
        Assert.Equal(Names(posted, recalled, abandoned), await StoredAsync(own));
        await AssertLostAsync(ben, recalled.Address);
        await AssertLostAsync(ann, abandoned.Address);

        var sweeps = Enumerable.Range(0, 3).Select(_ => SweepIn(own, TimeSpan.FromMinutes(65)).SweepAsync(CancellationToken.None)); // as several nodes do
        await Task.WhenAll(sweeps);
        Assert.Equal(Names(posted), await StoredAsync(own));
        Assert.Equal(Sample.Png, await (await ben.Http.GetAsync(posted.Address)).Content.ReadAsByteArrayAsync());
        Assert.Equal(Sample.Png, await (await ben.Http.GetAsync(posted.SmallAddress)).Content.ReadAsByteArrayAsync());

        static IEnumerable<string> Names(params MediaFile[] files) => files.SelectMany(f => new[] { f.Id, $"{f.Id}.small" }).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_was_in_a_group_that_was_dissolved_is_swept_and_its_room_is_ones_own_again()
    {
        using var own = new App(("WebChat:Limits:QuotaBytes", "5000"));
        using var ann = await own.SignUpAsync("ann");
        var (gone, stays) = (await ann.NewGroupAsync("Walkers"), await ann.NewGroupAsync("Choir"));
        await PostAsync(own, ann, gone, NewFile(new byte[4_000]));
        var kept = await PostAsync(own, ann, stays, NewFile(new byte[10]));
        Assert.Equal(413, (await SendAsync(own, ann, stays, NewFile(new byte[4_000]))).Status);

        await ann.SubmitAsync(await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{gone}/settings", "Dissolve group")), "Dissolve group");
        await SweepIn(own, TimeSpan.FromMinutes(65)).SweepAsync(CancellationToken.None);

        Assert.Equal([kept.Id], await StoredAsync(own));
        Assert.Equal(200, (await SendAsync(own, ann, stays, NewFile(new byte[4_000]))).Status);
    }

    [Fact]
    public async Task All_of_it_works_with_object_storage_too()
    {
        await using var server = await S3Server.StartNewAsync();
        using (var own = new App(server.Settings))
        {
            await AssertSweptAsync(own);
            using var ann = new Person(own.Address, "ann");
            using var ben = new Person(own.Address, "ben");
            await ann.SignInAsync();
            await ben.SignInAsync();
            var room = await ann.NewGroupAsync("Walkers");
            await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
            await MediaAddressTests.AssertRangesAsync(own, ann, ben, room);
            Assert.False(Directory.Exists(Path.Combine(own.Data, "media")));

            var file = await PostAsync(own, ann, room, NewFile(Sample.Png));
            await server.DisposeAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ben.Http.GetAsync(file.Address)).StatusCode);
            await Assert.ThrowsAsync<StorageUnavailableException>(() => SendAsync(own, ann, room, NewFile(Sample.Png)));
            Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync($"/rooms/{room}")).StatusCode);
        }
    }

    [Theory]
    [InlineData("WebChat__Media__S3__Bucket, WebChat__Media__S3__SecretKey: not set", "Endpoint=http://127.0.0.1:1", "AccessKey=x")]
    [InlineData("WebChat__Media__S3__Endpoint: not set", "Bucket=x", "AccessKey=x", "SecretKey=x")]
    [InlineData("is \"storage.example.org\", which is no address", "Endpoint=storage.example.org", "Bucket=x", "AccessKey=x", "SecretKey=x")]
    public void Settings_that_cannot_work_are_said_at_the_start(string words, params string[] settings)
    {
        var error = Record.Exception(() => new App([.. settings.Select(s => ($"WebChat:Media:S3:{s.Split('=', 2)[0]}", s.Split('=', 2)[1]))]));

        Assert.Contains(words, error!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_nodes_are_told_that_they_must_share_the_directory()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var node = await Instance.StartAsync(Instance.Built, Instance.Project, ("WebChat__Redis", redis.Address));
        await using var alone = await Instance.StartAsync(Instance.Built, Instance.Project);

        Assert.Contains($"Files of messages are kept in {node.Folder}/media: every node must have the same directory there", node.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Files of messages", alone.Log, StringComparison.Ordinal);
    }

    private static MediaSweep SweepIn(App app, TimeSpan time) => new(app.Get<MediaStore>(), app.Get<IMediaFiles>(), new LaterClock(time), NullLogger<MediaSweep>.Instance);

    private sealed class LaterClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
