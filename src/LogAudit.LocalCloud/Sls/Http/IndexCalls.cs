using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Search;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>The index of a Logstore. Source: SLS protocol 9, Index.</summary>
internal static class IndexCalls
{
    private const string Path = "/logstores/{logstore}/index";
    private const string Resource = "project/{project}/logstore/{logstore}";

    public static readonly SlsOperation[] Operations =
    [
        new("GetHistograms", "GET", Path, "log:GetLogStoreHistogram", Resource, QueryCalls.GetHistograms)
        {
            Switch = ("type", ["histogram"]),
            IsData = true,
            Parameters = ["from", "to", "query", "topic", "interval"],
        },
        new("GetIndex", "GET", Path, "log:GetIndex", Resource, Get),
        new("CreateIndex", "POST", Path, "log:CreateIndex", Resource, Create) { IsWrite = true },
        new("UpdateIndex", "PUT", Path, "log:UpdateIndex", Resource, Update) { IsWrite = true },
        new("DeleteIndex", "DELETE", Path, "log:DeleteIndex", Resource, Delete) { IsWrite = true },
    ];

    private static CloudResponse Get(SlsCall call) =>
        CloudResponse.Json(Need(call).ToJson(call.Logstore.Settings.TtlDays));

    private static CloudResponse Create(SlsCall call)
    {
        if (call.Logstore.Index is not null)
            throw new CloudError(400, "IndexAlreadyExist", "log store index is already created");
        call.Logstore.Index = IndexConfig.Read(
            call.Body,
            call.Now,
            call.Now + call.Service.Cloud.Delays.Of(call.Service.NewIndex)
        );
        return CloudResponse.Empty();
    }

    private static CloudResponse Update(SlsCall call)
    {
        // What was indexed stays indexed: only the new fields wait, which is not told apart here.
        var activeFrom = Need(call).ActiveFrom;
        call.Logstore.Index = IndexConfig.Read(call.Body, call.Now, activeFrom);
        return CloudResponse.Empty();
    }

    private static CloudResponse Delete(SlsCall call)
    {
        _ = Need(call);
        call.Logstore.Index = null;
        return CloudResponse.Empty();
    }

    private static IndexConfig Need(SlsCall call) => call.Logstore.Index ?? throw SlsRefusal.NoIndex();
}
