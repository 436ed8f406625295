using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace WebChat.Live;

/// <summary>
/// Lets an answer take its connection out of HTTP: when the request has ended, the line goes on without it. A request that lasts as
/// long as a tab is open holds its headers, its services, its user and a state for each layer it went through, some 15 KiB in all;
/// the line itself needs a quarter of that.
/// </summary>
/// <remarks>HTTP believes the line to have ended with the request that was upgraded, and lets go of it; so its end is kept from the transport.</remarks>
internal sealed class Takeover : IDuplexPipe, IConnectionHeartbeatFeature
{
    private readonly ConnectionContext connection;
    private readonly IDuplexPipe transport;
    private Func<ConnectionContext, Task>? talk;
    private Action<object>? beat;
    private object? beaten;

    private Takeover(ConnectionContext connection)
    {
        this.connection = connection;
        transport = connection.Transport;
        Input = new Reading(this, transport.Input);
        Output = new Writing(this, transport.Output);
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static state => ((Takeover)state).Beat(), this);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    private bool IsTaken => talk is not null;

    /// <summary>What a server's connections go through, around HTTP.</summary>
    public static ConnectionDelegate Around(ConnectionDelegate http) => async connection =>
    {
        if (await ServeAsync(http, connection) is { } talk)
            await talk(connection);
    };

    /// <summary>The way out of HTTP for this request's connection; null where there is none, as over TLS or in HTTP/2.</summary>
    public static Takeover? Of(HttpContext http) =>
        http.Features.Get<ITlsHandshakeFeature>() is null && http.Features.Get<IConnectionSocketFeature>() is not null ? http.Features.Get<Takeover>() : null;

    /// <summary>Has this run on the connection once the request has ended, which was upgraded before this.</summary>
    public void Take(Func<ConnectionContext, Task> run) => talk = run;

    /// <summary>HTTP's clock: it would hold on to HTTP for as long as the line lasts.</summary>
    void IConnectionHeartbeatFeature.OnHeartbeat(Action<object> action, object state) => (beat, beaten) = (action, state);

    private void Beat()
    {
        if (beaten is { } state)
            beat?.Invoke(state);
    }

    private static async Task<Func<ConnectionContext, Task>?> ServeAsync(ConnectionDelegate http, ConnectionContext connection)
    {
        var takeover = new Takeover(connection);
        connection.Transport = takeover;
        connection.Features.Set(takeover);
        connection.Features.Set<IConnectionHeartbeatFeature>(takeover);
        await http(connection);
        connection.Transport = takeover.transport;
        return takeover.End();
    }

    private Func<ConnectionContext, Task>? End()
    {
        (beat, beaten) = (null, null);
        connection.Features.Set<Takeover>(null);
        return talk;
    }

    private sealed class Reading(Takeover takeover, PipeReader inner) : PipeReader
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);
        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);
        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);
        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);
        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null)
        {
            if (!takeover.IsTaken)
                inner.Complete(exception);
        }
    }

    private sealed class Writing(Takeover takeover, PipeWriter inner) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;
        public override long UnflushedBytes => inner.UnflushedBytes;
        public override void Advance(int bytes) => inner.Advance(bytes);
        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);
        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);
        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => inner.WriteAsync(source, cancellationToken);
        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null)
        {
            if (!takeover.IsTaken)
                inner.Complete(exception);
        }
    }
}
