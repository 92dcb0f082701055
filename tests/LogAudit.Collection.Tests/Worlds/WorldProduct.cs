using System.Runtime.CompilerServices;

namespace LogAudit.Collection.Tests.Worlds;

/// <summary>A product whose switch is one setting per resource: <c>code.switch</c> with project and Logstore.</summary>
internal sealed class WorldProduct(World world, ProductSpec spec) : IProductHandler
{
    public ProductSpec Spec => spec;

    public IReadOnlyCollection<string> SettingKinds => [KindOf(spec.Code), $"{spec.Code}.own-days"];

    public static SettingRef OwnDaysOf(ResourceRef resource) =>
        new($"{resource.Product}.own-days", resource.Account, resource.Region, "days");

    public static string KindOf(string product) => $"{product}.switch";

    public static SettingRef SwitchOf(ResourceRef resource) =>
        new(KindOf(resource.Product), resource.Account, resource.Region, resource.Id);

    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        Interlocked.Increment(ref world.Reads);
        world.Step(new(KindOf(spec.Code), scope.Account, scope.Region, "list"), loseAnswer: false, cancel);
        foreach (
            var resource in world.Resources.Where(resource =>
                resource.Product == spec.Code
                && resource.Account == scope.Account
                && (!spec.ListsPerRegion || resource.Region == scope.Region)
                && (scope.ResourceIds?.Contains(resource.Id) ?? true)
            )
        )
        {
            yield return resource;
        }
    }

    public async IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await Task.Yield();
        var wanted = SettingState.Of(("project", target.Project.Value), ("logstore", target.Logstore.Value));
        foreach (var resource in resources)
        {
            var present = world[SwitchOf(resource)];
            yield return resource.Properties.GetValueOrDefault("status") switch
            {
                "excluded" => new(resource, kind.Name, new Observation.NotApplicable("family without logs"), []),
                "creating" => new(resource, kind.Name, new Observation.Unknown("not running", LookAgain: true), []),
                "by hand" => new(
                    resource,
                    kind.Name,
                    new Observation.Disabled("no call switches it") { Todo = "open the console" },
                    []
                ),
                "own place" or "own days" => new(resource, kind.Name, new Observation.Enabled(), [])
                {
                    Lands = new LogTarget(
                        resource.Account,
                        resource.Region,
                        new ProjectName($"waf-project-{resource.Account}"),
                        new LogstoreName("waf-logstore")
                    ),
                    KeptBy = resource.Properties["status"] is "own days" ? OwnDaysOf(resource) : null,
                },
                "unbought" => new(resource, kind.Name, new Observation.Disabled("not bought") { Todo = "buy it" }, []),
                "stuck" => new(resource, kind.Name, new Observation.Disabled("quota used up"), []),
                { Length: > 6 } lands when lands.StartsWith("lands:", StringComparison.Ordinal) => new(
                    resource,
                    kind.Name,
                    new Observation.Enabled(),
                    []
                )
                {
                    Lands = new(resource.Account, resource.Region, new ProjectName(lands[6..]), new("own-logstore")),
                },
                _ when (kind.Route & ~Routes.Poll) == Routes.Policy || wanted.Equals(present) => new(
                    resource,
                    kind.Name,
                    new Observation.Enabled(),
                    []
                ),
                _ => new(
                    resource,
                    kind.Name,
                    new Observation.Disabled("off"),
                    [new(SwitchOf(resource), present, wanted, $"{resource} is off")]
                ),
            };
        }
    }

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        world.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        change.To is { } to
        && to.ContainsKey("project")
        && !world.Settings.Keys.Any(one =>
            one.Kind == LogAudit.Collection.SettingKinds.Project && one.Id == to["project"]
        )
            ? throw new InvalidOperationException($"InvalidProject.NotExist {to["project"]}")
            : world.WriteAsync(change, cancel);
}
