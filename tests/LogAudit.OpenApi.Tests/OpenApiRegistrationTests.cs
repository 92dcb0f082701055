using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogAudit.OpenApi.Tests;

public sealed class OpenApiRegistrationTests
{
    [Fact]
    public async Task AddLogAuditOpenApi_composes_clients_that_send_to_the_override_and_keep_the_real_host()
    {
        var world = new World();
        world.Service.Answers(200, "{}");
        await using var services = new ServiceCollection()
            .AddSingleton<HttpMessageHandler>(world.Service)
            .AddSingleton(new EndpointOverride(new Uri("http://127.0.0.1:8123")))
            .AddSingleton(new MemberAccess(World.Central, World.Hangzhou, "logaudit-member", ExternalId: null))
            .AddSingleton<ICredentialSource>(
                new EnvironmentCredentials(name => name.EndsWith("TOKEN", StringComparison.Ordinal) ? null : "value")
            )
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddLogAuditOpenApi()
            .BuildServiceProvider();

        await services
            .GetRequiredService<OpenApiClient>()
            .CallAsync(World.Describe() with { Account = World.Central }, default);

        var asked = Assert.Single(world.Service.Requests);
        Assert.Equal("http://127.0.0.1:8123/", asked.Uri.AbsoluteUri);
        Assert.Equal("slb.aliyuncs.com", asked.Host);
        Assert.NotNull(services.GetRequiredService<OssClient>());
    }
}
