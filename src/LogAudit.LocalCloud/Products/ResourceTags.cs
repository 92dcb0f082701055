using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Tags of a resource, and what the tag calls of RPC products have in common.</summary>
internal static class ResourceTags
{
    /// <summary>Most tags of a resource.</summary>
    public const int Most = 20;

    /// <summary>Parameters of <c>TagResources</c>.</summary>
    public static IReadOnlyList<ApiParameter> TagParameters { get; } =
    [
        ApiParameter.RequiredText("RegionId"),
        ApiParameter.RequiredText("ResourceType"),
        ApiParameter.List("ResourceId").Needed(),
        ApiParameter.List("Tag").Needed(),
    ];

    /// <summary>Parameters of <c>UntagResources</c>.</summary>
    public static IReadOnlyList<ApiParameter> UntagParameters { get; } =
    [
        ApiParameter.RequiredText("RegionId"),
        ApiParameter.RequiredText("ResourceType"),
        ApiParameter.List("ResourceId").Needed(),
        ApiParameter.List("TagKey"),
        ApiParameter.Boolean("All"),
    ];

    /// <summary>Parameters of <c>ListTagResources</c>.</summary>
    public static IReadOnlyList<ApiParameter> ListParameters { get; } =
    [
        ApiParameter.RequiredText("RegionId"),
        ApiParameter.RequiredText("ResourceType"),
        ApiParameter.List("ResourceId"),
        ApiParameter.List("Tag"),
        ApiParameter.Text("NextToken"),
    ];

    /// <summary>The tags of a call, <c>Tag.N.Key</c> and <c>Tag.N.Value</c>.</summary>
    public static IReadOnlyDictionary<string, string> Of(ApiCall call, string name = "Tag")
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in call.Rows(name))
        {
            tags[row.GetValueOrDefault("Key", "")] = row.GetValueOrDefault("Value", "");
        }
        return tags;
    }

    /// <summary>Whether a resource carries every tag of a filter; an empty value asks for the key alone.</summary>
    public static bool Match(IReadOnlyDictionary<string, string> tags, IReadOnlyDictionary<string, string> filter) =>
        filter.All(wanted =>
            tags.TryGetValue(wanted.Key, out var value)
            && (wanted.Value.Length == 0 || string.Equals(value, wanted.Value, StringComparison.Ordinal))
        );

    /// <summary>Adds the tags of a call to the resources that it names.</summary>
    public static JObject Add(ApiCall call, Func<string, Dictionary<string, string>> tagsOf)
    {
        foreach (var tags in call.List("ResourceId").Select(tagsOf))
        {
            foreach (var (key, value) in Of(call))
            {
                tags[key] = value;
            }
            if (tags.Count > Most)
            {
                throw new CloudError(400, "QuotaExceeded.TagsPerResource", $"A resource has at most {Most} tags.");
            }
        }
        return [];
    }

    /// <summary>Adds tags to a resource, or takes those of the same keys from it.</summary>
    public static void Change(Dictionary<string, string> tags, IReadOnlyDictionary<string, string> by, bool add)
    {
        foreach (var (key, value) in by)
        {
            if (add)
            {
                tags[key] = value;
            }
            else
            {
                tags.Remove(key);
            }
        }
    }

    /// <summary>Takes tags from the resources that a call names.</summary>
    public static JObject Remove(ApiCall call, Func<string, Dictionary<string, string>> tagsOf)
    {
        foreach (var tags in call.List("ResourceId").Select(tagsOf))
        {
            if (call.Boolean("All") is true)
            {
                tags.Clear();
            }
            foreach (var key in call.List("TagKey"))
            {
                tags.Remove(key);
            }
        }
        return [];
    }

    /// <summary>Answers <c>ListTagResources</c>: one row per resource and tag, by token.</summary>
    public static JObject List(
        ApiCall call,
        string resourceType,
        IEnumerable<(string Id, IReadOnlyDictionary<string, string> Tags)> resources
    )
    {
        var ids = call.List("ResourceId");
        if (ids.Count > 50)
        {
            throw new CloudError(400, "NumberExceed.ResourceIds", "At most 50 resources can be asked for at a time.");
        }
        var filter = Of(call);
        var rows = resources
            .Where(r => ids.Count == 0 || ids.Contains(r.Id, StringComparer.Ordinal))
            .Where(r => Match(r.Tags, filter))
            .SelectMany(r => r.Tags.Select(tag => (r.Id, tag.Key, tag.Value)))
            .ToList();
        var from = Pages.From(call.Optional("NextToken"));
        const int PageSize = 50;
        var page = rows.Skip(from).Take(PageSize);
        return new JObject
        {
            ["NextToken"] = from + PageSize < rows.Count ? Pages.Token(from + PageSize) : "",
            ["TagResources"] = new JObject
            {
                ["TagResource"] = new JArray(
                    page.Select(row => new JObject
                    {
                        ["ResourceType"] = resourceType,
                        ["ResourceId"] = row.Id,
                        ["TagKey"] = row.Key,
                        ["TagValue"] = row.Value,
                    })
                ),
            },
        };
    }

    /// <summary>The wrapped list that older products answer: <c>{"Tag":[…]}</c>.</summary>
    public static JObject Json(IReadOnlyDictionary<string, string> tags, string key = "Key", string value = "Value") =>
        new() { ["Tag"] = new JArray(tags.Select(tag => new JObject { [key] = tag.Key, [value] = tag.Value })) };

    /// <summary>A moment as the products write it, UTC.</summary>
    public static string Iso(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
