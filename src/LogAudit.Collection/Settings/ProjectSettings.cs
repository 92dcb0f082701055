using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Projects of SLS. A new one is waited for, because its Logstores can only be made once its name is known everywhere.</summary>
internal sealed class ProjectSettings(SlsAccess sls, TimeProvider time, ReconcileOptions options) : ISettingHandler
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public IReadOnlyCollection<string> SettingKinds => [Collection.SettingKinds.Project];

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        await sls.For(setting).GetProjectAsync(new ProjectName(setting.Id), cancel) is { } project
            ? SettingState.Of(("description", project.Description))
            : null;

    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var project = new ProjectName(change.Setting.Id);
        var client = sls.For(change.Setting);
        if (change.To is null)
        {
            await client.DeleteProjectAsync(project, cancel);
            return;
        }

        await CreateAsync(client, project, change.To["description"], cancel);
        await WaitAsync(client, project, cancel);
    }

    /// <summary>A name that another account owns is answered like one that exists; reading it back tells the two apart.</summary>
    private static async Task CreateAsync(
        SlsClient client,
        ProjectName project,
        string description,
        CancellationToken cancel
    )
    {
        try
        {
            await client.CreateProjectAsync(project, description, cancel);
        }
        catch (SlsException failure)
            when (failure.ErrorCode.Contains("AlreadyExist", StringComparison.OrdinalIgnoreCase))
        {
            if (await client.GetProjectAsync(project, cancel) is null)
            {
                throw;
            }
        }
    }

    private async Task WaitAsync(SlsClient client, ProjectName project, CancellationToken cancel)
    {
        var start = time.GetUtcNow();
        for (var pause = TimeSpan.FromMilliseconds(200); !await AnswersAsync(client, project, cancel); )
        {
            if (time.GetUtcNow() - start > options.NewProjectWait)
            {
                throw new TimeoutException(
                    $"Project {project} was created but does not answer after {options.NewProjectWait}; the next run goes on with it."
                );
            }

            await Task.Delay(pause, time, cancel);
            pause = pause * 1.5 < Longest ? pause * 1.5 : Longest;
        }
    }

    private static async Task<bool> AnswersAsync(SlsClient client, ProjectName project, CancellationToken cancel)
    {
        try
        {
            await foreach (var _ in client.ListLogstoresAsync(project, cancel))
            {
                break;
            }

            return true;
        }
        catch (SlsException failure) when (failure.IsNotFound)
        {
            return false;
        }
    }
}
