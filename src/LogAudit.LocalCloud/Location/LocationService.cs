using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using P = LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Location;

/// <summary>The location service: which host a product has in a region.</summary>
internal sealed class LocationService : IPart
{
    private const string Product = "Location";

    public void Register(Cloud cloud)
    {
        cloud.Api.Hosts(Product, "location.aliyuncs.com", "location-readonly.aliyuncs.com");
        cloud.Api.Rpc(
            Product,
            "2015-06-12",
            "DescribeEndpoints",
            [P.RequiredText("Id"), P.RequiredText("ServiceCode"), P.Text("Type"), P.Text("Namespace")],
            ram: null,
            isWrite: false,
            DescribeEndpoints
        );
    }

    private static JObject DescribeEndpoints(ApiCall call)
    {
        var (region, code) = (call.Text("Id"), call.Text("ServiceCode"));
        var host =
            call.Cloud.Api.HostFor(code, region)
            ?? throw new CloudError(404, "InvalidServiceCode", $"The service {code} has no endpoint in {region}.");
        return new()
        {
            ["Success"] = true,
            ["Endpoints"] = new JObject
            {
                ["Endpoint"] = new JArray(
                    new JObject
                    {
                        ["Endpoint"] = host,
                        ["Id"] = region,
                        ["Namespace"] = "",
                        ["ServiceCode"] = code,
                        ["Type"] = "openAPI",
                        ["Protocols"] = new JObject { ["Protocols"] = new JArray("HTTP", "HTTPS") },
                    }
                ),
            },
        };
    }
}
