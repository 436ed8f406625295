using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace WebChat.Backups;

/// <summary>Counts and sums the files of messages while they pass.</summary>
internal sealed class MediaSum : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[128 * 1024];
    private long files;
    private long bytes;

    /// <summary>Reads a file to its end.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="from">What is in it.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task PassAsync(string name, Stream from, Stream to, CancellationToken cancel)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(name));
        var length = 0L;
        while (await from.ReadAsync(buffer, cancel) is var read and > 0)
        {
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            length += read;
        }
        BinaryPrimitives.WriteInt64LittleEndian(buffer, length);
        hash.AppendData(buffer, 0, sizeof(long));
        files++;
        bytes += length;
    }

    public MediaManifest End() => new(files, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));

    public void Dispose() => hash.Dispose();
}
