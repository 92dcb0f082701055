using System.Net.Sockets;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.EndToEnd.Tests;

/// <summary>LocalCloud as a person uses it: started in one terminal, called from another, ended.</summary>
public sealed class LocalProcessTests
{
    // What somebody would write who follows the documentation of the client: nothing in it knows of LocalCloud.
    private const string Script = """
        const { default: Client, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
        const { RuntimeOptions } = require('@alicloud/tea-util');
        const client = new Client(new Config({
          accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
          accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
          endpoint: 'sts.cn-hangzhou.aliyuncs.com',
        }));
        const call = new Params({
          action: 'GetCallerIdentity', version: '2015-04-01', protocol: 'HTTPS', method: 'POST', pathname: '/',
          authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json',
        });
        const patient = new RuntimeOptions({ readTimeout: 60000, connectTimeout: 60000 });
        client.callApi(call, new OpenApiRequest({}), patient)
          .then(answer => console.log(JSON.stringify(answer.body)))
          .catch(error => { console.error(error); process.exitCode = 1; });
        """;

    [PeerFact("npm")]
    public async Task An_official_client_in_a_second_process_follows_the_printed_guide()
    {
        await using var local = await LocalProcess.StartAsync();

        var (exit, output, errors) = await Peers.RunAsync(
            "node",
            Path.Combine(Peers.Repository, "tests/LogAudit.LocalCloud.Tests/Npm"),
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = local.KeyId,
                ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = local.KeySecret,
                ["NODE_OPTIONS"] = "",
                ["NODE_NO_WARNINGS"] = "1",
            },
            "--require",
            local.Preload,
            "--eval",
            Script
        );

        Assert.True(exit == 0, errors);
        Assert.Contains(
            $"central account {JObject.Parse(output)["AccountId"]},",
            local.Guide,
            StringComparison.Ordinal
        );
        Assert.Equal(0, await local.TerminateAsync());
    }

    [Fact]
    public async Task It_ends_in_order_when_it_is_terminated_and_leaves_nothing()
    {
        await using var local = await LocalProcess.StartAsync();
        Assert.NotEmpty(local.Leftovers);
        using var http = new HttpClient(new SocketsHttpHandler());
        Assert.Contains("accounts", await http.GetStringAsync(new Uri(local.Endpoint, "/__localcloud/state")));

        Assert.Equal(0, await local.TerminateAsync());

        Assert.Equal([], local.Leftovers);
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(local.Endpoint.Host, local.Endpoint.Port));
    }
}
