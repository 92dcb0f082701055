using System.Text;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class StandardOutputTests : SinkContract
{
    protected override IFormat Format { get; } = new Json();

    protected override string Place => "standard output";

    [Fact]
    public void Lines_on_standard_output_prove_nothing()
    {
        using var sink = new StandardOutput(new MemoryStream(), TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.False(sink.Acknowledges);
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var output = new MoodyOutput(mood);
        return Task.FromResult(
            new SinkUnderTest(
                new StandardOutput(output, timeout, TimeProvider.System),
                () => Encoding.UTF8.GetString(output.Taken.ToArray()).Split('\n'),
                output
            )
        );
    }

    /// <summary>A console whose reader is gone or asleep at the first write.</summary>
    private sealed class MoodyOutput(SocMood mood) : Stream
    {
        private readonly ManualResetEventSlim end = new();
        private int writes;

        public MemoryStream Taken { get; } = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Taken.Length;

        public override long Position
        {
            get => Taken.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Interlocked.Increment(ref writes) == 1)
            {
                if (mood == SocMood.Cuts)
                {
                    throw new IOException("Broken pipe");
                }

                if (mood == SocMood.Hangs)
                {
                    end.Wait();
                    throw new IOException("Broken pipe");
                }
            }

            Taken.Write(buffer);
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            end.Set();
            base.Dispose(disposing);
        }
    }
}
