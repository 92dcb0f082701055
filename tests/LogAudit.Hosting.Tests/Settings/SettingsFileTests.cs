namespace LogAudit.Hosting.Tests.Settings;

public sealed class SettingsFileTests
{
    private const string Central = "central: { account: 1000000000000001, region: cn-hangzhou }";

    [Fact]
    public void Load_reads_a_full_file()
    {
        var settings = Load(
            """
            central:
              account: "1000000000000001"
              region: cn-hangzhou
              trail: my-trail
            accounts:
              mode: list
              members: ["2000000000000002", 3000000000000003]
              memberRole: auditor
              externalId: handshake
            regions: [cn-hangzhou, cn-beijing]
            compliance: pci
            collect:
              rds_enabled: true
              rds_ttl: 365
              rds_audit_collection_policy: |
                accept "*"
            destinations:
              - name: soc
                sink: syslog
                format: rfc5424
                products: [rds]
                filter: |
                  drop event.action == "Describe*"
                mask:
                  - { fields: [user.name, "*.Email"], action: hash, key: "env:PSEUDONYM_KEY" }
                  - { pattern: "1[3-9][0-9]{9}", action: replace, with: "[phone]" }
                options:
                  address: tls://soc.example.com:6514
                  max-message-bytes: 65536
              - name: hook
                sink: webhook
                format: json
                lossy: true
                options: { address: "https://soc.example.com/", secret: "env:SOC_SECRET" }
            """
        );

        Assert.Equal("1000000000000001", settings.Central.Account.Value);
        Assert.Equal("logaudit-center-1000000000000001-cn-hangzhou", settings.Central.Project.Value);
        Assert.Equal("my-trail", settings.Central.Trail);
        Assert.Equal(AccountsMode.List, settings.Accounts.Mode);
        Assert.Equal(["2000000000000002", "3000000000000003"], settings.Accounts.Members.Select(id => id.Value));
        Assert.Equal("auditor", settings.Accounts.MemberRole);
        Assert.Equal("handshake", settings.Accounts.ExternalId);
        Assert.Equal(ComplianceProfile.Pci, settings.Compliance);
        Assert.Equal("365", settings.Collect["rds_ttl"]);
        Assert.Equal("accept \"*\"\n", settings.Collect["rds_audit_collection_policy"]);
        Assert.Equal(["soc", "hook"], settings.Destinations.Select(destination => destination.Name));
        Assert.Equal("65536", settings.Destinations[0].Options["max-message-bytes"]);
        Assert.Equal(["rds"], settings.Destinations[0].Products);
        Assert.Equal([false, true], settings.Destinations.Select(destination => destination.Lossy));
        Assert.Equal("drop event.action == \"Describe*\"\n", settings.Destinations[0].Filter.Script);
        Assert.True(settings.Destinations[1].Filter.TakesEverything);
        var (byName, byPattern) = (settings.Destinations[0].Mask[0], settings.Destinations[0].Mask[1]);
        Assert.Equal(["user.name", "*.Email"], byName.Fields);
        Assert.Equal((MaskAction.Hash, "env:PSEUDONYM_KEY"), (byName.Action, byName.Key));
        Assert.Equal((MaskAction.Replace, "[phone]"), (byPattern.Action, byPattern.With));
        Assert.Matches(byPattern.Pattern!, "call 13800138000");
        Assert.Equal(18, settings.Destinations[0].Line);
    }

    [Fact]
    public void Load_reads_the_mappings_of_log_fields()
    {
        var settings = Load(
            $"""
            {Central}
            mappings:
              slb:
                access:
                  upstream_status: {"{ labels.upstream_status: integer, labels.upstream: text }"}
                  http_x_real_ip: network.forwarded_ip
                  request_uri: {"{}"}
            """
        );

        var mapping = Assert.Single(settings.Mappings);
        Assert.Equal(("slb", "access", 5), (mapping.Product, mapping.LogKind, mapping.Line));
        Assert.Equal(["upstream_status", "http_x_real_ip", "request_uri"], mapping.Sources);
        Assert.Equal(
            [
                new("upstream_status", "labels.upstream_status", FieldConversion.Integer),
                new("upstream_status", "labels.upstream", FieldConversion.Text),
                new FieldMapping("http_x_real_ip", "network.forwarded_ip", FieldConversion.Text),
            ],
            mapping.Fields
        );
    }

    [Fact]
    public void Load_tells_every_mistake_in_the_mappings_with_line_and_what_is_allowed()
    {
        var failure = Assert.Throws<SettingsException>(() =>
            Load(
                $"""
                {Central}
                mappings:
                  slb:
                    acces:
                      a: labels.a
                    access:
                      b: event.id
                      c: {"{ labels.c: number }"}
                      d: {"{ labels.d: text, labels.d: text }"}
                      e: "@timestamp"
                """
            )
        );

        Assert.Equal(
            [
                (4, "mappings.slb.acces"),
                (7, "mappings.slb.access.b"),
                (8, "mappings.slb.access.c.labels.c"),
                (9, "mappings.slb.access.d.labels.d"),
                (10, "mappings.slb.access.e"),
            ],
            failure.Errors.Select(error => (error.Line, error.Key))
        );
        Assert.Contains("did you mean 'access'", failure.Errors[0].Problem, StringComparison.Ordinal);
        Assert.Contains("isoTime, unixSeconds", failure.Errors[2].Allowed, StringComparison.Ordinal);
        Assert.All(failure.Errors, error => Assert.NotEmpty(error.Example));
    }

    [Fact]
    public void Load_reads_canaries_and_writes_none_by_default()
    {
        Assert.False(Load(Central).Canary.IsOn);
        Assert.Equal(
            new CanarySettings { Interval = TimeSpan.FromMinutes(1), Silence = TimeSpan.FromMinutes(10) },
            Load($"{Central}\ncanary: {{}}").Canary
        );
        Assert.Equal(
            new CanarySettings { Interval = TimeSpan.FromMinutes(30), Silence = TimeSpan.FromHours(1) },
            Load($"{Central}\ncanary: {{ intervalSeconds: 1800 }}").Canary
        );
        var refused = Assert.Throws<SettingsException>(() =>
            Load($"{Central}\ncanary: {{ intervalSeconds: 60, silenceSeconds: 119 }}")
        );
        Assert.Contains("120 to 86400", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_gives_defaults_for_what_is_left_out()
    {
        var settings = Load("central: { account: 1000000000000001, region: cn-hangzhou }");

        Assert.Equal(AccountsMode.CentralOnly, settings.Accounts.Mode);
        Assert.Equal(ComplianceProfile.Mlps, settings.Compliance);
        Assert.Equal("logaudit", settings.Central.Trail);
        Assert.Empty(settings.Destinations);
    }

    [Fact]
    public void Load_looks_at_all_variables_only_to_tell_what_there_is()
    {
        var asked = 0;
        var known = Known.All with
        {
            Variables = new LateList<CollectVariable>(() =>
            {
                asked++;
                return Known.All.Variables;
            }),
            VariableByName = name => Known.All.FindVariable(name),
        };

        var settings = SettingsFile.Load($"{Central}\ncollect: {{ rds_ttl: 365 }}", "logaudit.yaml", known, []);
        var right = asked;
        var wrong = Assert.Throws<SettingsException>(() =>
            SettingsFile.Load($"{Central}\ncollect: {{ rds_tll: 365 }}", "logaudit.yaml", known, [])
        );

        Assert.Equal("365", settings.Collect["rds_ttl"]);
        Assert.Equal(0, right);
        Assert.Contains("did you mean 'rds_ttl'?", Assert.Single(wrong.Errors).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_tells_ten_mistakes_at_once()
    {
        var failure = Assert.Throws<SettingsException>(() =>
            Load(
                """
                central:
                  account: "12a"
                  regoin: cn-hangzhou
                accounts:
                  mode: everybody
                  memberRole: "no spaces allowed"
                regions: cn-hangzhou
                compliance: iso
                collect:
                  rds_enabled: maybe
                  rds_tll: 365
                destinations:
                  - name: soc
                    sink: syslogg
                    format: rfc5424
                    options:
                      secret: PlantedSecret
                """
            )
        );

        Assert.Equal(
            [
                "2 central.account",
                "2 central.region",
                "3 central.regoin",
                "5 accounts.mode",
                "6 accounts.memberRole",
                "7 regions",
                "8 compliance",
                "10 collect.rds_enabled",
                "11 collect.rds_tll",
                "14 destinations[0].sink",
                "17 destinations[0].options.secret",
            ],
            failure.Errors.Select(error => $"{error.Line} {error.Key}")
        );
        Assert.Contains("did you mean 'region'?", failure.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'rds_ttl'?", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PlantedSecret", failure.Message, StringComparison.Ordinal);
        Assert.All(failure.Errors, error => Assert.NotEmpty(error.Allowed));
        Assert.All(failure.Errors, error => Assert.NotEmpty(error.Example));
    }

    [Theory]
    [InlineData("central: [", "not readable as YAML")]
    [InlineData("central: {\na account: 1 }", "not readable as YAML")]
    [InlineData("- a", "the file is a list")]
    [InlineData("", "central: is missing")]
    [InlineData("central: { account: 1, region: cn-a }\n---\na: b", "one document")]
    [InlineData("central: &x { account: 1, region: cn-a }\naccounts: *x", "anchors")]
    [InlineData(
        "central: { account: 1, region: cn-a }\ncentral: { account: 1, region: cn-a }",
        "is given twice; first at line 1"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a, project: slsaudit-center-1 }",
        "not a project of the old service"
    )]
    [InlineData("central: { account: 1, region: cn-a }\naccounts: { mode: list }", "at least one account")]
    [InlineData(
        "central: { account: 1, region: cn-a }\naccounts: { mode: list, members: [1] }",
        "names the central account"
    )]
    [InlineData("central: { account: 1, region: cn-a }\naccounts: { mode: directory, members: [2, 2] }", "repeats '2'")]
    [InlineData(
        "central: { account: 1, region: cn-a }\ncollect: { rds_audit_collection_policy: 'keep what' }",
        "has a mistake in its line 1"
    )]
    [InlineData("central: { account: 1, region: cn-a }\ndestinations: [soc]", "is a single value")]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations: [{name: a, sink: syslog, format: json, mask: [{ fields: [a] }]}]",
        "destinations[0].mask[0].action: is missing"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations: [{name: a, sink: syslog, format: json, mask: [{ action: remove }]}]",
        "destinations[0].mask[0].fields: is missing"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations: [{name: a, sink: syslog, format: json, mask: [{ action: remove, fields: [a], pattern: b }]}]",
        "is given beside a pattern"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations: [{name: a, sink: syslog, format: json, mask: [{ action: remove, pattern: '(a' }]}]",
        "destinations[0].mask[0].pattern: is '(a'"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations: [{name: a, sink: syslog, format: json, mask: [{ action: remove, pattern: '(a)\\1' }]}]",
        "without back references"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations: [{name: a, sink: syslog, format: json, mask: [{ action: remove, pattern: 'a*' }]}]",
        "does not match the empty text"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations: [{name: a, sink: syslog, format: json, mask: [{ action: remove, fields: [event.id] }]}]",
        "not a record's id and time"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations: [{name: a, sink: syslog, format: json, mask: [{ action: hash, fields: [a] }]}]",
        "destinations[0].mask[0].key: is missing"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations: [{name: a, sink: syslog, format: json, mask: [{ action: hash, fields: [a], key: plain-key-of-someone }]}]",
        "holds the secret itself"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations: [{name: a, sink: syslog, format: json, mask: [{ action: remove, fields: [a], with: x }]}]",
        "where the action is replace"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations:\n  - name: a\n    sink: syslog\n    format: json\n    filter: \"drop region == \\\"x\\\"\\nkeep region = 'x'\"",
        "line 6: destinations[0].filter: has a mistake in its line 2, column 15"
    )]
    [InlineData(
        "central: { account: 1, region: cn-a }\ndestinations: [{name: a, sink: syslog, format: json}, {name: a, sink: syslog, format: json}]",
        "the name of an earlier destination"
    )]
    public void Load_says_what_is_wrong(string text, string says) =>
        Assert.Contains(says, Assert.Throws<SettingsException>(() => Load(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_refuses_a_file_that_nests_without_end() =>
        Assert.Contains(
            "nests deeper",
            Assert.Throws<SettingsException>(() => Load(new string('[', 5000) + new string(']', 5000))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Load_lays_the_environment_over_the_file()
    {
        var settings = Load(
            """
            central: { account: 1000000000000001, region: cn-hangzhou }
            destinations:
              - { name: soc, sink: syslog, format: rfc5424, options: { max-message-bytes: 8192 } }
            """,
            ("LOGAUDIT__CENTRAL__REGION", "cn-beijing"),
            ("LOGAUDIT__REGIONS", "cn-beijing, cn-shanghai"),
            ("LOGAUDIT__ACCOUNTS__MODE", "directory"),
            ("LOGAUDIT__ACCOUNTS__MEMBERROLE", "auditor"),
            ("LOGAUDIT__COLLECT__RDS_ENABLED", "true"),
            ("LOGAUDIT__DESTINATIONS__0__OPTIONS__MAX_MESSAGE_BYTES", "65536"),
            ("LOGAUDIT_ENDPOINT", "not a setting")
        );

        Assert.Equal("cn-beijing", settings.Central.Region.Value);
        Assert.Equal(["cn-beijing", "cn-shanghai"], settings.Regions.Select(region => region.Value));
        Assert.Equal(AccountsMode.Directory, settings.Accounts.Mode);
        Assert.Equal("auditor", settings.Accounts.MemberRole);
        Assert.Equal("true", settings.Collect["rds_enabled"]);
        Assert.Equal("65536", settings.Destinations[0].Options["max-message-bytes"]);
    }

    [Theory]
    [InlineData("LOGAUDIT__CENTRAL__REGOIN", "cn-a", "did you mean 'region'?")]
    [InlineData("LOGAUDIT__DESTINATIONS__7__NAME", "x", "does not lead to a setting")]
    [InlineData("LOGAUDIT__", "x", "does not lead to a setting")]
    [InlineData("LOGAUDIT__CENTRAL__REGION", "NOT A REGION", "central.region: is 'NOT A REGION'")]
    public void Load_tells_mistakes_of_the_environment_too(string name, string value, string says) =>
        Assert.Contains(
            says,
            Assert
                .Throws<SettingsException>(() =>
                    Load("central: { account: 1, region: cn-a }\ndestinations: []", (name, value))
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Read_says_that_a_file_is_missing() =>
        Assert.Contains(
            "cannot be read",
            Assert
                .Throws<SettingsException>(() => SettingsFile.Read("no-such-file.yaml", SettingsKnowledge.None, []))
                .Message,
            StringComparison.Ordinal
        );

    private static LogAudit.Settings Load(string text, params (string Name, string Value)[] environment) =>
        SettingsFile.Load(
            text,
            "logaudit.yaml",
            Known.All,
            environment.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))
        );
}
