using System.Text;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class LineFileTests : SinkContract
{
    protected override IFormat Format { get; } = new Json();

    protected override string Place => "audit.ndjson";

    [Fact]
    public async Task Batches_follow_each_other_one_record_a_line()
    {
        using var folder = new TestFolder();
        using var sink = Sink(folder);
        using var batch = SinkBatches.Of(Format, 3);

        await sink.SendAsync(batch, CancellationToken.None);
        await sink.SendAsync(batch, CancellationToken.None);

        var lines = Enumerable.Range(0, 3).Select(index => Encoding.UTF8.GetString(batch.Body(index).Span)).ToArray();
        var written = await File.ReadAllLinesAsync(folder.Path("audit.ndjson"));
        Assert.Equal([.. lines, .. lines], written);
    }

    [Fact]
    public async Task Rest_of_a_line_that_a_crash_left_behind_stays_a_line_of_its_own()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.Path("audit.ndjson"), "{\"half\":");
        using var sink = Sink(folder);
        using var batch = SinkBatches.Of(Format, 1);

        await sink.SendAsync(batch, CancellationToken.None);

        var written = await File.ReadAllLinesAsync(folder.Path("audit.ndjson"));
        Assert.Equal(["{\"half\":", Encoding.UTF8.GetString(batch.Body(0).Span)], written);
    }

    [Fact]
    public async Task Shards_that_write_at_the_same_time_do_not_mix_their_lines()
    {
        using var folder = new TestFolder();
        using var sink = Sink(folder);
        using var batch = SinkBatches.Of(Format, 50, padding: 2_000);

        var reports = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => sink.SendAsync(batch, CancellationToken.None)))
        );

        Assert.All(reports.SelectMany(Outcomes), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        var expected = Enumerable.Range(0, 50).Select(index => Encoding.UTF8.GetString(batch.Body(index).Span));
        Assert.Equal(
            Enumerable.Repeat(expected, 8).SelectMany(lines => lines),
            await File.ReadAllLinesAsync(folder.Path("audit.ndjson"))
        );
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var folder = new TestFolder();
        var path = folder.Path("audit.ndjson");
        FileStream? taken = null;
        if (mood == SocMood.Cuts)
        {
            Directory.CreateDirectory(path);
        }
        else if (mood == SocMood.Hangs)
        {
            taken = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        }

        ISink sink = new LineFile(new LineFileOptions { Path = path, Timeout = timeout }, TimeProvider.System);
        if (mood == SocMood.Cuts)
        {
            sink = new MendedSink(sink, () => Directory.Delete(path));
        }

        return Task.FromResult(
            new SinkUnderTest(
                sink,
                () => File.Exists(path) ? File.ReadAllLines(path) : [],
                new Receiver(() =>
                {
                    taken?.Dispose();
                    folder.Dispose();
                })
            )
        );
    }

    private static LineFile Sink(TestFolder folder) =>
        new(new LineFileOptions { Path = folder.Path("audit.ndjson") }, TimeProvider.System);

    private sealed class Receiver(Action end) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            end();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class TestFolder : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("logaudit-file-");

        public string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

        public void Dispose() => folder.Delete(recursive: true);
    }

    /// <summary>A sink whose receiver is put right after the first try.</summary>
    private sealed class MendedSink(ISink inner, Action mend) : ISink
    {
        private Action? mend = mend;

        public string Name => inner.Name;

        public bool Acknowledges => inner.Acknowledges;

        public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
        {
            var report = await inner.SendAsync(batch, cancel);
            mend?.Invoke();
            mend = null;
            return report;
        }

        public void Dispose() => inner.Dispose();
    }
}
