using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>A region of file systems that answers from exchanges.</summary>
internal sealed class NasCloud
{
    private readonly List<string> analysed = [];

    public NasCloud(params JObject[] systems)
    {
        Exchanges
            .On(
                "DescribeFileSystems",
                request =>
                    Reply.Json(
                        Page(
                            "FileSystems",
                            "FileSystem",
                            systems.Where(one => request["FileSystemId"] is "" || Same(one, request["FileSystemId"]))
                        )
                    )
            )
            .On(
                "DescribeLogAnalysis",
                _ =>
                    Reply.Json(
                        Page(
                            "Analyses",
                            "Analysis",
                            analysed.Select(id => new JObject
                            {
                                ["MetaKey"] = id,
                                ["MetaValue"] = new JObject
                                {
                                    ["Project"] = "nas-1000000000000001-cn-hangzhou",
                                    ["Logstore"] = "nas-nfs",
                                    ["Region"] = "cn-hangzhou",
                                },
                            })
                        )
                    )
            )
            .On("CreateLogAnalysis", request => Changed(() => analysed.Add(request["FileSystemId"])))
            .On("DeleteLogAnalysis", request => Changed(() => analysed.Remove(request["FileSystemId"])));
    }

    public Cloud Cloud { get; } = new();
    public Exchanges Exchanges => Cloud.Exchanges;

    public static JObject FileSystem(
        string id,
        string protocol = "NFS",
        string type = "standard",
        string status = "Running"
    ) =>
        new()
        {
            ["FileSystemId"] = id,
            ["Description"] = "files",
            ["FileSystemType"] = type,
            ["ProtocolType"] = protocol,
            ["Status"] = status,
        };

    public void Analyse(string id) => analysed.Add(id);

    public Task<Dictionary<string, Observed>> ObserveAsync(Scope? scope = null) =>
        Cloud.ObserveAsync("nas", "access", Cloud.Target("nas_log"), scope);

    private static bool Same(JObject one, string id) => (string?)one["FileSystemId"] == id;

    private static Reply Changed(Action change)
    {
        change();
        return Reply.Json("""{"RequestId":"R"}""");
    }

    private static string Page(string list, string row, IEnumerable<JObject> rows)
    {
        var all = new JArray(rows);
        return new JObject
        {
            [list] = new JObject { [row] = all },
            ["TotalCount"] = all.Count,
        }.ToString();
    }
}
