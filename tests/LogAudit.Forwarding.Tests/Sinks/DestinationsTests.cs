namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class DestinationsTests
{
    private const string Planted = "PLANTED5ecret0000000000000001";

    private static readonly SecretReferences Secrets = new(name => name == "SOC_SECRET" ? Planted : null);

    [Fact]
    public void Make_gives_ready_destinations()
    {
        var made = Destinations.Make(
            [
                Settings("soc", "syslog", "rfc5424", ("address", "tcp://127.0.0.1:514"), ("enterprise-number", "4711")),
                Settings(
                    "hook",
                    "webhook",
                    "json",
                    ("address", "https://soc.example.com/x"),
                    ("secret", "env:SOC_SECRET")
                ),
            ],
            "logaudit.yaml",
            Secrets,
            TimeProvider.System
        );

        Assert.Equal(["soc", "hook"], made.Select(destination => destination.Name));
        Assert.Equal("logaudit-soc-slb_log", made[0].GroupOn(new LogstoreName("slb_log")));
    }

    [Theory]
    [InlineData("rfc3164")]
    [InlineData("cef")]
    [InlineData("leef")]
    public void Syslog_carries_every_line_format(string format)
    {
        var made = Destinations.Make(
            [Settings("soc", "syslog", format, ("address", "tls://soc.example.com:6514"))],
            "logaudit.yaml",
            Secrets,
            TimeProvider.System
        );

        Assert.Equal(format, Assert.Single(made).Format.Name);
    }

    [Theory]
    [InlineData("env:SHORT", "is too short")]
    [InlineData("env:MISSING", "the environment variable MISSING is not set")]
    public void Key_of_a_mask_must_be_there_and_long_enough(string key, string says)
    {
        var mask = new MaskSettings
        {
            Fields = ["user.name"],
            Action = MaskAction.Hash,
            Key = key,
            Line = 7,
        };
        var settings = Settings("soc", "syslog", "rfc5424", ("address", "tls://soc.example.com:6514")) with
        {
            Mask = [mask],
        };

        var refused = Assert.Throws<SettingsException>(() =>
            Destinations.Make(
                [settings],
                "logaudit.yaml",
                new SecretReferences(name => name == "SHORT" ? "0123456789abcde" : null),
                TimeProvider.System
            )
        );

        var error = Assert.Single(refused.Errors);
        Assert.Equal(("destinations[0].mask[0].key", 7, says), (error.Key, error.Line, error.Problem));
    }

    [Fact]
    public void Lossy_is_refused_where_the_sink_acknowledges()
    {
        var refused = Assert.Throws<SettingsException>(() =>
            Destinations.Make(
                [Settings("soc", "syslog", "rfc5424", ("address", "tls://soc.example.com:6514")) with { Lossy = true }],
                "logaudit.yaml",
                Secrets,
                TimeProvider.System
            )
        );

        Assert.Equal("destinations[0].lossy", Assert.Single(refused.Errors).Key);
    }

    [Fact]
    public void Elasticsearch_takes_one_kind_of_credentials_and_a_name_that_an_index_may_have()
    {
        var refused = Assert.Throws<SettingsException>(() =>
            Destinations.Make(
                [
                    Settings(
                        "e",
                        "elasticsearch",
                        "json",
                        ("address", "https://elastic.example.com:9200"),
                        ("index", "_Audit"),
                        ("api-key", "env:SOC_SECRET"),
                        ("user", "ops")
                    ),
                ],
                "logaudit.yaml",
                Secrets,
                TimeProvider.System
            )
        );

        Assert.Equal(
            ["destinations[0].options.api-key", "destinations[0].options.index", "destinations[0].options.user"],
            refused.Errors.Select(error => error.Key).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Splunk_needs_a_token_and_takes_holes_where_each_record_has_facts_of_its_own()
    {
        var refused = Assert.Throws<SettingsException>(() =>
            Destinations.Make(
                [
                    Settings(
                        "s",
                        "splunk-hec",
                        "json",
                        ("address", "https://splunk.example.com:8088"),
                        ("endpoint", "raw"),
                        ("sourcetype", "aliyun:{product}"),
                        ("index", "{nonsense}"),
                        ("ack", "yes")
                    ),
                ],
                "logaudit.yaml",
                Secrets,
                TimeProvider.System
            )
        );

        string[] keys =
        [
            "destinations[0].options.ack",
            "destinations[0].options.index",
            "destinations[0].options.sourcetype",
            "destinations[0].options.token",
        ];
        Assert.Equal(keys, refused.Errors.Select(error => error.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("false", true)]
    public void Splunk_is_lossy_unless_its_indexers_acknowledge(string ack, bool lossy)
    {
        var settings = Settings(
            "s",
            "splunk-hec",
            "json",
            ("address", "https://splunk.example.com:8088"),
            ("token", "env:SOC_SECRET"),
            ("ack", ack)
        );

        Assert.Empty(Destinations.Check([settings with { Lossy = lossy }], Secrets, TimeProvider.System));
        var refused = Destinations.Check([settings with { Lossy = !lossy }], Secrets, TimeProvider.System);
        Assert.Equal("destinations[0].lossy", Assert.Single(refused).Key);
    }

    [Theory]
    [InlineData(false, "destinations[0].lossy")]
    [InlineData(true, null)]
    public void Syslog_over_udp_needs_lossy(bool lossy, string? mistake)
    {
        var errors = Destinations.Check(
            [Settings("soc", "syslog", "rfc5424", ("address", "udp://10.0.0.9:514")) with { Lossy = lossy }],
            Secrets,
            TimeProvider.System
        );

        Assert.Equal(mistake, errors.SingleOrDefault()?.Key);
    }

    [Theory]
    [InlineData("syslog", "udp://10.0.0.9:514", "framing", "lf")]
    [InlineData("syslog", "udp://10.0.0.9:514", "max-message-bytes", "65508")]
    [InlineData("syslog", "tcp://10.0.0.9:514", "close-notify", "optional")]
    [InlineData("syslog", "tcp://10.0.0.9:514", "server-name", "soc.example.com")]
    [InlineData("syslog", "tcp://10.0.0.9:514", "ca-file", "/etc/ssl/soc.pem")]
    [InlineData("syslog", "tls://10.0.0.9:514", "framing", "crlf")]
    [InlineData("syslog", "tls://10.0.0.9:514", "verify", "false")]
    [InlineData("syslog", "tls://user@10.0.0.9:514", "address", "")]
    [InlineData("relp", "udp://10.0.0.9:514", "address", "")]
    [InlineData("relp", "tcp://10.0.0.9:514", "client-certificate", "/etc/ssl/soc.pem")]
    [InlineData("relp", "tls://10.0.0.9:514", "window", "1001")]
    [InlineData("relp", "tls://10.0.0.9:514", "framing", "lf")]
    public void Options_that_the_transport_cannot_follow_are_refused(
        string sink,
        string address,
        string option,
        string value
    )
    {
        (string, string)[] options =
            value.Length > 0 ? [("address", address), (option, value)] : [("address", address)];

        var errors = Destinations.Check(
            [
                Settings("soc", sink, "rfc5424", options) with
                {
                    Lossy = sink == "syslog" && address.StartsWith("udp", StringComparison.Ordinal),
                },
            ],
            Secrets,
            TimeProvider.System
        );

        Assert.Equal($"destinations[0].options.{option}", Assert.Single(errors).Key);
    }

    [Theory]
    [InlineData("sentinel", "address client client-secret rule stream tenant")]
    [InlineData("secops", "instance location log-type project service-account")]
    [InlineData("file", "path")]
    public void Sink_names_every_option_that_it_cannot_do_without(string sink, string missing)
    {
        var refused = Destinations.Check([Settings("d", sink, "json")], Secrets, TimeProvider.System);

        Assert.Equal(
            missing.Split(' ').Select(option => $"destinations[0].options.{option}"),
            refused.Select(error => error.Key).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("max-bytes", "2000000")]
    [InlineData("token-address", "http://login.example.com/token")]
    [InlineData("rule", "dcr-1/streams/x")]
    [InlineData("stream", "Audit")]
    public void Sentinel_takes_no_value_that_would_lead_elsewhere_or_be_refused_by_the_service(string key, string value)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["address"] = "https://x.westeurope-1.ingest.monitor.azure.com",
            ["tenant"] = "contoso.example.com",
            ["rule"] = "dcr-000a00a000a00000a000000aa000a0aa",
            ["stream"] = "Custom-AliyunAudit_CL",
            ["client"] = "client-1",
            ["client-secret"] = "env:SOC_SECRET",
            ["cloud"] = "china",
        };
        var good = Settings("d", "sentinel", "json", [.. options.Select(option => (option.Key, option.Value))]);
        options[key] = value;
        var bad = Settings("d", "sentinel", "json", [.. options.Select(option => (option.Key, option.Value))]);

        Assert.Empty(Destinations.Check([good], Secrets, TimeProvider.System));
        var refused = Destinations.Check([bad], Secrets, TimeProvider.System);
        Assert.Equal($"destinations[0].options.{key}", Assert.Single(refused).Key);
    }

    [Fact]
    public void SecOps_says_that_a_key_file_cannot_be_read_without_its_text()
    {
        var refused = Destinations.Check(
            [
                Settings(
                    "d",
                    "secops",
                    "json",
                    ("project", "p-1"),
                    ("location", "us"),
                    ("instance", "i-1"),
                    ("log-type", "ALIYUN_AUDIT"),
                    ("service-account", "env:SOC_SECRET")
                ),
            ],
            Secrets,
            TimeProvider.System
        );

        var error = Assert.Single(refused);
        Assert.Equal("destinations[0].options.service-account", error.Key);
        Assert.DoesNotContain(Planted, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Make_reports_every_mistake_of_every_destination_at_once_and_no_secret()
    {
        var refused = Assert.Throws<SettingsException>(() =>
            Destinations.Make(
                [
                    Settings("SOC", "syslog", "json"),
                    Settings("a", "pigeon", "json"),
                    Settings(
                        "b",
                        "syslog",
                        "rfc5424",
                        ("address", "sctp://x:1"),
                        ("timeout-seconds", "0"),
                        ("oversize", "eat")
                    ),
                    Settings(
                        "c",
                        "webhook",
                        "json",
                        ("address", "http://soc.example.com/"),
                        ("secret", Planted),
                        ("colour", "red")
                    ),
                    Settings(
                        "c",
                        "webhook",
                        "json",
                        ("address", "https://soc.example.com/"),
                        ("ca-file", "/nowhere.pem")
                    ),
                ],
                "logaudit.yaml",
                Secrets,
                TimeProvider.System
            )
        );

        string[] keys =
        [
            "destinations[0].name",
            "destinations[0].format",
            "destinations[1].sink",
            "destinations[2].options.address",
            "destinations[2].options.timeout-seconds",
            "destinations[2].options.oversize",
            "destinations[3].options.address",
            "destinations[3].options.secret",
            "destinations[3].options.colour",
            "destinations[4].name",
        ];
        Assert.Equal(
            keys.Order(StringComparer.Ordinal),
            refused.Errors.Select(error => error.Key).Order(StringComparer.Ordinal)
        );
        Assert.All(refused.Errors, error => Assert.True(error is { Allowed.Length: > 0, Example.Length: > 0 }));
        Assert.DoesNotContain(Planted, refused.Message, StringComparison.Ordinal);
    }

    private static DestinationSettings Settings(
        string name,
        string sink,
        string format,
        params (string Key, string Value)[] options
    ) =>
        new()
        {
            Name = name,
            Sink = sink,
            Format = format,
            Options = options.ToDictionary(option => option.Key, option => option.Value, StringComparer.Ordinal),
        };
}
