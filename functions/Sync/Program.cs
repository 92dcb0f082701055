using LogAudit;
using LogAudit.Forwarding;
using LogAudit.Hosting;
using LogAudit.OpenApi;
using LogAudit.Products;
using LogAudit.Sls;
using LogAudit.Sync;
using Microsoft.Extensions.DependencyInjection;

return await FunctionHost.RunAsync(
    setup =>
    {
        var catalogue = new ProductCatalogue();
        var settings = setup.ReadSettings(
            new SettingsKnowledge(
                catalogue.Variables,
                ProductCatalogue.Codes,
                [.. SinkCatalogue.Names],
                [.. FormatCatalogue.Names]
            )
            {
                VariableByName = catalogue.FindVariable,
                KindsOf = catalogue.KindNamesOf,
            }
        );
        var (partition, partitions) = PartitionSetting.Read(setup.Variable(PartitionSetting.Variable));
        return setup
            .Services(settings)
            .AddSingleton(OpenApiSettings.Read(setup.Variable))
            .AddLogAuditOpenApi()
            .AddLogAuditSls(new SlsOptions())
            .AddLogAuditForwarding(
                settings,
                "logaudit.yaml",
                catalogue.LogKinds,
                catalogue.LogKindsIn,
                new SyncOptions { Partition = partition, Partitions = partitions },
                new SecretReferences(setup.Variable)
            )
            .AddFunction<SyncFunction>(
                async (sync, invocation, cancel) =>
                    SyncAnswer.Of(await sync.RunAsync(invocation.Body, invocation.Deadline, cancel))
            );
    },
    CancellationToken.None
);
