using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Jobs that carry logs from a regional Logstore to the central one, unchanged.</summary>
/// <remarks>Assumed: a start time of 0 carries everything that the source still holds.</remarks>
internal sealed class EtlSettings(SlsAccess sls) : ISettingHandler
{
    public IReadOnlyCollection<string> SettingKinds => [Collection.SettingKinds.Etl];

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var (project, name) = SlsAccess.Split(setting);
        return await sls.For(setting).GetEtlJobAsync(project, name, cancel) is { } job ? State(job) : null;
    }

    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var (project, name) = SlsAccess.Split(change.Setting);
        var client = sls.For(change.Setting);
        if (change.To is null)
        {
            await client.DeleteEtlJobAsync(project, name, cancel);
        }
        else if (await client.GetEtlJobAsync(project, name, cancel) is null)
        {
            await SlsAccess.CreateAsync(client.CreateEtlJobAsync(project, Job(name, change.To), cancel));
        }
        else
        {
            await client.UpdateEtlJobAsync(project, Job(name, change.To), cancel);
        }
    }

    private static SettingState State(EtlJob job)
    {
        var sink = job.Sinks.Count > 0 ? job.Sinks[0] : null;
        return SettingState.Of(
            ("source", job.Source.Value),
            ("script", job.Script),
            ("lang", job.Language),
            ("roleArn", job.RoleArn),
            ("sinkEndpoint", sink?.Endpoint ?? ""),
            ("sinkProject", sink?.Project.Value ?? ""),
            ("sinkLogstore", sink?.Logstore.Value ?? ""),
            ("sinkRoleArn", sink?.RoleArn ?? "")
        );
    }

    private static EtlJob Job(string name, SettingState state) =>
        new()
        {
            Name = name,
            DisplayName = $"LogAudit: {state["source"]} to the centre",
            Description = "Made by LogAudit",
            Source = new LogstoreName(state["source"]),
            Script = state["script"],
            Language = state["lang"],
            RoleArn = state["roleArn"],
            Sinks =
            [
                new(
                    "central",
                    state["sinkEndpoint"],
                    new ProjectName(state["sinkProject"]),
                    new LogstoreName(state["sinkLogstore"]),
                    state["sinkRoleArn"]
                ),
            ],
        };
}
