using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Flow log lines of a VPC.</summary>
/// <remarks>Fields: vpc reference, section 8.</remarks>
internal static class VpcRecords
{
    public const string Topic = "flow_log";

    /// <summary>One window of one network interface. The marker is the end of <c>eni-id</c>.</summary>
    public static LogRecord Flow(
        string account,
        string region,
        string vpcId,
        int aggregationMinutes,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        var lower = marker.ToLowerInvariant();
        var inbound = dice.Once(2);
        var (outside, inside) = (dice.PublicIp(), dice.PrivateIp());
        var service = dice.Of(22, 80, 443, 3306, 3389, 53);
        var near = dice.Number(1024, 65535);
        var (sourcePort, targetPort) = (inbound ? near : service, inbound ? service : near);
        var rejected = dice.Once(4);
        var packets = dice.Number(1, 400);
        var empty = dice.Once(40);
        return new LogRecord(
            Topic,
            at,
            [
                new("version", "1"),
                new("account-id", account),
                new("region", region),
                new("vpc-id", vpcId),
                new("vswitch-id", $"vsw-{vpcId[^Math.Min(12, vpcId.Length)..]}"),
                new("vm-id", $"i-{lower[..17]}"),
                new("eni-id", $"eni-{lower}"),
                new("srcaddr", Or(empty, inbound ? outside : inside)),
                new("srcport", Or(empty, Text(sourcePort))),
                new("dstaddr", Or(empty, inbound ? inside : outside)),
                new("dstport", Or(empty, Text(targetPort))),
                new("protocol", Or(empty, service == 53 ? "17" : dice.Of("6", "6", "6", "1"))),
                new("direction", Or(empty, inbound ? "in" : "out")),
                new("packets", empty ? "0" : Text(packets)),
                new("bytes", empty ? "0" : Text(packets * dice.Number(60, 1400))),
                new("start", Seconds(at.AddMinutes(-aggregationMinutes))),
                new("end", Seconds(at)),
                new("log-status", empty ? "NODATA" : "OK"),
                new("action", Or(empty, rejected ? "REJECT" : "ACCEPT")),
                new("tcp-flags", Or(empty, dice.Of("2", "18", "4", "8", "1"))),
            ],
            lower
        );
    }

    // A window without traffic carries '-' in its address fields (assumed in the reference).
    private static string Or(bool empty, string value) => empty ? "-" : value;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
