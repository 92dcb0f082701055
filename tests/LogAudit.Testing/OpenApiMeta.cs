using System.Text.Json;

namespace LogAudit.Testing;

/// <summary>Holds calls against the official parameter metadata (<c>openapi-meta</c> of the reference folder): action, version, method, every parameter's name and place, required ones present.</summary>
/// <param name="folder">The metadata folder: one folder per product, one file per action.</param>
public sealed class OpenApiMeta(string folder)
{
    // Products whose host does not begin with the name of their folder.
    private static readonly Dictionary<string, string> FolderOf = new(StringComparer.Ordinal)
    {
        ["tds"] = "sas",
        ["yundun"] = "yundun-bastionhost",
        ["bastionhost"] = "yundun-bastionhost",
        ["resourcedirectory"] = "resourcedirectorymaster",
        ["wafopenapi"] = "waf-openapi",
        ["apigateway"] = "cloudapi",
    };

    private readonly Dictionary<string, string> versions = Versions(folder);
    private readonly HashSet<string> exceptions = Exceptions();

    /// <summary>The metadata folder of the reference, <c>LOGAUDIT_OPENAPI_META</c> before <c>LOGAUDIT_REFERENCE</c>.</summary>
    public static OpenApiMeta OfReference() =>
        new(
            Environment.GetEnvironmentVariable("LOGAUDIT_OPENAPI_META") is { Length: > 0 } given
                ? given
                : Path.Combine(
                    Peers.Reference ?? throw new InvalidOperationException(Peers.Missing("reference")),
                    "openapi-meta"
                )
        );

    /// <summary>Product of a call, told by its host: <c>ecs-cn-hangzhou.aliyuncs.com</c> and <c>ecs.cn-beijing.aliyuncs.com</c> are <c>ecs</c>.</summary>
    public static string ProductOf(SeenRequest call)
    {
        var label = call.Host.Split('.', '-')[0];
        return FolderOf.GetValueOrDefault(label, label);
    }

    /// <summary>What is wrong with a call; nothing when the metadata knows all of it.</summary>
    public IReadOnlyList<string> Problems(SeenRequest call)
    {
        var product = ProductOf(call);
        var file = Path.Combine(folder, product, $"{call.Action}.json");
        if (!File.Exists(file))
        {
            return Kept([$"{product}:{call.Action}: no such action"]);
        }

        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var root = document.RootElement;
        var known = root.GetProperty("parameters")
            .EnumerateArray()
            .DistinctBy(parameter => parameter.GetProperty("name").GetString() ?? "")
            .ToDictionary(parameter => parameter.GetProperty("name").GetString() ?? "", StringComparer.Ordinal);
        var problems = new List<string>();
        var pattern = root.GetProperty("pathPattern").GetString() ?? "";
        if (pattern.Length > 0 && !Leads(pattern, call.Path))
        {
            problems.Add($"{product}:{call.Action}: path is {pattern}, not {call.Path}");
        }

        if (versions.TryGetValue(product, out var version) && version != call.Version)
        {
            problems.Add($"{product}:{call.Action}: version is {version}, not {call.Version}");
        }

        var methods = root.GetProperty("method").GetString() ?? "";
        if (!methods.Split('|').Contains(call.Method))
        {
            problems.Add($"{product}:{call.Action}: method is {methods}, not {call.Method}");
        }

        var sent = call.Parameters.Keys.ToDictionary(
            name => name,
            name => known.ContainsKey(name) ? name : name.Split('.')[0]
        );
        foreach (var (name, declared) in sent)
        {
            problems.AddRange(OfParameter($"{product}:{call.Action}: {name}", name, declared, known, call));
        }

        problems.AddRange(
            known
                .Where(parameter => parameter.Value.GetProperty("required").GetBoolean())
                .Where(parameter => !sent.ContainsValue(parameter.Key))
                // A path that fits fills its holes; bodies of ROA calls are opaque.
                .Where(parameter =>
                    pattern.Length == 0 || parameter.Value.GetProperty("position").GetString() is not ("Path" or "Body")
                )
                .Select(parameter => $"{product}:{call.Action}: {parameter.Key}: is required and was not sent")
        );
        return Kept(problems);
    }

    private static IEnumerable<string> OfParameter(
        string where,
        string name,
        string declared,
        Dictionary<string, JsonElement> known,
        SeenRequest call
    )
    {
        if (!known.TryGetValue(declared, out var parameter))
        {
            yield return $"{where}: no such parameter";
            yield break;
        }

        var type = parameter.GetProperty("type").GetString();
        if (name != declared && type is not ("RepeatList" or "Array" or "Struct"))
        {
            yield return $"{where}: is a {type}, not a list";
        }

        var place = parameter.GetProperty("position").GetString();
        if (place is "Query" == call.InForm.Contains(name))
        {
            yield return $"{where}: belongs in {place}";
        }
    }

    // "/clusters/[ClusterId]/audit" against "/clusters/c1/audit".
    private static bool Leads(string pattern, string path)
    {
        var (want, have) = (pattern.Split('/'), path.Split('/'));
        return want.Length == have.Length
            && want.Zip(have)
                .All(pair => pair.First == pair.Second || (pair.First.StartsWith('[') && pair.Second != ""));
    }

    private string[] Kept(IEnumerable<string> problems) =>
        [.. problems.Where(problem => !exceptions.Contains(problem))];

    private static Dictionary<string, string> Versions(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "products.json")));
        return document
            .RootElement.GetProperty("products")
            .EnumerateArray()
            .GroupBy(product => (product.GetProperty("code").GetString() ?? "").ToLowerInvariant())
            .ToDictionary(same => same.Key, same => same.First().GetProperty("version").GetString() ?? "");
    }

    private static HashSet<string> Exceptions()
    {
        var file = Path.Combine(Peers.Repository, "tests/LogAudit.Testing/openapi-meta-exceptions.json");
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return document
            .RootElement.GetProperty("exceptions")
            .EnumerateArray()
            .Select(exception =>
                exception.GetProperty("source").GetString() is { Length: > 0 }
                    ? exception.GetProperty("problem").GetString() ?? ""
                    : throw new InvalidDataException($"{file}: an exception without its source")
            )
            .ToHashSet(StringComparer.Ordinal);
    }
}
