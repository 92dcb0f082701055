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

    [Fact]
    public void A_line_of_another_kind_that_quotes_a_record_is_not_the_record()
    {
        var check = Judge([Written(Access)], $" product=\"actiontrail\" kind=\"events\" the answer said {Access}");

        Assert.Equal((1, 0, 0, 1), (check.Generated, check.Delivered, check.Duplicated, check.Lost));
        Assert.Equal((1, 0), check.ByKind[("slb", "access")]);
    }

    [Fact]
    public void Twins_are_complete_with_a_line_each()
    {
        var twins = Written(Access) with { Copies = 2 };

        Assert.Equal((0, 1), Outcome(Judge([twins], Line(Access))));
        Assert.Equal((1, 0), Outcome(Judge([twins], Line(Access), Line(Access))));

        static (int, int) Outcome(DeliveryCheck check) => (check.Delivered, check.Lost);
    }

    [Fact]
    public void What_stayed_with_the_product_before_anything_carried_its_log_is_of_no_collected_log()
    {
        var check = Judge([Stayed(Access), Written(Flow)], Line(Flow));

        Assert.Equal((1, 1, 0), (check.Generated, check.Delivered, check.Lost));
        Assert.Equal(Access, Assert.Single(check.BeforeCollection).Marker);
    }

    [Fact]
    public void What_stays_with_the_product_after_its_log_was_carried_is_lost()
    {
        var check = Judge([Written(Flow), Stayed(Access)], Line(Flow));

        Assert.Equal(Access, Assert.Single(check.Missing).Marker);
        Assert.Empty(check.BeforeCollection);
    }

    private static WrittenRecord Written(string marker) =>
        new("slb", "access", "1", "lb-1", marker, "p", "slb_log", default);

    private static WrittenRecord Stayed(string marker) => Written(marker) with { StaysWithProduct = true };

    private static string Line(string text) => $" product=\"slb\" kind=\"access\" {text}";

    private static DeliveryCheck Check(string[] markers, params string[] lines) =>
        Judge([.. markers.Select(Written)], [.. lines.Select(Line)]);

    private static DeliveryCheck Judge(WrittenRecord[] written, params string[] lines)
    {
        using var folder = new TemporaryFolder();
        return DeliveryCheck.Of(written, folder.With("received.log", string.Join('\n', lines)));
    }
}
