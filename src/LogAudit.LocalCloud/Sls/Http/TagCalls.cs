using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Tags of projects. Source: SLS protocol 9, tags; 20 tags a project is assumed from the other products.</summary>
internal static class TagCalls
{
    private const int MostTags = 20;

    public static readonly SlsOperation[] Operations =
    [
        new("TagResources", "POST", "/tag", "log:TagResources", "project/*", Tag)
        {
            Scope = SlsScope.Either,
            IsWrite = true,
        },
        new("UntagResources", "POST", "/untag", "log:UntagResources", "project/*", Untag)
        {
            Scope = SlsScope.Either,
            IsWrite = true,
        },
        new("ListTagResources", "GET", "/tags", "log:ListTagResources", "project/*", List)
        {
            Scope = SlsScope.Either,
            Parameters = ["resourceType", "resourceId", "tags", "nextToken"],
        },
    ];

    private static CloudResponse Tag(SlsCall call)
    {
        var tags = call.Body["tags"] as JArray ?? throw SlsRefusal.Parameter("tags is required");
        foreach (var project in Projects(call))
        {
            foreach (var tag in tags.OfType<JObject>())
                project.Tags[tag.NeedText("key")] = tag.Text("value") ?? "";
            if (project.Tags.Count > MostTags)
                throw SlsRefusal.Quota($"a project may have {MostTags} tags");
        }
        return CloudResponse.Empty();
    }

    private static CloudResponse Untag(SlsCall call)
    {
        var (keys, all) = (call.Body.Texts("tags"), call.Body.Flag("all") ?? false);
        foreach (var project in Projects(call))
        {
            foreach (var key in project.Tags.Keys.Where(key => all || keys.Contains(key, StringComparer.Ordinal)))
                project.Tags.TryRemove(key, out _);
        }
        return CloudResponse.Empty();
    }

    private static CloudResponse List(SlsCall call)
    {
        if (call.NeedQuery("resourceType") is not ("project" or "PROJECT"))
            throw SlsRefusal.Parameter("resourceType must be project");
        var ids = Texts(call.Query("resourceId"));
        var wanted = (Json(call.Query("tags")) as JArray)?.OfType<JObject>().ToArray() ?? [];
        var rows =
            from project in call.Service.Store.Projects
            where
                project.Account == call.Caller.Account.Id
                && (ids.Count == 0 || ids.Contains(project.Name, StringComparer.Ordinal))
            where
                wanted.All(tag =>
                    project.Tags.TryGetValue(tag.NeedText("key"), out var value)
                    && (tag.Text("value") is null or "" || tag.Text("value") == value)
                )
            from tag in project.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)
            select new JObject
            {
                ["resourceType"] = "project",
                ["resourceId"] = project.Name,
                ["tagKey"] = tag.Key,
                ["tagValue"] = tag.Value,
            };
        return CloudResponse.Json(new JObject { ["nextToken"] = "", ["tagResources"] = new JArray(rows) });
    }

    private static List<SlsProject> Projects(SlsCall call)
    {
        if (call.Body.NeedText("resourceType") is not ("project" or "PROJECT"))
            throw SlsRefusal.Parameter("resourceType must be project");
        var ids = call.Body.Texts("resourceId");
        if (ids.Count == 0)
            throw SlsRefusal.Parameter("resourceId is required");
        return
        [
            .. ids.Select(id =>
                call.Service.Store.Project(id) is { } project && project.Account == call.Caller.Account.Id
                    ? project
                    : throw SlsRefusal.NoProject(id)
            ),
        ];
    }

    private static JToken? Json(string? text) =>
        text is null ? null : SlsJson.Token(System.Text.Encoding.UTF8.GetBytes(text));

    private static List<string> Texts(string? text) =>
        [.. (Json(text) as JArray)?.Select(item => (string?)item ?? "") ?? []];
}
