using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Records of Cloud Config.</summary>
/// <remarks>Fields: cloudconfig reference, section 8. The topic means nothing there; <c>staging</c> is what one old sample shows.</remarks>
internal static class CloudConfigRecords
{
    public const string Topic = "staging";

    /// <summary>A changed resource. The marker is <c>requestId</c>.</summary>
    public static LogRecord Change(string account, DateTimeOffset at, string marker, Dice dice)
    {
        var (type, service, id, name) = Resource(dice);
        var region = dice.Of("cn-hangzhou", "cn-shanghai", "ap-southeast-1");
        return new LogRecord(
            Topic,
            at,
            [
                new("dataType", "ConfigurationItemChangeNotification"),
                new("accountId", account),
                new("regionId", region),
                new("availabilityZone", $"{region}-b"),
                new("arn", $"acs:{service.ToLowerInvariant()}:{region}:{account}:{id}"),
                new("resourceType", type),
                new("resourceId", id),
                new("realResourceId", id),
                new("resourceName", name),
                new("resourceEventType", dice.Of("MODIFY", "MODIFY", "DISCOVERED", "REMOVE")),
                new("resourceStatus", dice.Of("active", "Running", "Available")),
                new("resourceGroupId", "rg-default"),
                new("resourceCreateTime", Millis(at.AddDays(-dice.Number(1, 900)))),
                new("captureTime", Millis(at)),
                new("configurationDiff", $$"""{"Name":["{{name}}-old","{{name}}"]}"""),
                new("configuration", $$"""{"Id":"{{id}}","Name":"{{name}}","RegionId":"{{region}}"}"""),
                new("relationship", "{}"),
                new("relationshipDiff", "{}"),
                new("tags", """{"env":["prod"]}"""),
                new("version", Text(dice.Number(1, 30))),
                new("serviceName", service),
                new("requestId", marker),
            ],
            marker
        );
    }

    /// <summary>A resource that does not comply. The marker is <c>requestId</c>.</summary>
    public static LogRecord Finding(string account, DateTimeOffset at, string marker, Dice dice)
    {
        var (type, service, id, name) = Resource(dice);
        var region = dice.Of("cn-hangzhou", "cn-shanghai", "ap-southeast-1");
        var rule = dice.Of("slb-listener-https-enabled", "oss-bucket-public-read-prohibited", "ecs-disk-encrypted");
        return new LogRecord(
            Topic,
            at,
            [
                new("dataType", "NonCompliantNotification"),
                new("eventType", "ResourceCompliance"),
                new("eventName", "NonCompliant"),
                new("invokingEventMessageType", "ConfigurationItemChangeNotification"),
                new("accountId", account),
                new("regionId", region),
                new("resourceType", type),
                new("resourceId", id),
                new("complianceType", "NON_COMPLIANT"),
                new("riskLevel", dice.Of("1", "2", "3")),
                new(
                    "annotation",
                    """{"configuration":"false","desiredValue":"true","operator":"Equals","property":"$.Encrypted"}"""
                ),
                new(
                    "evaluationResultIdentifier",
                    $$$"""{"orderingTimestamp":{{{Millis(at)}}},"evaluationResultQualifier":{"resourceId":"{{{id}}}","resourceType":"{{{type}}}","resourceName":"{{{name}}}","regionId":"{{{region}}}","configRuleName":"{{{rule}}}","resourceOwnerId":"{{{account}}}"}}"""
                ),
                new("notificationCreationTime", Millis(at)),
                new("serviceName", service),
                new("requestId", marker),
            ],
            marker
        );
    }

    private static (string Type, string Service, string Id, string Name) Resource(Dice dice) =>
        dice.Of(
            ("ACS::SLB::LoadBalancer", "SLB", $"lb-{dice.Hex(17)}", "web"),
            ("ACS::VPC::VPC", "VPC", $"vpc-{dice.Hex(17)}", "core"),
            ("ACS::ECS::Disk", "ECS", $"d-{dice.Hex(17)}", "data")
        );

    private static string Millis(DateTimeOffset at) =>
        at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
