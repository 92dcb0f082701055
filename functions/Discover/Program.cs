using System.Text;
using LogAudit.Collection;
using LogAudit.Hosting;
using LogAudit.OpenApi;
using LogAudit.Products;
using LogAudit.Sls;
using Microsoft.Extensions.DependencyInjection;

return await FunctionHost.RunAsync(
    setup =>
    {
        var catalogue = new ProductCatalogue();
        var settings = setup.ReadSettings(
            new SettingsKnowledge(catalogue.Variables, ProductCatalogue.Codes, [], [])
            {
                VariableByName = catalogue.FindVariable,
            }
        );
        return setup
            .Services(settings)
            .AddSingleton(catalogue)
            .AddSingleton(OpenApiSettings.Read(setup.Variable))
            .AddLogAuditOpenApi()
            .AddLogAuditSls(new SlsOptions())
            .AddLogAuditProducts(ProductCatalogue.Naming(settings.Collect.Keys))
            .AddLogAuditCollection()
            .AddFunction<DiscoverFunction>(
                async (discover, invocation, cancel) =>
                    Encoding.UTF8.GetBytes(RunJson.Write(await discover.InvokeAsync(invocation.Deadline, cancel)))
            );
    },
    CancellationToken.None
);
