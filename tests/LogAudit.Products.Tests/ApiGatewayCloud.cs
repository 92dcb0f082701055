using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>A region with API groups and a log slot, which answers from exchanges.</summary>
internal sealed class ApiGatewayCloud
{
    private (string Project, string Logstore)? slot;

    public ApiGatewayCloud(int groups = 2) =>
        Exchanges
            .Answer(
                "DescribeApiGroups",
                new JObject
                {
                    ["TotalCount"] = groups,
                    ["ApiGroupAttributes"] = new JObject
                    {
                        ["ApiGroupAttribute"] = new JArray(
                            Enumerable
                                .Range(0, groups)
                                .Select(number => new JObject { ["GroupId"] = $"group-{number}" })
                        ),
                    },
                }.ToString()
            )
            .On("DescribeLogConfig", _ => Reply.Json(Slot()))
            .On("CreateLogConfig", Filled)
            .On("ModifyLogConfig", Filled)
            .On(
                "DeleteLogConfig",
                _ =>
                {
                    slot = null;
                    return Reply.Json("""{"RequestId":"R"}""");
                }
            );

    public Cloud Cloud { get; } = new();
    public Exchanges Exchanges => Cloud.Exchanges;

    public ApiGatewayCloud SlotGoesTo(string project, string logstore)
    {
        slot = (project, logstore);
        return this;
    }

    public Task<Dictionary<string, Observed>> ObserveAsync() =>
        Cloud.ObserveAsync("apigateway", "access", Cloud.Target("apigateway_log"));

    private Reply Filled(SeenRequest request)
    {
        slot = (request["SlsProject"], request["SlsLogStore"]);
        return Reply.Json("""{"RequestId":"R"}""");
    }

    private string Slot() =>
        new JObject
        {
            ["LogInfos"] = new JObject
            {
                ["LogInfo"] = slot is var (project, logstore)
                    ? new JArray(
                        new JObject
                        {
                            ["LogType"] = "PROVIDER",
                            ["SlsProject"] = project,
                            ["SlsLogStore"] = logstore,
                        }
                    )
                    : [],
            },
        }.ToString();
}
