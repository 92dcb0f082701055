using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Access log lines of a file system.</summary>
/// <remarks>Fields: nas reference, section 8.</remarks>
internal static class NasRecords
{
    private const string Topic = "nas_audit_log";

    /// <summary>An NFSv3 procedure; Extreme ones have fewer fields. The marker is the request's id, on Extreme the inode.</summary>
    public static LogRecord Nfs(
        string account,
        string volume,
        bool extreme,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        var fields = new List<KeyValuePair<string, string>>
        {
            new("User", account),
            new("SourceIp", dice.PrivateIp()),
            new("Volume", volume),
            new("Vers", "3"),
            new("Proc", dice.Of("1", "3", "4", "6", "6", "7", "8", "12", "14")),
            new("ArgIno", extreme ? marker : Text(dice.Number(1000, 900_000))),
            new("ResIno", dice.Once(3) ? Text(dice.Number(1000, 900_000)) : ""),
            new("RWSize", Text(dice.Of(0, 4096, 65_536, 1_048_576))),
            new("AuthRc", dice.Once(30) ? "13" : "0"),
            new("NFSProtocolRc", dice.Once(12) ? dice.Of("2", "13", "70") : "0"),
        };
        fields.AddRange(
            extreme
                ? [new("Rc", "0")]
                :
                [
                    new("Vip", dice.PrivateIp()),
                    new("OpList", ""),
                    new("RequestId", marker),
                    new("microtime", Micros(at)),
                ]
        );
        return new LogRecord(Topic, at, fields, marker);
    }

    /// <summary>An SMB operation. Its topic is not documented (assumed: none). The marker is the request's id.</summary>
    public static LogRecord Smb(string account, string volume, DateTimeOffset at, string marker, Dice dice) =>
        new(
            "",
            at,
            [
                new("OpName", dice.Of("Create", "Read", "Read", "Write", "Close", "QueryDirectory")),
                new("Host", dice.PrivateIp()),
                new("ArrivalTime", Micros(at)),
                new("CompleteTime", Micros(at.AddMilliseconds(dice.Number(1, 80)))),
                new("ConnID", dice.Hex(8)),
                new("Inode", Text(dice.Number(1000, 900_000))),
                new("ObjectName", dice.Of(@"\share\plans\2026.xlsx", @"\share\payroll\march.pdf", @"\share")),
                new("RequestID", marker),
                new("PersistentID", dice.Hex(16)),
                new("SessionID", dice.Hex(16)),
                new("VolumeID", volume),
                new("UserID", account),
                new("UserSID", $"S-1-5-21-1000-{dice.Number(1000, 1020)}"),
                new("UserSName", dice.Of("alice", "bob", "carol")),
                new("IOBytes", Text(dice.Of(0, 4096, 65_536))),
                new("Opcode", Text(dice.Number(0, 18))),
                new("Status", dice.Once(15) ? "3221225506" : "0"),
                new("TotalTime", Text(dice.Number(1, 80))),
            ],
            marker
        );

    private static string Micros(DateTimeOffset at) =>
        (at.ToUnixTimeMilliseconds() * 1000).ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
