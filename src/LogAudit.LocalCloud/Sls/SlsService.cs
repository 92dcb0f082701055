using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Jobs;
using LogAudit.LocalCloud.Sls.Policies;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.LocalCloud.Sls;

/// <summary>Simple Log Service as a part of the cloud: what its operations work on, and what it does by itself.</summary>
internal sealed class SlsService(Cloud cloud)
{
    public Cloud Cloud { get; } = cloud;

    public SlsStore Store { get; } = new(cloud.Clock);

    public PolicyBook Policies { get; } = new(cloud);

    /// <summary>Time until a new project answers everywhere.</summary>
    public NamedDelay NewProject { get; } =
        cloud.Delays.Declare(
            "new project",
            TimeSpan.FromSeconds(60),
            "SLS protocol 10: ProjectNotExist for about 60 s after creation"
        );

    /// <summary>Time until a new or changed index finds data.</summary>
    public NamedDelay NewIndex { get; } =
        cloud.Delays.Declare(
            "new index",
            TimeSpan.FromSeconds(60),
            "SLS protocol 7.5: after about a minute, for new data only"
        );
}

/// <summary>Registers SLS with the cloud.</summary>
internal sealed class SlsPart : IPart
{
    /// <summary>How often jobs of the service look for work, in real time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public void Register(Cloud cloud)
    {
        var service = new SlsService(cloud);
        var centralizer = new Centralizer(cloud, service.Store);
        var engine = new PolicyEngine(cloud, service.Store, service.Policies, centralizer);
        var runner = new EtlRunner(cloud, service.Store);
        cloud.Services.Add(service);
        cloud.Services.Add(service.Store);
        cloud.Services.Add(centralizer);
        cloud.Services.Add(runner);
        cloud.Services.Add<ICollectionPolicies>(engine);
        cloud.Services.Add<ILogStorage>(new LogStorage(service.Store));
        cloud.Gateways.Add(new Http.SlsGateway(service));
        Http.SlsControl.Map(cloud, service.Store);
        cloud.Background.Every(
            "SLS jobs",
            Pause,
            _ =>
            {
                runner.Run();
                centralizer.Run();
                return Task.CompletedTask;
            }
        );
    }
}
