using System.Buffers;
using LogAudit.Wire;

namespace LogAudit.Sls.Tests.Writing;

public sealed class MetricSampleTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 2, 3, 4, 500, TimeSpan.Zero);

    [Fact]
    public void Write_makes_a_log_of_exactly_the_four_keys_with_labels_sorted_and_the_time_in_nanoseconds()
    {
        var labels = new Dictionary<string, string> { ["region"] = "cn-hangzhou", ["instance_id"] = "rm-1" };

        var fields = FieldsOf(new MetricSample("mysql_perf_qps", labels, Time, 12.5));

        Assert.Equal(
            [
                ("__name__", "mysql_perf_qps"),
                ("__labels__", "instance_id#$#rm-1|region#$#cn-hangzhou"),
                ("__time_nano__", "1772330584500000000"),
                ("__value__", "12.5"),
            ],
            fields
        );
    }

    [Fact]
    public void LabelText_lets_no_value_end_a_label_and_leaves_out_those_without_a_value()
    {
        var text = MetricSample.LabelText(
            new Dictionary<string, string>
            {
                ["name"] = "a|b#$#c",
                ["none"] = "",
                ["id"] = "1",
            }
        );

        Assert.Equal("id#$#1|name#$#a_b_c", text);
    }

    [Theory]
    [InlineData(1e-7, "1E-07")]
    [InlineData(123456789012, "123456789012")]
    [InlineData(-0.5, "-0.5")]
    public void Write_tells_the_value_in_full_whatever_the_culture(double value, string text) =>
        Assert.Equal(text, FieldsOf(new MetricSample("m", new Dictionary<string, string>(), Time, value))[^1].Value);

    private static List<(string Name, string Value)> FieldsOf(MetricSample sample)
    {
        using var writer = new LogGroupWriter("", "", []);
        sample.Write(writer);
        var (buffer, length) = writer.Group(0);
        try
        {
            var log = Assert.Single(LogGroup.Parser.ParseFrom(buffer, 0, length).Logs);
            return [.. log.Contents.Select(content => (content.Key, content.Value))];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
