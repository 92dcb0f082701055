namespace LogAudit.Products.Tests;

public sealed class WireTests
{
    [Fact]
    public async Task Slb_is_switched_on_moved_back_and_found_so_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.MakeLogstore("slb_log");
        wire.Inside.Seed("slb", "lb-web", ("listener", "https"));
        wire.Inside.Seed("slb", "lb-tcp", ("listener", "tcp"));

        await ThereAndBackAsync(wire, "slb", "access", "slb_log", notApplicable: ["lb-tcp"]);
    }

    [Fact]
    public async Task Alb_is_switched_on_and_back_by_jobs_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.MakeLogstore("alb_log");
        wire.Inside.Seed("alb", "alb-web");
        wire.Inside.Seed("alb", "alb-quic", ("listener", "quic"));
        wire.Inside.Seed("alb", "alb-broken", ("status", "CreateFailed"));

        await ThereAndBackAsync(wire, "alb", "access", "alb_log", notApplicable: ["alb-broken"]);
    }

    [Fact]
    public async Task Nas_is_switched_on_and_back_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("nas", "nas-files");
        wire.Inside.Seed("nas", "nas-office", ("protocol", "SMB"));
        wire.Inside.Seed("nas", "nas-parallel", ("type", "cpfs"), ("protocol", "cpfs"));

        await ThereAndBackAsync(wire, "nas", "access", "nas_log", notApplicable: ["nas-parallel"]);
    }

    [Fact]
    public async Task Drds_is_switched_on_database_by_database_and_back_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("drds", "drds1", ("databases", "orders,stock"));
        wire.Inside.Seed("drds", "drds2", ("databases", "none"));

        await ThereAndBackAsync(wire, "drds", "audit", "drds_log", notApplicable: ["drds2"]);
    }

    [Fact]
    public async Task Api_gateway_fills_and_empties_the_slot_of_the_region_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.MakeLogstore("apigateway_log");
        wire.Inside.Seed("apigateway", "group-orders");
        wire.Inside.Seed("apigateway", "group-users");

        await ThereAndBackAsync(wire, "apigateway", "access", "apigateway_log");
    }

    [Fact]
    public async Task Vpc_gets_its_flow_logs_one_after_the_other_and_loses_them_again_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.MakeLogstore("vpc_log");
        wire.Inside.Seed("vpc", "vpc-a");
        wire.Inside.Seed("vpc", "vpc-b", ("families", "ecs.g7"));
        wire.Inside.Seed("vpc", "vpc-old", ("families", "ecs.g7,ecs.sn1"));

        await ThereAndBackAsync(wire, "vpc", "flow", "vpc_log", notApplicable: ["vpc-old"]);
    }

    [Fact]
    public async Task Rds_audit_is_switched_over_DAS_and_back_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("rds", "rm-a", ("engine", "MySQL"), ("version", "8.0"));
        wire.Inside.Seed("rds", "rm-b", ("engine", "PostgreSQL"), ("version", "16.0"));
        wire.Inside.Seed("rds", "rm-maria", ("engine", "MariaDB"), ("version", "10.3"));
        wire.Inside.Seed("rds", "rm-basic", ("engine", "MySQL"), ("version", "8.0"), ("category", "Basic"));
        wire.Inside.Seed("rds", "rm-off", ("engine", "MySQL"), ("version", "8.0"), ("status", "Stopped"));

        await ThereAndBackAsync(wire, "rds", "audit", "rds_log", notApplicable: ["rm-maria", "rm-basic", "rm-off"]);

        var slow = await wire.ObserveAsync("rds", "slow", "rds_log");
        Assert.IsType<Observation.Enabled>(slow["rm-b"].State);
        Assert.Equal("prod", slow["rm-a"].Resource.Tags["env"]);
    }

    [Fact]
    public async Task Audit_and_events_of_clusters_are_switched_at_their_paths_and_back_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("ack", "c-a");
        wire.Inside.Seed("ack", "c-b", ("ingressLog", "true"));
        wire.Inside.Seed("ack", "c-registered", ("type", "ExternalKubernetes"));

        await ThereAndBackAsync(wire, "ack", "audit", "k8s_log", notApplicable: ["c-registered"]);
        await ThereAndBackAsync(wire, "ack", "event", "k8s_log", notApplicable: ["c-registered"]);

        var ingress = await wire.ObserveAsync("ack", "ingress", "k8s_ingress_log");
        Assert.IsType<Observation.NotApplicable>(ingress["c-a"].State);
        Assert.IsType<Observation.Enabled>(ingress["c-b"].State);
        Assert.Equal("k8s-log-c-b/nginx-ingress", ingress["c-b"].Lands!.ToString());
    }

    [Fact]
    public async Task Waf_opens_its_log_service_and_switches_objects_and_domains_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("waf", "www.example.com-waf");
        wire.Inside.Seed("waf", "api.example.com-waf");
        wire.Inside.Seed("waf", "old.example.com", ("generation", "2.0"));

        await ThereAndBackAsync(wire, "waf", "access", "waf_log");

        var found = await wire.ObserveAsync("waf", "access", "waf_log");
        Assert.Equal("waf-logstore", found["old.example.com"].Lands!.Value.Logstore.Value);
        Assert.Null(found["www.example.com-waf"].Lands);
    }

    [Fact]
    public async Task Polardb_audit_is_switched_over_DAS_and_back_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("polardb", "pc-a");
        wire.Inside.Seed("polardb", "pc-postgres", ("type", "PostgreSQL"));
        wire.Inside.Seed("polardb", "pc-off", ("status", "Stopped"));

        await ThereAndBackAsync(wire, "polardb", "audit", "polardb_log", notApplicable: ["pc-postgres", "pc-off"]);

        var metrics = await wire.ObserveAsync("polardb", "performance", "polardb_metrics");
        Assert.IsType<Observation.Enabled>(metrics["pc-a"].State);
        Assert.Equal("prod", metrics["pc-a"].Resource.Tags["env"]);
    }

    [Fact]
    public async Task Cloud_Firewall_opens_its_log_analysis_and_delivers_both_categories_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("cloudfirewall", "vipcloudfw-1", ("opened", "false"));

        await ThereAndBackAsync(wire, "cloudfirewall", "internet", "cloudfirewall_log");
        await ThereAndBackAsync(wire, "cloudfirewall", "vpc", "cloudfirewall_log");
    }

    [Fact]
    public async Task Cloud_Firewall_of_log_version_2_is_found_once_for_each_of_its_sites_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("cloudfirewall", "vipcloudfw-2", ("logVersion", "2"));

        await ThereAndBackAsync(wire, "cloudfirewall", "internet", "cloudfirewall_log");

        var found = await wire.ObserveAsync("cloudfirewall", "vpc", "cloudfirewall_log");
        Assert.Equal("ap-southeast-1", found["vipcloudfw-2/intl"].Resource.Region.Value);
        Assert.Equal("cn-hangzhou", found["vipcloudfw-2/cn"].Resource.Region.Value);
    }

    [Fact]
    public async Task Log_of_an_access_domain_is_switched_and_what_only_a_person_can_do_is_told_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("dns", "config-a", ("kind", "gtm"));
        wire.Inside.Seed("dns", "vpc-a", ("kind", "intranet"));
        wire.Inside.Seed("dns", "example.com", ("kind", "public"), ("analysis", "on"));
        wire.Inside.Seed("dns", "example.net", ("kind", "public"));

        await ThereAndBackAsync(wire, "dns", "gtm", "dns_log", notApplicable: ["vpc-a", "example.com", "example.net"]);

        var domains = await wire.ObserveAsync("dns", "public", "dns_log");
        Assert.IsType<Observation.Enabled>(domains["example.com"].State);
        Assert.Contains("traffic analysis", Assert.IsType<Observation.Disabled>(domains["example.net"].State).Todo);
        Assert.Equal("prod", domains["example.net"].Resource.Tags["env"]);
    }

    [Fact]
    public async Task Anti_DDoS_switches_the_domains_of_Proxy_and_reads_those_of_Origin_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("ddos", "www.example.com");
        wire.Inside.Seed("ddos", "ddosbgp-cn-1", ("form", "origin"));

        await ThereAndBackAsync(wire, "ddos", "pro", "ddos_log", notApplicable: ["ddosbgp-cn-1"]);

        var origin = (await wire.ObserveAsync("ddos", "origin", "ddos_log"))["ddosbgp-cn-1"];
        Assert.Contains(
            "mitigation analysis",
            Assert.IsType<Observation.Disabled>(origin.State).Todo,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Buckets_are_listed_with_their_regions_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("oss", "evidence");

        var observed = Assert.Single(await wire.ObserveAsync("oss", "access", "oss_log")).Value;

        Assert.Equal("evidence cn-hangzhou", $"{observed.Resource.Id} {observed.Resource.Region}");
        Assert.IsType<Observation.Enabled>(observed.State);
    }

    [Fact]
    public async Task Security_Center_is_opened_and_a_kind_switched_there_and_back_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("sas", "sas-a", ("opened", "false"));

        await ThereAndBackAsync(wire, "sas", "login", "sas_log");

        var observed = Assert.Single(await wire.ObserveAsync("sas", "alert", "sas_log")).Value;
        Assert.Equal("sas-log-1000000000000001-cn-hangzhou/sas-log", observed.Lands!.Value.ToString());
    }

    [Fact]
    public async Task Cloud_Config_is_started_and_delivers_each_kind_there_and_back_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.MakeLogstore("cloudconfig_log");

        await ThereAndBackAsync(wire, "cloudconfig", "change", "cloudconfig_log");
        await ThereAndBackAsync(wire, "cloudconfig", "noncompliance", "cloudconfig_log");
    }

    [Fact]
    public async Task Bastion_hosts_are_told_apart_by_what_a_person_must_do_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.Seed("bastionhost", "bastionhost-cn-new");
        wire.Inside.Seed("bastionhost", "bastionhost-cn-old", ("legacy", "true"));
        wire.Inside.Seed("bastionhost", "bastionhost-cn-bought", ("status", "PENDING"));

        var observed = await wire.ObserveAsync("bastionhost", "operation", "baston_log");

        Assert.Equal(3, observed.Count);
        Assert.Contains("baston_log", Todo("bastionhost-cn-new"));
        Assert.Contains("V3.2", Todo("bastionhost-cn-old"));
        Assert.Contains("initialise", Todo("bastionhost-cn-bought"));

        string Todo(string id) => Assert.IsType<Observation.Disabled>(observed[id].State).Todo;
    }

    [Fact]
    public async Task Trail_is_made_started_and_taken_away_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.MakeLogstore("other");

        await ThereAndBackAsync(wire, "actiontrail", "events", "actiontrail_logaudit");
    }

    /// <summary>Mends everything, finds nothing more to mend, and takes every change back that can be.</summary>
    private static async Task ThereAndBackAsync(
        Wire wire,
        string product,
        string kind,
        string logstore,
        params string[] notApplicable
    )
    {
        var handler = wire.Handler(product);
        var before = await wire.ObserveAsync(product, kind, logstore);
        var fixes = before.Values.SelectMany(answer => answer.Fixes).ToArray();
        Assert.NotEmpty(fixes);

        foreach (var fix in fixes)
        {
            await handler.WriteAsync(fix, default);
            Assert.Equal(fix.To, await handler.ReadAsync(fix.Setting, default));
        }

        var after = await wire.ObserveAsync(product, kind, logstore);
        Assert.Equal(
            notApplicable.Order(),
            after.Where(pair => pair.Value.State is Observation.NotApplicable).Select(pair => pair.Key).Order()
        );
        Assert.All(
            after.Where(pair => !notApplicable.Contains(pair.Key)),
            pair => Assert.IsType<Observation.Enabled>(pair.Value.State)
        );

        foreach (var fix in fixes.Reverse().Where(fix => fix.Reversal == Reversal.Restores))
        {
            await handler.WriteAsync(fix with { From = fix.To, To = fix.From }, default);
            Assert.Equal(fix.From, await handler.ReadAsync(fix.Setting, default));
        }
    }
}
