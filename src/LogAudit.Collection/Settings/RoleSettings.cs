using LogAudit.OpenApi;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Collection;

/// <summary>RAM roles, policies and attachments, for <c>bootstrap</c>.</summary>
/// <remarks>Source: RAM 2015-05-01. Codes of "exists already" come with and without s; both begin with EntityAlreadyExist.</remarks>
internal sealed class RoleSettings(OpenApiClient api) : ISettingHandler
{
    public IReadOnlyCollection<string> SettingKinds =>
        [Collection.SettingKinds.Role, Collection.SettingKinds.RolePolicy, Collection.SettingKinds.Attachment];

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        setting.Kind switch
        {
            Collection.SettingKinds.Role => ReadRoleAsync(setting, cancel),
            Collection.SettingKinds.RolePolicy => ReadPolicyAsync(setting, cancel),
            _ => ReadAttachmentAsync(setting, cancel),
        };

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        change.Setting.Kind switch
        {
            Collection.SettingKinds.Role => WriteRoleAsync(change, cancel),
            Collection.SettingKinds.RolePolicy => WritePolicyAsync(change, cancel),
            _ => WriteAttachmentAsync(change, cancel),
        };

    /// <summary>A policy document without spaces, so that two spellings of one document are equal.</summary>
    internal static string Normal(string document) =>
        JToken.Parse(document.StartsWith('%') ? Uri.UnescapeDataString(document) : document).ToString(Formatting.None);

    private async Task<SettingState?> ReadRoleAsync(SettingRef setting, CancellationToken cancel) =>
        await FindAsync(setting, "GetRole", ApiParameters.Of(("RoleName", setting.Id)), cancel) is { } answer
            ? SettingState.Of(
                ("trust", Normal(Text(answer, "Role.AssumeRolePolicyDocument"))),
                ("description", answer.SelectToken("Role.Description")?.ToString() ?? "")
            )
            : null;

    private async Task<SettingState?> ReadPolicyAsync(SettingRef setting, CancellationToken cancel) =>
        await FindAsync(
            setting,
            "GetPolicy",
            ApiParameters.Of(("PolicyName", setting.Id), ("PolicyType", "Custom")),
            cancel
        )
            is { } answer
            ? SettingState.Of(("document", Normal(Text(answer, "DefaultPolicyVersion.PolicyDocument"))))
            : null;

    private async Task<SettingState?> ReadAttachmentAsync(SettingRef setting, CancellationToken cancel)
    {
        var (role, policy) = Split(setting);
        var answer = await FindAsync(setting, "ListPoliciesForRole", ApiParameters.Of(("RoleName", role)), cancel);
        return
            answer
                ?.SelectTokens("Policies.Policy[*]")
                .FirstOrDefault(one => string.Equals(one.Value<string>("PolicyName"), policy, StringComparison.Ordinal))
                is { } found
            ? SettingState.Of(("type", found.Value<string>("PolicyType") ?? "Custom"))
            : null;
    }

    private Task WriteRoleAsync(SettingChange change, CancellationToken cancel) =>
        change switch
        {
            { To: null } => WriteAsync(change, "DeleteRole", ApiParameters.Of(("RoleName", change.Setting.Id)), cancel),
            { From: null } => WriteAsync(
                change,
                "CreateRole",
                ApiParameters.Of(
                    ("RoleName", change.Setting.Id),
                    ("AssumeRolePolicyDocument", change.To["trust"]),
                    ("Description", change.To["description"])
                ),
                cancel
            ),
            _ => WriteAsync(
                change,
                "UpdateRole",
                ApiParameters.Of(("RoleName", change.Setting.Id), ("NewAssumeRolePolicyDocument", change.To["trust"])),
                cancel
            ),
        };

    private Task WritePolicyAsync(SettingChange change, CancellationToken cancel) =>
        change switch
        {
            { To: null } => WriteAsync(
                change,
                "DeletePolicy",
                ApiParameters.Of(("PolicyName", change.Setting.Id), ("CascadingDelete", "true")),
                cancel
            ),
            { From: null } => WriteAsync(
                change,
                "CreatePolicy",
                ApiParameters.Of(("PolicyName", change.Setting.Id), ("PolicyDocument", change.To["document"])),
                cancel
            ),
            _ => WriteAsync(
                change,
                "CreatePolicyVersion",
                ApiParameters.Of(
                    ("PolicyName", change.Setting.Id),
                    ("PolicyDocument", change.To["document"]),
                    ("SetAsDefault", "true"),
                    ("RotateStrategy", "DeleteOldestNonDefaultVersionWhenLimitExceeded")
                ),
                cancel
            ),
        };

    private Task WriteAttachmentAsync(SettingChange change, CancellationToken cancel)
    {
        var (role, policy) = Split(change.Setting);
        return WriteAsync(
            change,
            change.To is null ? "DetachPolicyFromRole" : "AttachPolicyToRole",
            ApiParameters.Of(
                ("PolicyName", policy),
                ("PolicyType", (change.To ?? change.From)?["type"] ?? "Custom"),
                ("RoleName", role)
            ),
            cancel
        );
    }

    private async Task<JObject?> FindAsync(
        SettingRef setting,
        string action,
        ApiParameters parameters,
        CancellationToken cancel
    )
    {
        try
        {
            return await api.CallAsync(Call(setting, action, parameters, writes: false), cancel);
        }
        catch (OpenApiException failure) when (failure.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Already so is success: the caller read before, and the next run compares.</summary>
    private async Task WriteAsync(
        SettingChange change,
        string action,
        ApiParameters parameters,
        CancellationToken cancel
    )
    {
        try
        {
            await api.CallAsync(Call(change.Setting, action, parameters, writes: true), cancel);
        }
        catch (OpenApiException failure)
            when (change.To is null
                    ? failure.IsNotFound
                    : failure.Code.StartsWith("EntityAlreadyExist", StringComparison.Ordinal)
            )
        {
            // Already so.
        }
    }

    private static ApiCall Call(SettingRef setting, string action, ApiParameters parameters, bool writes) =>
        new()
        {
            Product = ApiProducts.Ram,
            Action = action,
            Account = setting.Account,
            Region = setting.Region,
            Parameters = parameters,
            Writes = writes,
        };

    private static (string Role, string Policy) Split(SettingRef setting) =>
        setting.Id.Split('/', 2) is [var role, var policy]
            ? (role, policy)
            : throw new ArgumentException($"The id of {setting} is not role/policy.", nameof(setting));

    private static string Text(JObject answer, string path) =>
        answer.SelectToken(path)?.ToString()
        ?? throw new InvalidDataException($"RAM answered without {path}; the API may have changed.");
}
