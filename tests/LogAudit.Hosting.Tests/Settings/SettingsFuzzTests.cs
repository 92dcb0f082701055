using FsCheck;
using FsCheck.Xunit;

namespace LogAudit.Hosting.Tests.Settings;

public sealed class SettingsFuzzTests
{
    private const string Good = """
        central: { account: "1000000000000001", region: cn-hangzhou, trail: my-trail }
        accounts:
          mode: list
          members: ["2000000000000002", 3000000000000003]
        regions: [cn-hangzhou, cn-beijing]
        collect:
          rds_ttl: 365
          rds_audit_collection_policy: |
            accept "*"
        destinations:
          - name: soc
            sink: syslog
            format: rfc5424
            options: { address: "tls://soc.example.com:6514", secret: "env:SECRET" }
        """;

    [Property(MaxTest = 300)]
    public bool Load_of_any_text_ends_in_settings_or_in_named_mistakes(string? text) => EndsWell(text ?? "");

    [Property(MaxTest = 1000)]
    public bool Load_of_a_damaged_file_ends_in_settings_or_in_named_mistakes(
        NonNegativeInt at,
        NonNegativeInt length,
        string? instead
    )
    {
        var start = at.Get % Good.Length;
        var end = Math.Min(Good.Length, start + (length.Get % 20));
        return EndsWell(string.Concat(Good.AsSpan(0, start), instead, Good.AsSpan(end)));
    }

    [Property(MaxTest = 300)]
    public bool Load_with_any_override_ends_in_settings_or_in_named_mistakes(string?[] steps, string? value) =>
        EndsWell(Good, KeyValuePair.Create($"LOGAUDIT__{string.Join("__", steps)}", value ?? ""));

    private static bool EndsWell(string text, params KeyValuePair<string, string>[] environment)
    {
        try
        {
            return SettingsFile.Load(text, "logaudit.yaml", Known.All, environment) is not null;
        }
        catch (SettingsException failure)
        {
            return failure.Errors.Count > 0 && failure.Errors.All(error => error.Allowed.Length > 0);
        }
    }
}
