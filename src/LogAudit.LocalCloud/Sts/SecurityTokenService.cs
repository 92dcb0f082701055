using System.Globalization;
using System.Text.RegularExpressions;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using P = LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Sts;

/// <summary>STS 2015-04-01: who am I, and let me be that role.</summary>
internal sealed partial class SecurityTokenService : IPart
{
    private const string Product = "Sts";
    private const string Version = "2015-04-01";

    /// <summary>AssumeRole calls of one account in a second. Source: doc-detail/139021.</summary>
    private const int CallsPerSecond = 100;

    private readonly Dictionary<string, (long Second, int Calls)> _pace = new(StringComparer.Ordinal);

    public void Register(Cloud cloud)
    {
        cloud.Api.Hosts(Product, "sts.aliyuncs.com", "sts.{region}.aliyuncs.com", "sts-vpc.{region}.aliyuncs.com");
        cloud.Api.Rpc(Product, Version, "GetCallerIdentity", [], ram: null, isWrite: false, Identity);
        cloud.Api.Rpc(
            Product,
            Version,
            "AssumeRole",
            [
                P.RequiredText("RoleArn"),
                P.RequiredText("RoleSessionName"),
                P.Long("DurationSeconds"),
                P.Text("Policy"),
                P.Text("ExternalId"),
                P.Text("SourceIdentity"),
            ],
            new RamRule("sts:AssumeRole", call => call.Text("RoleArn")),
            isWrite: true,
            AssumeRole
        );
    }

    private static JObject Identity(ApiCall call)
    {
        var caller = call.Caller;
        var answer = new JObject
        {
            ["IdentityType"] = caller.Kind switch
            {
                CallerKind.Role => "AssumedRoleUser",
                CallerKind.User => "RAMUser",
                _ => "Account",
            },
            ["AccountId"] = caller.Account.Id,
            ["Arn"] = caller.Arn,
            ["PrincipalId"] = caller.PrincipalId,
        };
        if (caller.Session is { } session)
        {
            answer["RoleId"] = session.Role.Id;
        }
        else
        {
            answer["UserId"] = caller.User?.Id ?? caller.Account.Id;
        }
        return answer;
    }

    private JObject AssumeRole(ApiCall call)
    {
        Pace(call);
        if (call.Caller.Kind == CallerKind.Root)
        {
            throw new CloudError(403, "NoPermission", "Roles may not be assumed by root accounts.");
        }
        var arn = call.Text("RoleArn");
        if (!RoleArnForm().IsMatch(arn))
        {
            throw new CloudError(400, "InvalidParameter.RoleArn", "The parameter RoleArn is wrongly formed.");
        }
        if (!SessionNameForm().IsMatch(call.Text("RoleSessionName")))
        {
            throw new CloudError(
                400,
                "InvalidParameter.RoleSessionName",
                "The parameter RoleSessionName is wrongly formed."
            );
        }
        var role = call.Cloud.FindRole(arn);
        if (role is null || call.Now < role.EffectiveAt)
        {
            throw new CloudError(404, "EntityNotExist.Role", $"The role not exists: {arn}.");
        }
        var seconds = call.Long("DurationSeconds") ?? 3600;
        if (seconds < 900 || seconds > role.MaxSessionSeconds)
        {
            throw new CloudError(
                400,
                "InvalidParameter.DurationSeconds",
                $"The Min/Max value of DurationSeconds is 15min/{role.MaxSessionSeconds / 60}min."
            );
        }
        if (!call.Cloud.Trust.Trusts(role, call.Caller, call.Optional("ExternalId")))
        {
            throw new CloudError(
                403,
                "NoPermission",
                "You are not authorized to do this action. You should be authorized by RAM."
            )
            {
                Denied = new(
                    "sts:AssumeRole",
                    arn,
                    call.Caller.Arn,
                    "AssumedRoleUser",
                    role.Account.Id,
                    "AssumeRolePolicy",
                    ExplicitDeny: false
                ),
            };
        }
        var policy = call.Optional("Policy") is { } text ? PolicyDocument.Parse(text) : null;
        var key = call.Cloud.Keys.OpenSession(
            role,
            call.Text("RoleSessionName"),
            TimeSpan.FromSeconds(seconds),
            policy
        );
        return new JObject
        {
            ["AssumedRoleUser"] = new JObject
            {
                ["Arn"] = key.Session!.Arn,
                ["AssumedRoleId"] = $"{role.Id}:{key.Session.Name}",
            },
            ["Credentials"] = new JObject
            {
                ["AccessKeyId"] = key.Id,
                ["AccessKeySecret"] = key.Secret,
                ["SecurityToken"] = key.Session.Token,
                ["Expiration"] = key.Session.ExpiresAt.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss'Z'",
                    CultureInfo.InvariantCulture
                ),
            },
        };
    }

    private void Pace(ApiCall call)
    {
        var second = call.Now.ToUnixTimeSeconds();
        var (last, calls) = _pace.GetValueOrDefault(call.AccountId);
        calls = last == second ? calls + 1 : 1;
        _pace[call.AccountId] = (second, calls);
        if (calls > CallsPerSecond)
        {
            throw new CloudError(400, "Throttling.User", "Request was denied due to user flow control.");
        }
    }

    [GeneratedRegex(@"\Aacs:ram::[0-9]+:role/[A-Za-z0-9._/-]{1,96}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RoleArnForm();

    [GeneratedRegex(@"\A[A-Za-z0-9.@_-]{2,64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SessionNameForm();
}
