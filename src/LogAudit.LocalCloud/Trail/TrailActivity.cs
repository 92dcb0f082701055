using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Trail;

/// <summary>Events of people and programs at work, for trails that need something to tell.</summary>
internal static class TrailActivity
{
    /// <summary>One event; the marker is its id.</summary>
    public static AuditEvent Make(string account, string region, DateTimeOffset at, string marker, Dice dice)
    {
        var (service, name, write) = dice.Of(
            ("Ecs", "DescribeInstances", false),
            ("Ecs", "StartInstance", true),
            ("Oss", "GetBucketAcl", false),
            ("Ram", "ListUsers", false),
            ("Ram", "UpdateUser", true),
            ("Kms", "Decrypt", false),
            ("Sts", "AssumeRole", true),
            ("AasCustomer", "ConsoleSignin", true)
        );
        var user = dice.Of("alice", "bob", "ci-runner");
        var signIn = name is "ConsoleSignin";
        return new AuditEvent
        {
            Id = marker,
            Account = account,
            Region = region,
            Kind = signIn ? "ConsoleSignin" : "ApiCall",
            Service = service,
            Name = name,
            IsWrite = write,
            Time = at,
            RequestId = marker,
            Identity = AuditVocabulary.ConsoleIdentity(account, user, at),
            EventSource = signIn ? "signin.aliyun.com" : $"{service.ToLowerInvariant()}.{region}.aliyuncs.com",
            SourceIp = dice.PublicIp(),
            UserAgent = dice.Of("AliyunConsole", "AlibabaCloud (Linux; amd64) Terraform/1.9", "aliyun-cli/3.0"),
            ErrorCode = dice.Once(15) ? "Forbidden.RAM" : "",
            ErrorMessage = "",
            Request = new JObject { ["RegionId"] = region },
            Response = name is "AssumeRole" ? Credentials(dice, at) : [],
        };
    }

    // Made up: what an answer of AssumeRole looks like in the log, and what must be masked before it leaves.
    private static JObject Credentials(Dice dice, DateTimeOffset at) =>
        new()
        {
            ["Credentials"] = new JObject
            {
                ["AccessKeyId"] = $"STS.NU{dice.Hex(18)}",
                ["AccessKeySecret"] = dice.Hex(32),
                ["SecurityToken"] = $"CAIS{dice.Hex(80)}",
                ["Expiration"] = Products.ResourceTags.Iso(at.AddHours(1)),
            },
        };
}
