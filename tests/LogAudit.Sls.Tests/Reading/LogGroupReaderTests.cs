using FsCheck.Xunit;
using Google.Protobuf;
using LogAudit.Testing;
using LogAudit.Wire;

namespace LogAudit.Sls.Tests.Reading;

public sealed class LogGroupReaderTests
{
    [Property(MaxTest = 100)]
    public void Readers_see_what_Google_Protobuf_sees(int seed)
    {
        var (raw, groups) = new RandomWire(seed).List();

        Assert.Equal(Wire.ReadByGoogle(raw), Wire.Read(raw, groups));
    }

    [Property(MaxTest = 100)]
    public void Readers_never_take_what_Google_Protobuf_refuses(int seed, byte what, int at)
    {
        var (raw, groups) = new RandomWire(seed).List();
        if (raw.Length == 0)
        {
            return;
        }

        raw[(int)((uint)at % raw.Length)] = what;

        LogGroupList ours;
        try
        {
            ours = Wire.Read(raw, groups);
        }
        catch (SlsDataException)
        {
            // Refusing more than Google does is allowed: known fields of another type, other numbers of groups.
            return;
        }

        try
        {
            Assert.Equal(Wire.ReadByGoogle(raw), ours);
        }
        catch (InvalidProtocolBufferException fault) when (fault.Message.Contains("UTF-8", StringComparison.Ordinal))
        {
            // Ours gives bytes as they are: some clients write what is not UTF-8, and their records must not be lost.
        }
    }

    [Fact]
    public void Readers_read_the_recorded_group()
    {
        using var document = SignatureVector.Document();
        var recorded = document.RootElement.GetProperty("encoding").GetProperty("logGroupList");
        var raw = recorded.GetProperty("protobufBase64").GetBytesFromBase64();
        var packed = recorded.GetProperty("lz4BlockBase64").GetBytesFromBase64();

        using var pulled = PulledLogs.Decode(
            Wire.Source,
            Wire.Headers(1, raw.Length, LogCompression.Lz4),
            packed,
            1 << 20
        );

        Assert.Equal(raw, pulled.Body.ToArray());
        var list = Wire.Read(raw, 1);
        Assert.Equal(LogGroupList.Parser.ParseFrom(raw), list);
        Assert.Equal("actiontrail", list.LogGroups[0].Topic);
        Assert.Equal(123456789u, list.LogGroups[0].Logs[0].TimeNs);
        Assert.Equal("审计", list.LogGroups[0].Logs[0].Contents[1].Value);
    }

    [Fact]
    public void A_log_with_more_fields_than_there_is_room_for_is_read_whole()
    {
        var log = new Log { Time = 7 };
        for (var i = 0; i < 200; i++)
        {
            log.Contents.Add(new Log.Types.Content { Key = $"k{i}", Value = $"v{i}" });
        }

        LogGroupList list = new() { LogGroups = { new LogGroup { Logs = { log, log } } } };

        Assert.Equal(list, Wire.Read(list.ToByteArray(), 1));
    }

    [Fact]
    public void A_name_that_comes_twice_is_given_twice()
    {
        var log = new Log
        {
            Time = 7,
            Contents =
            {
                new Log.Types.Content { Key = "a", Value = "1" },
                new Log.Types.Content { Key = "a", Value = "2" },
            },
        };
        LogGroupList list = new() { LogGroups = { new LogGroup { Logs = { log } } } };

        Assert.Equal(list, Wire.Read(list.ToByteArray(), 1));
    }

    [Theory]
    [InlineData("0A", "cut off")]
    [InlineData("0A80", "cut off")]
    [InlineData("0A02", "a length of 2 where 0 bytes are left")]
    [InlineData("0AFFFFFFFFFFFFFFFFFFFF7F", "more than ten bytes")]
    [InlineData("0A8080808004", "a length of 1073741824")]
    [InlineData("0AFFFFFFFF0F", "a length of 4294967295")]
    [InlineData("0AFFFFFFFFFFFFFFFFFF01", "a length of 18446744073709551615")]
    [InlineData("00", "field number 0")]
    [InlineData("08FF", "field 1 with wire type 0")]
    [InlineData("7F00", "field 15 with wire type 7")]
    [InlineData("7E00", "field 15 with wire type 6")]
    [InlineData("7B", "a group that does not end")]
    [InlineData("7C", "the end of a group that was not begun")]
    [InlineData("7B8401", "the end of a group that was not begun")]
    [InlineData("7B7C0A00", "1 log groups where 2 were announced", 2)]
    [InlineData("0A020A00", "a log without a time")]
    [InlineData("0A020801", "field 1 with wire type 0")]
    [InlineData("0A041802 0801", "field 3 with wire type 0")]
    [InlineData("0A060A04 0D010000", "field 1 with wire type 5")]
    [InlineData("0A080A06 08012002 0801", "field 4 with wire type 0")]
    [InlineData("0A060A04 08011200", "a field without a name")]
    [InlineData("0A090A07 08011203 0A0161", "a field without a value")]
    [InlineData("0A0C0A0A 08011206 0A056112 0161", "a length of 5 where 4 bytes are left")]
    [InlineData("0A0C0A0A 08011207 0A016112 0161", "a length of 7 where 6 bytes are left")]
    [InlineData("0A0C0A0A 08011206 0A016112 0261", "a length of 2 where 1 bytes are left")]
    [InlineData("0A050A03 080125", "4 bytes where 0 are left")]
    [InlineData("0A00 0A00", "more log groups than the 1 that were announced")]
    public void What_is_broken_is_refused_with_its_place(string hex, string why, int groups = 1)
    {
        var raw = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        var refused = Assert.Throws<SlsDataException>(() => Wire.Read(raw, groups));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"audit-central/slb_log shard 3 at cursor {Wire.Source.Cursor}",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("at byte ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nested_groups_are_followed_only_so_deep()
    {
        var raw = Enumerable.Repeat((byte)0x7B, 1000).Concat(Enumerable.Repeat((byte)0x7C, 1000)).ToArray();

        var refused = Assert.Throws<SlsDataException>(() => Wire.Read(raw, 0));

        Assert.Contains("deeper than", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var group = new LogGroup { Topic = "t", Source = "s" };
        for (var i = 0; i < 100; i++)
        {
            group.Logs.Add(
                new Log
                {
                    Time = 1,
                    Contents =
                    {
                        new Log.Types.Content { Key = "a", Value = "b" },
                    },
                }
            );
        }

        var raw = new LogGroupList { LogGroups = { group } }.ToByteArray();
        using var pulled = Wire.Decode(raw, 1);
        Count(pulled);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var fields = Count(pulled);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100, fields);
    }

    private static int Count(PulledLogs pulled)
    {
        var count = 0;
        for (var groups = pulled.Groups(); groups.Next(); )
        {
            for (var logs = groups.Logs(); logs.Next(); )
            {
                for (var fields = logs.Fields(); fields.Next(); )
                {
                    count++;
                }
            }
        }

        return count;
    }
}
