using WebChat.Storage;

namespace WebChat.Media;

/// <summary>
/// Where the files of messages are. They are written once and never changed; what stands in a row's id, or in that and a suffix, is
/// a file's name here.
/// </summary>
internal interface IMediaFiles
{
    /// <summary>Looks whether it can work at all.</summary>
    /// <exception cref="InvalidOperationException">The settings are wrong; the message says what to do.</exception>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Stores a file. When the task ends it is there as a whole; until then it is not.</summary>
    /// <param name="name">Unguessable, and never used before.</param>
    /// <param name="content">From its beginning.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StorageUnavailableException">It could not be stored now.</exception>
    Task PutAsync(string name, Stream content, CancellationToken cancel);

    /// <summary>Opens a file to be read from any place of it.</summary>
    /// <returns>Null when there is none of that name.</returns>
    /// <exception cref="StorageUnavailableException">It cannot be read now.</exception>
    Task<Stream?> OpenAsync(string name, CancellationToken cancel);

    /// <summary>Removes a file, if it is there.</summary>
    /// <exception cref="StorageUnavailableException">It could not be removed now.</exception>
    Task RemoveAsync(string name, CancellationToken cancel);

    /// <summary>All files, in no order, and when each was stored.</summary>
    /// <exception cref="StorageUnavailableException">They cannot be read now.</exception>
    IAsyncEnumerable<(string Name, DateTimeOffset Stored)> ListAsync(CancellationToken cancel);
}
