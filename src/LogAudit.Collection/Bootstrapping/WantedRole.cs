namespace LogAudit.Collection;

/// <summary>A role that should exist, with what it may do.</summary>
/// <param name="Account">Account in which it lives.</param>
/// <param name="Name">Its name.</param>
/// <param name="Trust">Trust policy document, JSON.</param>
/// <param name="Policies">Own policies by name, each document at most 6,144 characters.</param>
public sealed record WantedRole(
    AccountId Account,
    string Name,
    string Trust,
    IReadOnlyDictionary<string, string> Policies
);

/// <summary>The roles that only the engine needs: jobs that carry logs, and SLS calling the functions.</summary>
public static class EngineRoles
{
    /// <summary>Trust policy for a service, or for a service acting for other accounts (<c>uid@log.aliyuncs.com</c>).</summary>
    public static string TrustServices(params IEnumerable<string> services) =>
        Trust("Service", services, externalId: null);

    /// <summary>Trust policy for a RAM identity.</summary>
    /// <param name="arn">The identity: <c>acs:ram::uid:role/name</c>.</param>
    /// <param name="externalId">What it must send as <c>ExternalId</c>; null to ask for nothing.</param>
    /// <remarks>Source: STS AssumeRole, parameter ExternalId; RAM condition key <c>sts:ExternalId</c>.</remarks>
    public static string TrustIdentity(string arn, string? externalId) => Trust("RAM", [arn], externalId);

    /// <summary>A policy document that allows actions on resources.</summary>
    public static string Allow(IEnumerable<string> actions, IEnumerable<string> resources) =>
        PlanJson.Text(json =>
        {
            json.WriteStartObject();
            json.WriteString("Version", "1");
            json.WriteStartArray("Statement");
            json.WriteStartObject();
            json.WriteString("Effect", "Allow");
            Texts(json, "Action", actions);
            Texts(json, "Resource", resources);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });

    /// <summary>The roles for the accounts in scope.</summary>
    /// <remarks>Source of the actions of a job: SLS, custom policies for data transformation across accounts. A member that joins later is trusted after the next <c>bootstrap</c>.</remarks>
    /// <param name="layout">Names and ways.</param>
    /// <param name="accounts">The accounts in scope.</param>
    /// <param name="kinds">The log kinds that are asked for; their products may choose projects of their own.</param>
    public static IReadOnlyList<WantedRole> All(
        Layout layout,
        IEnumerable<AccountId> accounts,
        IEnumerable<LogKind> kinds
    )
    {
        var all = accounts
            .Append(layout.CentralAccount)
            .Distinct()
            .OrderBy(account => account.Value, StringComparer.Ordinal)
            .ToList();
        var central = layout.CentralAccount;
        var sources = kinds
            .SelectMany(kind => kind.LandsIn)
            .Prepend("logaudit-region-*")
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return
        [
            .. all.Select(account => new WantedRole(
                account,
                OwnRoles.Etl,
                TrustServices("log.aliyuncs.com"),
                Named(
                    OwnRoles.Etl,
                    Allow(
                        [
                            "log:ListShards",
                            "log:GetCursorOrData",
                            "log:GetConsumerGroupCheckPoint",
                            "log:UpdateConsumerGroup",
                            "log:ConsumerGroupHeartBeat",
                            "log:ConsumerGroupUpdateCheckPoint",
                            "log:ListConsumerGroup",
                            "log:CreateConsumerGroup",
                        ],
                        sources.Select(project => $"acs:log:*:{account}:project/{EngineRights.Within(project)}")
                    )
                )
            )),
            new(
                central,
                OwnRoles.EtlSink,
                TrustServices(
                    all.Where(account => account != central)
                        .Select(account => $"{account}@log.aliyuncs.com")
                        .Prepend("log.aliyuncs.com")
                ),
                Named(
                    OwnRoles.EtlSink,
                    Allow(
                        ["log:PostLogStoreLogs", "log:BatchPostLogStoreLogs"],
                        [$"acs:log:*:{central}:project/{layout.CentralProject}/*"]
                    )
                )
            ),
            new(
                central,
                OwnRoles.Trigger,
                TrustServices("log.aliyuncs.com"),
                Named(
                    OwnRoles.Trigger,
                    Allow(
                        [
                            "fc:InvokeFunction",
                            "log:ListShards",
                            "log:GetCursorOrData",
                            "log:GetConsumerGroupCheckPoint",
                            "log:ConsumerGroupHeartBeat",
                            "log:ConsumerGroupUpdateCheckPoint",
                            "log:CreateConsumerGroup",
                            "log:ListConsumerGroup",
                        ],
                        [$"acs:fc:*:{central}:functions/*", $"acs:log:*:{central}:project/{layout.CentralProject}/*"]
                    )
                )
            ),
        ];
    }

    private static Dictionary<string, string> Named(string name, string document) =>
        new(StringComparer.Ordinal) { [name] = document };

    private static string Trust(string kind, IEnumerable<string> principals, string? externalId) =>
        PlanJson.Text(json =>
        {
            json.WriteStartObject();
            json.WriteString("Version", "1");
            json.WriteStartArray("Statement");
            json.WriteStartObject();
            json.WriteString("Effect", "Allow");
            json.WriteString("Action", "sts:AssumeRole");
            json.WriteStartObject("Principal");
            Texts(json, kind, principals);
            json.WriteEndObject();
            if (externalId is not null)
            {
                json.WriteStartObject("Condition");
                json.WriteStartObject("StringEquals");
                Texts(json, "sts:ExternalId", [externalId]);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static void Texts(System.Text.Json.Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
