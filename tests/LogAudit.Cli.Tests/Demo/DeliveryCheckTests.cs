using LogAudit.Cli.Demo;
using LogAudit.LocalCloud.Products.Logs;

namespace LogAudit.Cli.Tests.Demo;

public sealed class DeliveryCheckTests
{
    private const string Access = "0123456789ABCDEF01234567";
    private const string Flow = "89ABCDEF0123456789ABCDEF";
    private const string Event = "1B2C3D4E-0000-4000-8000-0123456789AB";

    [Fact]
    public void Both_forms_of_markers_are_found_wherever_they_stand()
    {
        var check = Check(
            [Access, Event],
            $$"""<134>1 2026-01-01T00:00:00Z - slb - {"event":{"id":"{{Access}}"} }""",
            $"<134>1 2026-01-01T00:00:00Z - actiontrail - eventId={Event}, again {Event}"
        );

        Assert.Equal((2, 2, 0, 0), (check.Generated, check.Delivered, check.Duplicated, check.Lost));
    }

    [Fact]
    public void What_is_in_no_line_is_lost_and_named()
    {
        var check = Check([Access, Flow, Event], $"only {Flow}");

        Assert.Equal((3, 1, 2), (check.Generated, check.Delivered, check.Lost));
        Assert.Equal([Access, Event], check.Missing.Select(record => record.Marker));
    }

    [Fact]
    public void Lines_beyond_the_first_are_duplicates()
    {
        var check = Check([Access, Flow], $"a {Access}", $"b {Access}", $"c {Access} {Flow}");

        Assert.Equal((2, 2), (check.Delivered, check.Duplicated));
    }

    [Fact]
    public void Lines_of_nobody_count_nowhere()
    {
        var check = Check([Access], $"x {Access}", $"y {Flow}", "z", "");

        Assert.Equal((1, 1, 0, 0), (check.Generated, check.Delivered, check.Duplicated, check.Lost));
    }

    [Fact]
    public void A_record_written_to_two_places_is_one_record()
    {
        var check = Check([Access, Access], $"x {Access}");

        Assert.Equal((1, 1, 0), (check.Generated, check.Delivered, check.Duplicated));
    }

    private static DeliveryCheck Check(string[] markers, params string[] lines)
    {
        using var folder = new TemporaryFolder();
        return DeliveryCheck.Of(
            markers.Select(marker => new WrittenRecord("slb", "1", "lb-1", marker, "p", "slb_log", default)),
            folder.With("received.log", string.Join('\n', lines))
        );
    }
}
