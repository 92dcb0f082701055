using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Fc;

/// <summary>A trigger as CreateTrigger described it, and its way to stop.</summary>
/// <remarks>Shapes: FC CreateTriggerInput; <c>triggerConfig</c> is a JSON text on the wire.</remarks>
internal sealed class FunctionTrigger(string name, string type, JObject config, string sourceArn, string invocationRole)
    : IDisposable
{
    private readonly CancellationTokenSource stop = new();

    public string Name => name;
    public string Type => type;
    public JObject Config => config;
    public string SourceArn => sourceArn;
    public string InvocationRole => invocationRole;

    /// <summary>Cancelled when the trigger is deleted or replaced.</summary>
    public CancellationToken Stopped => stop.Token;

    /// <summary>How often it fired.</summary>
    public int Fired { get; set; }

    public void Stop() => stop.Cancel();

    public void Dispose() => stop.Dispose();

    public static FunctionTrigger Read(JObject body)
    {
        var name = (string?)body["triggerName"] ?? throw FcErrors.InvalidArgument("triggerName is required");
        var type = (string?)body["triggerType"] ?? throw FcErrors.InvalidArgument("triggerType is required");
        var text =
            (string?)body["triggerConfig"]
            ?? throw FcErrors.InvalidArgument("triggerConfig is required, as a JSON text");
        if (name.Length is 0 or > 128)
        {
            throw FcErrors.InvalidArgument($"triggerName '{name}' must have 1 to 128 characters");
        }

        try
        {
            return new FunctionTrigger(
                name,
                type,
                JObject.Parse(text),
                (string?)body["sourceArn"] ?? "",
                (string?)body["invocationRole"] ?? ""
            );
        }
        catch (Newtonsoft.Json.JsonException error)
        {
            throw FcErrors.InvalidArgument($"triggerConfig of '{name}' is not JSON: {error.Message}");
        }
    }

    public JObject ToJson() =>
        new()
        {
            ["triggerName"] = name,
            ["triggerType"] = type,
            ["triggerConfig"] = config.ToString(Newtonsoft.Json.Formatting.None),
            ["sourceArn"] = sourceArn,
            ["invocationRole"] = invocationRole,
            ["qualifier"] = "LATEST",
        };
}
