using Amazon.S3.Model;
using WebChat.Storage;

namespace WebChat.Media;

/// <summary>An object to be read from any place: asked for when the first byte is, from that place on.</summary>
internal sealed class S3Stream(long length, Func<long, CancellationToken, Task<GetObjectResponse>> ask, TimeSpan patience) : Stream
{
    private GetObjectResponse? answer;
    private long position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var to = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => position, _ => length };
        if (to != position)
            Forget();
        return position = to;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position >= length)
            return 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            answer ??= await ask(position, limit.Token);
            var read = await answer.ResponseStream.ReadAsync(buffer, limit.Token);
            position += read;
            return read;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StorageUnavailableException(error);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("What comes over a line is read asynchronously.");

    public override void Flush()
    {
        // Nothing is ever written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Forget();
        base.Dispose(disposing);
    }

    private void Forget()
    {
        answer?.Dispose();
        answer = null;
    }
}
