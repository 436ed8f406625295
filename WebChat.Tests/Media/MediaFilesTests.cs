using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using WebChat.Media;
using WebChat.Storage;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Media;

public sealed class FilesInADirectory : MediaFilesTests, IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("webchat-media-").FullName;

    private protected override Task<IMediaFiles> OpenAsync() => Task.FromResult<IMediaFiles>(new DirectoryFiles(new StorageOptions { Data = data }, NullLogger<DirectoryFiles>.Instance));

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task They_stand_by_the_first_letters_of_their_names_and_nothing_half_written_does()
    {
        var files = await StartAsync();
        await files.PutAsync("abcdef", new MemoryStream([1, 2]), CancellationToken.None);
        using var broken = new BrokenStream(3);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => files.PutAsync("abfedc", broken, CancellationToken.None));

        Assert.Equal([Path.Combine(data, "media", "ab", "abcdef")], Directory.GetFiles(data, "*", SearchOption.AllDirectories));
        Assert.Null(await files.OpenAsync("abfedc", CancellationToken.None));
    }

    [Fact]
    public async Task Where_nothing_can_be_written_it_says_so()
    {
        var files = await StartAsync();
        await File.WriteAllTextAsync(Path.Combine(data, "media", "xy"), "in the way of a folder");

        await Assert.ThrowsAsync<StorageUnavailableException>(() => files.PutAsync("xyz", new MemoryStream([1]), CancellationToken.None));
    }
}

public sealed class FilesInObjectStorage : MediaFilesTests
{
    private protected override async Task<IMediaFiles> OpenAsync() => New((await S3Server.SharedAsync()).Options);

    private static S3Files New(S3Options options) => new(options, NullLogger<S3Files>.Instance);

    [Fact]
    public async Task A_list_is_longer_than_what_is_told_of_it_at_once()
    {
        await using var server = await S3Server.StartNewAsync();
        using var files = New(server.Options);
        var names = Enumerable.Range(0, 1_100).Select(i => $"name{i:0000}").ToList();
        foreach (var name in names)
            await files.PutAsync(name, new MemoryStream([1]), CancellationToken.None);

        Assert.Equal(names, await files.ListAsync(CancellationToken.None).Select(f => f.Name).Order().ToListAsync());
    }

    [Fact]
    public async Task What_is_wrong_with_the_settings_is_said_at_the_start()
    {
        var right = (await S3Server.SharedAsync()).Options;

        Assert.Contains("no bucket \"elsewhere\"", await RefusalAsync(right with { Bucket = "elsewhere" }), StringComparison.Ordinal);
        Assert.Contains("SecretKey", await RefusalAsync(right with { AccessKey = "guessed" }), StringComparison.Ordinal);
        await New(right).StartAsync(CancellationToken.None);

        static async Task<string> RefusalAsync(S3Options options) =>
            (await Assert.ThrowsAsync<InvalidOperationException>(() => New(options).StartAsync(CancellationToken.None))).Message;
    }

    [Fact]
    public async Task While_it_is_away_or_silent_that_is_said_and_nobody_waits_for_ever()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var options = (await S3Server.SharedAsync()).Options with { Patience = TimeSpan.FromSeconds(1) };
        foreach (var endpoint in new[] { $"http://127.0.0.1:{Ports.Free()}", $"http://{silent.LocalEndpoint}" })
        {
            using var files = New(options with { Endpoint = endpoint });

            await files.StartAsync(CancellationToken.None); // the program starts all the same
            await Assert.ThrowsAsync<StorageUnavailableException>(() => files.PutAsync("name", new MemoryStream([1]), CancellationToken.None));
            await Assert.ThrowsAsync<StorageUnavailableException>(() => files.OpenAsync("name", CancellationToken.None));
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await files.ListAsync(CancellationToken.None).ToListAsync());
        }
    }

    [Fact]
    public async Task Of_what_else_is_in_the_bucket_nothing_is_known()
    {
        var options = (await S3Server.SharedAsync()).Options;
        using var files = New(options);
        using var client = new Amazon.S3.AmazonS3Client(options.AccessKey, options.SecretKey, new Amazon.S3.AmazonS3Config { ServiceURL = options.Endpoint, ForcePathStyle = true });
        await client.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest { BucketName = options.Bucket, Key = "of-somebody-else", ContentBody = "x", UseChunkEncoding = false });

        Assert.DoesNotContain("of-somebody-else", await files.ListAsync(CancellationToken.None).Select(f => f.Name).ToListAsync());
        Assert.Null(await files.OpenAsync("of-somebody-else", CancellationToken.None));
    }
}

/// <summary>What holds the files, wherever it is.</summary>
public abstract class MediaFilesTests
{
    private protected abstract Task<IMediaFiles> OpenAsync();

    private protected async Task<IMediaFiles> StartAsync()
    {
        var files = await OpenAsync();
        await files.StartAsync(CancellationToken.None);
        return files;
    }

    private static string NewName() => Guid.NewGuid().ToString("N");

    [Fact]
    public async Task What_was_stored_is_read_from_any_place()
    {
        var files = await StartAsync();
        var (name, bytes) = (NewName(), Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7)).ToArray());
        await files.PutAsync(name, new MemoryStream(bytes), CancellationToken.None);

        await using var content = (await files.OpenAsync(name, CancellationToken.None))!;

        Assert.Equal(bytes.Length, content.Length);
        Assert.Equal(bytes, await ReadAsync(content, bytes.Length));
        foreach (var from in new[] { 299_990, 5, 150_000 })
        {
            content.Seek(from, SeekOrigin.Begin);
            Assert.Equal(bytes[from..(from + 10)], await ReadAsync(content, 10));
        }
        content.Position = bytes.Length;
        Assert.Equal(0, await content.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task What_was_removed_is_nowhere_and_what_never_was_is_removed_without_a_word()
    {
        var files = await StartAsync();
        var (gone, stays) = (NewName(), NewName());
        await files.PutAsync(gone, new MemoryStream([1]), CancellationToken.None);
        await files.PutAsync(stays, new MemoryStream([2]), CancellationToken.None);

        await files.RemoveAsync(gone, CancellationToken.None);
        await files.RemoveAsync(gone, CancellationToken.None);
        await files.RemoveAsync(NewName(), CancellationToken.None);

        Assert.Null(await files.OpenAsync(gone, CancellationToken.None));
        Assert.Null(await files.OpenAsync(NewName(), CancellationToken.None));
        var names = await files.ListAsync(CancellationToken.None).Select(f => f.Name).ToListAsync();
        Assert.Contains(stays, names);
        Assert.DoesNotContain(gone, names);
    }

    [Fact]
    public async Task The_list_says_when_each_was_stored()
    {
        var files = await StartAsync();
        var name = NewName();
        var before = DateTimeOffset.UtcNow;
        await files.PutAsync(name, new MemoryStream([1]), CancellationToken.None);

        var stored = await files.ListAsync(CancellationToken.None).Where(f => f.Name == name).Select(f => f.Stored).SingleAsync();

        Assert.InRange(stored, before.AddSeconds(-2), DateTimeOffset.UtcNow.AddSeconds(2));
    }

    [Fact]
    public async Task What_broke_off_is_not_there()
    {
        var files = await StartAsync();
        var name = NewName();
        using var broken = new BrokenStream(200_000);

        await Assert.ThrowsAnyAsync<StorageUnavailableException>(() => files.PutAsync(name, broken, CancellationToken.None));

        Assert.Null(await files.OpenAsync(name, CancellationToken.None));
    }

    private static async Task<byte[]> ReadAsync(Stream content, int count)
    {
        var bytes = new byte[count];
        await content.ReadExactlyAsync(bytes);
        return bytes;
    }

    /// <summary>One that ends with a failure of the disk it is on.</summary>
    private protected sealed class BrokenStream(int length) : MemoryStream(new byte[length])
    {
        public override int Read(byte[] buffer, int offset, int count) => Position >= Length ? throw new IOException("The disk is gone.") : base.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => Position >= Length ? throw new IOException("The disk is gone.") : base.Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= Length ? throw new IOException("The disk is gone.") : base.ReadAsync(buffer, cancellationToken);

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("The disk is gone.");
    }
}
