using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>What a data file says of delivery objects, and what follows from it.</summary>
public sealed class DeliveryFileTests
{
    private const string Good = """
        product: nas
        title: File storage
        source: NAS API reference
        regions: { source: NAS DescribeRegions, ids: [cn-hangzhou] }
        lists:
          pipes:
            source: NAS DescribePipes
            call: NAS:DescribePipes
            with: { Owner: "{owner}" }
            paging: single
            rows: Pipes
        delivery:
          source: NAS CreatePipe
          kind: nas.pipe
          name: ours-{owner}
          list: pipes
          at: { id: Id, name: Name, owner: Owner, region: Home, error: Error }
          state: { place: Place, size: Size, status: Status }
          wanted: { place: "{project}/{logstore}", size: big, status: "on" }
          serves: [place]
          fixed: [place]
          status: { member: status, on: "on", off: "off", coming: { starting: "on", stopping: "off" }, gone: [deleting] }
          none: "{owner} of {account} has no pipe to {place}"
          misfit: pipe {id} goes to {place}
          create: { call: NAS:CreatePipe, with: { Name: "{name}", Owner: "{owner}", Place: "{place}" } }
          change: { call: NAS:ModifyPipe, with: { Id: "{id}", Size: "{size}" } }
          start: { call: NAS:StartPipe, with: { Id: "{id}" } }
          stop: { call: NAS:StopPipe, with: { Id: "{id}" } }
          delete: { call: NAS:DeletePipe, with: { Id: "{id}" } }
        logs:
          audit:
            source: NAS CreatePipe
            about: Every operation on a file.
            route: [delivery]
            logstore: nas_log
            topics: [nas_audit_log]
            variables: { source: old service, enabled: nas_enabled, ttl: nas_ttl }
            records: { source: log fields of NAS, category: file, fields: { ClientIP: { type: text, to: { source.ip: ip } } } }
        changeEvents: []
        ram: { source: NAS authorization, actions: [] }
        errors: { source: NAS error codes }
        """;

    private const string Here = "place=p size=big status=";

    private static readonly ResourceRef Files = Cloud.Resource("nas", "nas-1");

    [Theory]
    [InlineData("serves: [place]", "serves: [plaice]", "serves", "'plaice' is no member of the state: place, size")]
    [InlineData("fixed: [place]", "fixed: [all]", "fixed", "'all' is no member")]
    [InlineData("wanted: { place", "wanted: { site: x, place", "wanted", "'site' is no member")]
    [InlineData("status: { member: status", "status: { member: state", "status", "'state' is no member")]
    [InlineData("list: pipes", "list: tubes", "list", "'tubes' is not one of pipes")]
    [InlineData("stop: { call: NAS:StopPipe, with: { Id: \"{id}\" } }", "", "stop", "is missing")]
    [InlineData("call: NAS:ModifyPipe", "call: ModifyPipe", "change.call", "Product:Action")]
    [InlineData("owner: Owner, region", "region", "at.owner", "is missing")]
    [InlineData("kind: nas.pipe", "kind: nas.pipe\n  kid: nas.pipe", "kid", "unknown key")]
    [InlineData("source: NAS CreatePipe\n  kind", "kind", "source", "is missing")]
    public void Mistakes_in_a_delivery_are_told_with_their_key(string right, string wrong, string key, string problem)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);

        var mistake = Assert.Throws<CatalogueException>(() => Shape(right, wrong));

        Assert.Equal($"delivery.{key}", mistake.Key);
        Assert.Contains(problem, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "on", "CreatePipe:on")]
    [InlineData("", "off", "CreatePipe:on StopPipe:off")]
    [InlineData("on", "", "DeletePipe:")]
    [InlineData("on", "off", "StopPipe:off")]
    [InlineData("off", "on", "StartPipe:on")]
    [InlineData("on", "on", "")]
    public void What_is_made_running_is_started_only_when_it_was_stopped(string from, string to, string steps) =>
        Assert.Equal(steps, Steps(Shape(), from, to));

    [Theory]
    [InlineData("", "on", "CreatePipe:off StartPipe:on")]
    [InlineData("", "off", "CreatePipe:off")]
    [InlineData("on", "", "StopPipe:off DeletePipe:")]
    [InlineData("off", "", "DeletePipe:")]
    public void What_rests_at_its_ends_is_started_after_it_was_made_and_stopped_before_it_goes(
        string from,
        string to,
        string steps
    ) => Assert.Equal(steps, Steps(Shape("status: { member", "status: { restsAtEnds: true, member"), from, to));

    [Fact]
    public void A_change_of_members_comes_before_the_change_of_the_status_and_keeps_it()
    {
        var shape = Shape();

        var steps = shape.Steps(State("p", "small", "off"), State("p", "big", "on")).ToArray();

        Assert.Equal(["ModifyPipe", "StartPipe"], steps.Select(step => step.Call.Action));
        Assert.Equal([State("p", "big", "off"), State("p", "big", "on")], steps.Select(step => step.Becomes!));
    }

    [Fact]
    public void Where_no_call_starts_the_change_does()
    {
        var steps = Shape(
                "  start: { call: NAS:StartPipe, with: { Id: \"{id}\" } }\n  stop: { call: NAS:StopPipe, with: { Id: \"{id}\" } }\n",
                ""
            )
            .Steps(State("p", "big", "off"), State("p", "big", "on"));

        Assert.Equal(("ModifyPipe", State("p", "big", "on")), (steps.Single().Call.Action, steps.Single().Becomes));
    }

    [Fact]
    public void A_fixed_member_is_never_changed() =>
        Assert.Contains(
            "place is fixed",
            Assert
                .Throws<InvalidOperationException>(() =>
                    Shape().Steps(State("p", "big", "on"), State("q", "big", "on")).ToArray()
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("", null)]
    [InlineData("other q on", null)]
    [InlineData("other p on", "on")]
    [InlineData("other p off", "off: pipe i1 is stopped; nas-1/i1 off>on")]
    [InlineData("other p off, other p on", "on")]
    [InlineData("ours p starting", "wait: pipe i1 is starting")]
    [InlineData("ours q stopping", "wait: pipe i1 is stopping")]
    [InlineData("ours p off", "off: pipe i1 is stopped; nas-1 off>on")]
    [InlineData("ours q on", "off: pipe i1 goes to q; nas-1 on>; nas-1 >on")]
    [InlineData("ours q on, other p on", "on")]
    [InlineData(
        "ours p on, ours p on",
        "off: nas-1 has 2 pipes of ours, created at once: records come 2 times; nas-1/i2 on>"
    )]
    [InlineData("ours p on, ours p starting", "wait: pipe i2 is starting")]
    [InlineData("ours p failing", "off: pipe i1 runs, but its delivery fails: no such place")]
    public async Task What_is_there_says_what_is_wanted(string there, string? answer)
    {
        var shape = Shape();

        Assert.Equal(answer, await JudgedAsync(shape, there));
    }

    [Fact]
    public async Task What_does_not_serve_is_mended_in_place_where_nothing_fixed_differs() =>
        Assert.Equal(
            "off: pipe i1 goes to q; nas-1 off>on",
            await JudgedAsync(Shape("fixed: [place]", "fixed: [size]"), "ours q off")
        );

    [Fact]
    public void A_row_is_read_with_its_home_or_the_region_that_was_asked()
    {
        var row = Row(1, "ours", "p", "on");

        var asked = Shape().Read(Cloud.Account, Cloud.Region, row);
        row["Home"] = "cn-beijing";
        var home = Shape().Read(Cloud.Account, Cloud.Region, row);

        Assert.Equal(new DeliveryRef(Cloud.Account, Cloud.Region, "nas-1", "i1"), asked.Ref);
        Assert.Equal(new RegionId("cn-beijing"), home.Ref.Region);
        Assert.Equal(("ours-nas-1", $"{Here}on"), (home.Name, home.State.ToString()));
        row.Remove("Owner");
        Assert.Throws<OpenApiException>(() => Shape().Read(Cloud.Account, Cloud.Region, row));
    }

    [Fact]
    public void The_reason_to_make_one_names_whom_it_is_for_and_where_it_goes() =>
        Assert.Equal("nas-1 of 1000000000000001 has no pipe to p", Shape().Making(Files, State("p", "big", "on")).Why);

    private static string Steps(DeliveryShape shape, string from, string to) =>
        string.Join(
            ' ',
            shape.Steps(StateOf(from), StateOf(to)).Select(step => $"{step.Call.Action}:{step.Becomes?["status"]}")
        );

    private static async Task<string?> JudgedAsync(DeliveryShape shape, string there)
    {
        var rows = there
            .Split(", ", StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split(' '))
            .Select((one, index) => Row(index + 1, one[0], one[1], one[2]))
            .Select(row => shape.Read(Cloud.Account, Cloud.Region, row));
        var judgement = new DeliveryJudgement(shape, Facts().Spec.LogKinds[0], Files, State("p", "big", "on"));
        var observed = await judgement.OfAsync(rows, one => Task.FromResult(one.Error));
        var state = observed?.State switch
        {
            null => null,
            Observation.Enabled => "on",
            Observation.Disabled off => $"off: {off.Why}",
            Observation.Unknown { LookAgain: true } wait => $"wait: {wait.Why}",
            var other => throw new InvalidOperationException($"{other}"),
        };
        return observed?.Fixes.Aggregate(
            state,
            (text, fix) => $"{text}; {fix.Setting.Id} {fix.From?["status"]}>{fix.To?["status"]}"
        );
    }

    private static JObject Row(int number, string whose, string place, string status) =>
        new()
        {
            ["Id"] = $"i{number}",
            ["Name"] = whose is "ours" ? "ours-nas-1" : "made-by-hand",
            ["Owner"] = "nas-1",
            ["Place"] = place,
            ["Size"] = "big",
            ["Status"] = status is "failing" ? "on" : status,
            ["Error"] = status is "failing" ? "no such place" : "",
        };

    private static SettingState? StateOf(string status) => status.Length == 0 ? null : State("p", "big", status);

    private static SettingState State(string place, string size, string status) =>
        SettingState.Of(("place", place), ("size", size), ("status", status));

    private static DeliveryShape Shape(string right = "kind: nas.pipe", string wrong = "kind: nas.pipe") =>
        Facts(right, wrong).Delivery!;

    private static ProductFacts Facts(string right = "kind: nas.pipe", string wrong = "kind: nas.pipe") =>
        ProductFile.Parse("Nas.product.yaml", Good.Replace(right, wrong, StringComparison.Ordinal), "", () => null);
}
