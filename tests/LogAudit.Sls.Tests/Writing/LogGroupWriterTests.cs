using System.Buffers;
using FsCheck.Xunit;
using Google.Protobuf;
using LogAudit.Testing;
using LogAudit.Wire;

namespace LogAudit.Sls.Tests.Writing;

public sealed class LogGroupWriterTests
{
    [Fact]
    public void Bytes_equal_the_recorded_ones_of_the_official_client()
    {
        using var document = SignatureVector.Document();
        var recorded = document.RootElement.GetProperty("encoding").GetProperty("logGroup");
        using var writer = new LogGroupWriter("actiontrail", "192.0.2.10", [new("__pack_id__", "0A1B2C3D-1")]);

        writer.BeginLog(1768465845, 123456789);
        writer.Field("eventName"u8, "CreateTrail"u8);
        writer.Field("userName", "审计");
        writer.EndLog();
        writer.BeginLog(DateTimeOffset.FromUnixTimeSeconds(1768465846));
        writer.Field("eventName", "StopLogging");
        writer.EndLog();

        var group = Assert.Single(Groups(writer));
        Assert.Equal(recorded.GetProperty("protobufBase64").GetBytesFromBase64(), group.ToByteArray());
    }

    [Property(MaxTest = 200)]
    public void What_is_written_is_what_Google_Protobuf_reads(int seed)
    {
        var random = new Random(seed);
        var expected = new LogGroup { Topic = "t", Source = "s" };
        using var writer = new LogGroupWriter("t", "s", []);
        for (var i = random.Next(1, 20); i > 0; i--)
        {
            var log = new Log { Time = (uint)random.Next(), TimeNs = (uint)random.Next(1, 1_000_000_000) };
            writer.BeginLog(log.Time, log.TimeNs);
            for (var f = random.Next(0, 40); f > 0; f--)
            {
                var content = new Log.Types.Content
                {
                    Key = $"k{f}é",
                    Value = new string('审', random.Next(20) == 0 ? random.Next(6000) : random.Next(60)),
                };
                log.Contents.Add(content);
                if (random.Next(2) == 0)
                {
                    writer.Field(content.Key, content.Value);
                }
                else
                {
                    writer.Field(
                        System.Text.Encoding.UTF8.GetBytes(content.Key),
                        System.Text.Encoding.UTF8.GetBytes(content.Value)
                    );
                }
            }

            writer.EndLog();
            expected.Logs.Add(log);
        }

        Assert.Equal(expected, Assert.Single(Groups(writer)));
    }

    [Fact]
    public void Logs_are_cut_into_groups_of_4096()
    {
        using var writer = new LogGroupWriter("t", "", []);
        for (var i = 0u; i < 10_000; i++)
        {
            writer.BeginLog(i, 0);
            writer.EndLog();
        }

        var groups = Groups(writer);

        Assert.Equal([4096, 4096, 1808], groups.Select(group => group.Logs.Count));
        Assert.Equal(
            Enumerable.Range(0, 10_000).Select(i => (uint)i),
            groups.SelectMany(group => group.Logs).Select(log => log.Time)
        );
        Assert.All(groups, group => Assert.Equal("t", group.Topic));
    }

    [Fact]
    public void Logs_are_cut_into_groups_of_at_most_5_MiB()
    {
        using var writer = new LogGroupWriter("topic", "source", [new("a", "b")]);
        var value = new byte[1_000_000];
        for (var i = 0; i < 12; i++)
        {
            writer.BeginLog(1, 0);
            writer.Field("v"u8, value);
            writer.EndLog();
        }

        var groups = Groups(writer);

        Assert.Equal([5, 5, 2], groups.Select(group => group.Logs.Count));
        Assert.All(groups, group => Assert.InRange(group.CalculateSize(), 1, LogGroupWriter.MaxGroupBytes));
    }

    [Fact]
    public void A_log_that_is_too_large_is_taken_out_and_the_others_stay()
    {
        using var writer = new LogGroupWriter("t", "s", []);
        writer.BeginLog(1, 0);
        writer.EndLog();
        writer.BeginLog(2, 0);
        writer.Field("v"u8, new byte[LogGroupWriter.MaxLogBytes + 1]);

        Assert.Throws<SlsDataException>(writer.EndLog);
        writer.BeginLog(3, 0);
        writer.EndLog();

        Assert.Equal([1u, 3u], Assert.Single(Groups(writer)).Logs.Select(log => log.Time));
    }

    [Fact]
    public void Clear_takes_all_logs_out()
    {
        using var writer = new LogGroupWriter("t", "s", []);
        writer.BeginLog(1, 0);
        writer.EndLog();

        writer.Clear();

        Assert.Equal((0, 0, 0), (writer.LogCount, writer.GroupCount, writer.Bytes));
    }

    [Fact]
    public void Logs_are_begun_and_ended_in_turn()
    {
        using var writer = new LogGroupWriter("t", "s", []);

        Assert.Throws<InvalidOperationException>(writer.EndLog);
        writer.BeginLog(1, 0);
        Assert.Throws<InvalidOperationException>(() => writer.BeginLog(2, 0));
    }

    private static List<LogGroup> Groups(LogGroupWriter writer) =>
        [
            .. Enumerable
                .Range(0, writer.GroupCount)
                .Select(index =>
                {
                    var (buffer, length) = writer.Group(index);
                    var group = LogGroup.Parser.ParseFrom(buffer, 0, length);
                    ArrayPool<byte>.Shared.Return(buffer);
                    return group;
                }),
        ];
}
