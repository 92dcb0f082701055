using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace LogAudit.Collection;

/// <summary>The JSON form of run reports, for the answer of a function, the state Logstore and <c>--output json</c>.</summary>
public static partial class RunJson
{
    /// <summary>One line; member names in camel case, accounts as texts.</summary>
    public static string Write(RunReport report) => JsonSerializer.Serialize(report, RunJsonContext.Default.RunReport);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not a report.</exception>
    public static RunReport Read(string text) =>
        JsonSerializer.Deserialize(text, RunJsonContext.Default.RunReport)
        ?? throw new JsonException("The text is not a run report.");

    /// <summary>Hash of what a report says, without its id, times and writes, and without the ids of the requests that failed: they are others each time.</summary>
    internal static string Digest(RunReport report)
    {
        var lasting = report with
        {
            Run = "",
            Road = "",
            Started = default,
            Ended = default,
            Writes = 0,
            Coverage = [.. report.Coverage.Select(row => row with { CollectingBefore = row.Collecting })],
            Unknown = [.. report.Unknown.Select(WithoutRequestId)],
            Errors = [.. report.Errors.Select(WithoutRequestId)],
            Findings = [.. report.Findings.Select(WithoutRequestId)],
        };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(lasting))));
    }

    private static string WithoutRequestId(string text) => RequestId().Replace(text, "request");

    // As OpenApiException and SlsException write them.
    [GeneratedRegex("request (id )?[0-9A-Fa-f-]{8,}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestId();
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(AccountIdText)]
)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class RunJsonContext : JsonSerializerContext;

internal sealed class AccountIdText : JsonConverter<AccountId>
{
    public override AccountId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        AccountId.IsValid(reader.GetString())
            ? new AccountId(reader.GetString()!)
            : throw new JsonException("An account id is expected.");

    public override void Write(Utf8JsonWriter writer, AccountId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
