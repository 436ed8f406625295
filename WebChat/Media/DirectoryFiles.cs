using System.Runtime.CompilerServices;
using WebChat.Storage;

namespace WebChat.Media;

/// <summary>Files in the data directory, in folders by the first two letters of their names, so that none gets too full.</summary>
internal sealed partial class DirectoryFiles(StorageOptions options, ILogger<DirectoryFiles> logger) : IMediaFiles
{
    private const string Unfinished = ".part";

    /// <summary>True for what is being written, or was when its node died: it is nobody's yet, and is swept.</summary>
    public static bool IsUnfinished(string name) => name.EndsWith(Unfinished, StringComparison.Ordinal);

    public Task StartAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(options.MediaDirectory);
        if (options.Redis is not null)
            Log.Shared(logger, options.MediaDirectory);
        return Task.CompletedTask;
    }

    public async Task PutAsync(string name, Stream content, CancellationToken cancel)
    {
        var path = PathOf(name);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var file = new FileStream(path + Unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
            {
                await content.CopyToAsync(file, cancel);
                file.Flush(flushToDisk: true);
            }
            File.Move(path + Unfinished, path);
        }
        catch (Exception error) when (IsDisk(error))
        {
            throw new StorageUnavailableException(error);
        }
        finally
        {
            if (File.Exists(path + Unfinished))
                File.Delete(path + Unfinished);
        }
    }

    public Task<Stream?> OpenAsync(string name, CancellationToken cancel) => TryAsync<Stream?>(() =>
    {
        try
        {
            return new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

    public Task RemoveAsync(string name, CancellationToken cancel) => TryAsync(() =>
    {
        if (File.Exists(PathOf(name)))
            File.Delete(PathOf(name));
        return true;
    });

    public async IAsyncEnumerable<(string Name, DateTimeOffset Stored)> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var folder in await TryAsync(() => Directory.GetDirectories(options.MediaDirectory)))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var file in await TryAsync(() => new DirectoryInfo(folder).GetFiles()))
                yield return (file.Name, new DateTimeOffset(file.LastWriteTimeUtc));
        }
    }

    private string PathOf(string name) => Path.Combine(options.MediaDirectory, name[..2], name);

    private static bool IsDisk(Exception error) => error is IOException or UnauthorizedAccessException;

    private static Task<T> TryAsync<T>(Func<T> act)
    {
        try
        {
            return Task.FromResult(act());
        }
        catch (Exception error) when (IsDisk(error))
        {
            throw new StorageUnavailableException(error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Files of messages are kept in {Directory}: every node must have the same directory there. Set WebChat__Media__S3__Endpoint where they cannot share one")]
        public static partial void Shared(ILogger logger, string directory);
    }
}
