namespace LogAudit.Testing;

/// <summary>Whether a fake receiver stands still, and what waits for its end.</summary>
internal sealed class SocFreeze
{
    private readonly Lock gate = new();
    private TaskCompletionSource? thawed;
    private int waiting;

    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return waiting;
            }
        }
    }

    public void Begin()
    {
        lock (gate)
        {
            thawed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <returns>Reads and writes that had to wait.</returns>
    public int End()
    {
        lock (gate)
        {
            thawed?.SetResult();
            thawed = null;
            var waited = waiting;
            waiting = 0;
            return waited;
        }
    }

    public ValueTask PassAsync(CancellationToken cancel)
    {
        lock (gate)
        {
            if (thawed is null)
            {
                return ValueTask.CompletedTask;
            }

            waiting++;
            return new ValueTask(thawed.Task.WaitAsync(cancel));
        }
    }
}

/// <summary>The network of a fake receiver: stands still while the receiver does.</summary>
internal sealed class SocStream(Stream inner, SocFreeze freeze) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await freeze.PassAsync(cancellationToken);
        var read = await inner.ReadAsync(buffer, cancellationToken);
        await freeze.PassAsync(cancellationToken);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        await freeze.PassAsync(cancellationToken);
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Reads are asynchronous.");

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
