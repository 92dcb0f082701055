using LogAudit.OpenApi;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>What a data file says of lists, switches and obstacles.</summary>
public sealed class SwitchFileTests
{
    private const string Good = """
        product: nas
        title: File storage
        source: NAS API reference
        regions: { source: NAS DescribeRegions, ids: [cn-hangzhou] }
        lists:
          resources:
            source: NAS DescribeFileSystems
            call: NAS:DescribeFileSystems
            with: { Owner: "{instance.id}" }
            paging: single
            rows: FileSystems
            resource: { id: FileSystemId }
            owner: { call: NAS:DescribeZones, exists: instance.id, tells: { instance.id: { at: Zone, optional: true } } }
            asks:
              - call: NAS:DescribeRegions
                when: { instance.id: a }
                tells: { paid: { at: Status, is: { "1": "true" }, otherwise: "false" } }
            fixed: { generation: "2" }
            at: [cn-hangzhou]
        obstacles:
          - { source: NAS, when: { type: [cpfs] }, never: "a {type} has none" }
          - { source: NAS, for: [other], when: { status: [Broken] }, never: it is of another kind }
          - { source: NAS, unless: { status: [Running, Idle] }, waits: "{id} is {status}" }
          - { source: NAS, when: { owner: [nobody] }, asks: nobody owns it, step: find somebody }
        switches:
          nas.log:
            source: NAS CreateLogAnalysis
            id: "{instance.id}/{id}"
            why: log of {id} is {status}
            on: { status: "on" }
            off: { status: "off" }
            read: { call: NAS:DescribeLogAnalysis, state: { status: Status } }
            switchOn: { call: NAS:CreateLogAnalysis, with: { Id: "{id}" } }
            switchOff: { call: NAS:DeleteLogAnalysis, with: { Id: "{id}" } }
        logs:
          audit:
            source: NAS CreateLogAnalysis
            about: Every operation on a file.
            route: [switch]
            logstore: nas_log
            topics: [nas_audit_log]
            variables: { source: old service, enabled: nas_enabled, ttl: nas_ttl }
            records: { source: log fields of NAS, category: file, fields: { ClientIP: { type: text, to: { source.ip: ip } } } }
        changeEvents: []
        ram: { source: NAS authorization, actions: [] }
        errors: { source: NAS error codes }
        """;

    private static readonly CallShape Call = new(ApiProducts.Nas, "DescribeLogAnalysis");

    [Theory]
    [InlineData("switchOff: { call: NAS:DeleteLogAnalysis, with: { Id: \"{id}\" } }", "", "oneWay", "why there is no")]
    [InlineData("on: { status: \"on\" }", "on: [a]", "on", "keys with values")]
    [InlineData("state: { status: Status }", "stage: x", "read.state", "is missing")]
    [InlineData("call: NAS:CreateLogAnalysis", "call: CreateLogAnalysis", "switchOn.call", "Product:Action")]
    [InlineData(
        "call: NAS:CreateLogAnalysis",
        "call: CS:CreateLogAnalysis",
        "switchOn.path",
        "exactly when the API is ROA"
    )]
    [InlineData(
        "read: { call: NAS:DescribeLogAnalysis, state: { status: Status } }",
        "read: { call: NAS:DescribeLogAnalysis, inside: Config, state: { status: Log.Status } }",
        "read.inside",
        "by a name alone"
    )]
    [InlineData(
        "switchOn: { call: NAS:CreateLogAnalysis, with: { Id: \"{id}\" } }",
        "switchOn: { call: CS:UpdateClusterAuditLogConfig, path: /audit, method: PATCH }",
        "switchOn.method",
        "'PATCH' is not one of GET, PUT, POST, DELETE"
    )]
    [InlineData(
        "with: { Id: \"{id}\" } }\n    switchOff",
        "body: { Id: a } }\n    switchOff",
        "switchOn.body",
        "unknown key"
    )]
    public void Mistakes_in_a_switch_are_told_with_their_key(string right, string wrong, string key, string problem)
    {
        var mistake = Assert.Throws<CatalogueException>(() =>
            Parse(Good.Replace(right, wrong, StringComparison.Ordinal))
        );

        Assert.Equal($"switches.nas.log.{key}", mistake.Key);
        Assert.Contains(problem, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(", step: find somebody", "", "step")]
    [InlineData("never: \"a {type} has none\"", "never: x, waits: y", "never")]
    public void Mistakes_in_an_obstacle_are_told_with_their_key(string right, string wrong, string key)
    {
        var mistake = Assert.Throws<CatalogueException>(() =>
            Parse(Good.Replace(right, wrong, StringComparison.Ordinal))
        );

        Assert.EndsWith($"].{key}", mistake.Key, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpfs", "Broken", "", "a cpfs has none")]
    [InlineData("standard", "Broken", "", "nas-1 is Broken")]
    [InlineData("standard", "Running", "nobody", "nobody owns it")]
    [InlineData("standard", "Idle", "", "")]
    public void The_first_obstacle_that_holds_is_the_answer(string type, string status, string owner, string why)
    {
        var facts = Parse(Good);
        var files = Cloud.Resource("nas", "nas-1", ("type", type), ("status", status), ("owner", owner));

        var answer = facts.Against(facts.Spec.LogKinds[0], files);

        Assert.Equal(
            why,
            answer switch
            {
                Observation.NotApplicable never => never.Why,
                Observation.Unknown { LookAgain: true } waits => waits.Why,
                Observation.Disabled { Todo: "find somebody" } asks => asks.Why,
                _ => "",
            }
        );
    }

    [Fact]
    public void A_list_names_its_owner_its_sites_and_what_is_asked_once()
    {
        var list = Parse(Good).Lists["resources"];

        Assert.Equal(("instance.id", "DescribeZones"), (list.Owner!.Exists, list.Owner.Ask.Call.Action));
        Assert.Equal(("paid", "a"), (Assert.Single(list.Asks).Tells.Keys.Single(), list.Asks[0].When["instance.id"]));
        Assert.Equal(("2", "cn-hangzhou"), (list.Fixed["generation"], list.At.Single()));
        var call = list.Call.In(Cloud.Account, Cloud.Region, name => name is "instance.id" ? "z-1" : null);
        Assert.Equal(
            ["RegionId=cn-hangzhou", "Owner=z-1"],
            call.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}")
        );
    }

    [Theory]
    [InlineData("1", "yes")]
    [InlineData("0", "no")]
    [InlineData("", "unsaid")]
    [InlineData("gone", "")]
    [InlineData("2", null)]
    public void A_word_of_the_service_becomes_ours_or_makes_the_answer_unreadable(string word, string? ours)
    {
        var reading = new Reading("Status")
        {
            Words = new Dictionary<string, string> { ["1"] = "yes", ["0"] = "no" },
            None = ["gone"],
            Missing = "unsaid",
        };
        var answer = word.Length == 0 ? [] : new JObject { ["Status"] = word };

        if (ours is not null)
        {
            Assert.Equal(ours, reading.Of(answer, Call));
            return;
        }

        var failure = Assert.Throws<OpenApiException>(() => reading.Of(answer, Call));
        Assert.Contains("Status is 2, not one of 1, 0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_must_be_there_and_is_not_makes_the_answer_unreadable() =>
        Assert.Throws<OpenApiException>(() => new Reading("Status").Of(new JObject(), Call));

    [Fact]
    public void A_place_is_both_names_or_none()
    {
        var read = new SwitchRead(
            Call,
            new Dictionary<string, Reading>
            {
                ["project"] = new("Project") { Missing = "" },
                ["logstore"] = new("Logstore") { Missing = "" },
            }
        );

        Assert.Null(read.StateOf(new JObject()));
        Assert.Equal(
            SettingState.Of(("project", "p"), ("logstore", "l")),
            read.StateOf(new JObject { ["Project"] = "p", ["Logstore"] = "l" })
        );
        Assert.Throws<OpenApiException>(() => read.StateOf(new JObject { ["Project"] = "p" }));
    }

    [Fact]
    public void The_id_of_a_setting_is_read_back_into_its_parts_and_the_last_may_hold_slashes()
    {
        var shape = Parse(Good).Switches[0];

        var parts = shape.Parts(new("nas.log", Cloud.Account, Cloud.Region, "i-1/a/b"));

        Assert.Equal(("i-1", "a/b"), (parts["instance.id"], parts["id"]));
        Assert.Throws<InvalidOperationException>(() => shape.Parts(new("nas.log", Cloud.Account, Cloud.Region, "i-1")));
    }

    [Fact]
    public void A_ROA_call_fills_its_path_and_its_body_and_sends_flags_as_flags()
    {
        var shape = new CallShape(ApiProducts.Cs, "UpdateClusterAuditLogConfig")
        {
            Method = "PUT",
            Path = "/clusters/{id}/audit_log",
            Body = new Dictionary<string, string> { ["disable"] = "false", ["sls_project_name"] = "{project}" },
        };

        var call = shape.In(Cloud.Account, Cloud.Region, name => name is "id" ? "c-1" : "p-1");

        Assert.Equal(("PUT", "/clusters/c-1/audit_log"), (call.Method, call.Path));
        Assert.Equal("""{"disable":false,"sls_project_name":"p-1"}""", call.Body!.ToString(Formatting.None));
    }

    [Theory]
    [InlineData("""{"On":true,"Keys":["b","a"]}""", "a,b")]
    [InlineData("""{"On":true,"Keys":[]}""", "all")]
    [InlineData("""{"On":false,"Keys":["b"]}""", "")]
    [InlineData("""{"Keys":["b"]}""", null)]
    public void A_list_counts_only_where_another_value_says_so(string answer, string? keys)
    {
        var reading = new Reading("Keys[*]")
        {
            Where = new Dictionary<string, string> { ["On"] = "true" },
            Missing = "all",
        };

        if (keys is not null)
        {
            Assert.Equal(keys, reading.Of(JObject.Parse(answer), Call));
            return;
        }

        Assert.Contains(
            "it has no On",
            Assert.Throws<OpenApiException>(() => reading.Of(JObject.Parse(answer), Call)).Message
        );
    }

    [Fact]
    public void A_state_inside_of_a_JSON_text_is_written_back_without_touching_the_rest()
    {
        var off = SettingState.Of(("project", ""));
        var read = new SwitchRead(
            Call,
            new Dictionary<string, Reading> { ["project"] = new("sls_project_name") { Missing = "" } }
        )
        {
            Inside = "config",
            Off = off,
        };
        var told = read.Told(
            new JObject { ["config"] = """{"since":"2026-03-01T00:00:00+08:00","sls_project_name":""}""" }
        );

        Assert.Equal(off, read.StateOf(told));
        Assert.Equal(off, read.StateOf(read.Told(new JObject())));
        Assert.Equal(
            """{"since":"2026-03-01T00:00:00+08:00","sls_project_name":"p-1"}""",
            read.Edited(told, SettingState.Of(("project", "p-1")))
        );
        Assert.Throws<OpenApiException>(() => read.Told(new JObject { ["config"] = "no json" }));
    }

    [Fact]
    public void A_hole_that_nothing_fills_is_a_mistake_and_a_brace_of_JSON_is_no_hole()
    {
        Assert.Equal("""[{"Id":"lb-1"}]""", Holes.Fill("""[{"Id":"{id}"}]""", _ => "lb-1"));
        Assert.Throws<InvalidOperationException>(() => Holes.Fill("{nothing}", _ => null));
    }

    private static ProductFacts Parse(string text) => ProductFile.Parse("Nas.product.yaml", text, "", () => null);
}
