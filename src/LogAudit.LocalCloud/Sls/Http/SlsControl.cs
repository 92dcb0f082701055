using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>LocalCloud's own door to SLS: what is stored, and data that expires on demand.</summary>
internal static class SlsControl
{
    /// <summary>
    /// Maps <c>GET sls/logstores</c>, <c>POST sls/expire?project=&amp;logstore=</c> (everything stored so far),
    /// <c>POST sls/split?…</c> (a readwrite shard, by the seed of the cloud), <c>POST sls/delete?…</c>.
    /// </summary>
    public static void Map(Cloud cloud, SlsStore store)
    {
        cloud.Control.Map("GET", "sls/logstores", _ => Logstores(store));
        cloud.Control.Map("POST", "sls/expire", request => Expire(store, request));
        cloud.Control.Map("POST", "sls/split", request => Split(cloud, store, request));
        cloud.Control.Map("POST", "sls/delete", request => Delete(store, request));
    }

    private static JArray Logstores(SlsStore store) =>
        new(
            from project in store.Projects
            from logstore in project.Logstores
            select new JObject
            {
                ["project"] = project.Name,
                ["account"] = project.Account,
                ["region"] = project.Region,
                ["logstore"] = logstore.Name,
                ["shards"] = new JArray(
                    logstore.Shards.Select(shard => new JObject
                    {
                        ["id"] = shard.Id,
                        ["readonly"] = shard.IsReadonly,
                        ["groups"] = shard.EndCursor - shard.BeginCursor,
                        ["begin"] = Cursor.Write(shard.BeginCursor),
                        ["end"] = Cursor.Write(shard.EndCursor),
                    })
                ),
            }
        );

    private static JObject Expire(SlsStore store, CloudRequest request)
    {
        var logstore = Need(store, request);
        logstore.ExpireAll();
        return new JObject { ["expired"] = logstore.Name };
    }

    private static JObject Split(Cloud cloud, SlsStore store, CloudRequest request)
    {
        var logstore = Need(store, request);
        var open = logstore.Shards.Where(shard => !shard.IsReadonly).ToArray();
        var made = logstore.Split(open[cloud.Next(open.Length)].Id, key: null, parts: 2);
        return new JObject { ["split"] = made[0].Id, ["into"] = new JArray(made.Skip(1).Select(shard => shard.Id)) };
    }

    private static JObject Delete(SlsStore store, CloudRequest request)
    {
        var logstore = Need(store, request);
        logstore.Project.DeleteLogstore(logstore.Name);
        return new JObject { ["deleted"] = logstore.Name };
    }

    private static SlsLogstore Need(SlsStore store, CloudRequest request) =>
        store.Logstore(request.QueryValue("project") ?? "", request.QueryValue("logstore") ?? "")
        ?? throw new CloudError(404, "NotFound", "No such Logstore: name it with project= and logstore=.");
}
