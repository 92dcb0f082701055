using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>A region of application load balancers that answers from exchanges.</summary>
internal sealed class AlbCloud
{
    private readonly List<JObject> balancers;

    public AlbCloud(params string[] ids)
        : this(null, ids) { }

    public AlbCloud(Func<ProductOptions, ProductOptions>? options, params string[] ids)
    {
        Cloud = new Cloud(options);
        balancers =
        [
            .. ids.Select(id => new JObject
            {
                ["LoadBalancerId"] = id,
                ["LoadBalancerName"] = $"name of {id}",
                ["LoadBalancerStatus"] = "Active",
                ["Tags"] = new JArray(new JObject { ["Key"] = "env", ["Value"] = "prod" }),
            }),
        ];
        Exchanges
            .On("ListLoadBalancers", request => Reply.Json(Page(request)))
            .On("GetLoadBalancerAttribute", request => Reply.Json(this[request["LoadBalancerId"]].ToString()))
            .On(
                "EnableLoadBalancerAccessLog",
                request =>
                {
                    SendTo(request["LoadBalancerId"], request["LogProject"], request["LogStore"]);
                    return Reply.Json("""{"JobId":"j","RequestId":"R"}""");
                }
            )
            .On(
                "DisableLoadBalancerAccessLog",
                request =>
                {
                    this[request["LoadBalancerId"]].Remove("AccessLogConfig");
                    return Reply.Json("""{"RequestId":"R"}""");
                }
            );
    }

    public Cloud Cloud { get; }
    public Exchanges Exchanges => Cloud.Exchanges;

    public JObject this[string id] => balancers.Single(balancer => (string)balancer["LoadBalancerId"]! == id);

    public void SendTo(string id, string project, string logstore) =>
        this[id]["AccessLogConfig"] = new JObject { ["LogProject"] = project, ["LogStore"] = logstore };

    public Task<Dictionary<string, Observed>> ObserveAsync(Scope? scope = null) =>
        Cloud.ObserveAsync("alb", "access", Cloud.Target("alb_log"), scope);

    // Two rows a page, so that every test reads all pages.
    private string Page(SeenRequest request)
    {
        var asked = request
            .Parameters.Where(one => one.Key.StartsWith("LoadBalancerIds.", StringComparison.Ordinal))
            .Select(one => one.Value)
            .ToHashSet();
        var rows = balancers.Where(one => asked.Count == 0 || asked.Contains((string)one["LoadBalancerId"]!)).ToArray();
        var from = request["NextToken"].Length > 0 ? 2 : 0;
        return new JObject
        {
            ["LoadBalancers"] = new JArray(rows.Skip(from).Take(from > 0 ? rows.Length : 2)),
            ["NextToken"] = from == 0 && rows.Length > 2 ? "more" : "",
        }.ToString();
    }
}
