using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Consumer groups. Source: SLS protocol 8.</summary>
internal static class ConsumerGroupCalls
{
    private const string Groups = "/logstores/{logstore}/consumergroups";
    private const string Group = "/logstores/{logstore}/consumergroups/{group}";
    private const string AnyGroup = "project/{project}/logstore/{logstore}/consumergroup/*";
    private const string OneGroup = "project/{project}/logstore/{logstore}/consumergroup/{group}";

    public static readonly SlsOperation[] Operations =
    [
        new("CreateConsumerGroup", "POST", Groups, "log:CreateConsumerGroup", AnyGroup, Create) { IsWrite = true },
        new("ListConsumerGroup", "GET", Groups, "log:ListConsumerGroup", AnyGroup, List),
        new("ConsumerGroupHeartBeat", "POST", Group, "log:ConsumerGroupHeartBeat", OneGroup, Heartbeat)
        {
            Switch = ("type", ["heartbeat"]),
            IsWrite = true,
            IsData = true,
            Parameters = ["consumer"],
        },
        new("ConsumerGroupUpdateCheckPoint", "POST", Group, "log:ConsumerGroupUpdateCheckPoint", OneGroup, Save)
        {
            Switch = ("type", ["checkpoint"]),
            IsWrite = true,
            IsData = true,
            Parameters = ["consumer", "forceSuccess"],
        },
        new("GetCheckPoint", "GET", Group, "log:GetConsumerGroupCheckPoint", OneGroup, Read)
        {
            IsData = true,
            Parameters = ["shard"],
        },
        new("UpdateConsumerGroup", "PUT", Group, "log:UpdateConsumerGroup", OneGroup, Update) { IsWrite = true },
        new("DeleteConsumerGroup", "DELETE", Group, "log:DeleteConsumerGroup", OneGroup, Delete) { IsWrite = true },
    ];

    private static CloudResponse Create(SlsCall call)
    {
        var name = call.Body.Text("consumerGroup") ?? throw SlsRefusal.Json("consumerGroup is required");
        var timeout = call.Body.Number("timeout") ?? throw SlsRefusal.Json("timeout is required");
        call.Logstore.Consumers.Create(name, timeout, call.Body.Flag("order") ?? false);
        return CloudResponse.Empty();
    }

    private static CloudResponse List(SlsCall call) =>
        CloudResponse.Json(new JArray(call.Logstore.Consumers.All.Select(group => group.ToJson())));

    private static CloudResponse Update(SlsCall call)
    {
        call.Logstore.Consumers.Update(call.Path("group"), call.Body.Number("timeout"), call.Body.Flag("order"));
        return CloudResponse.Empty();
    }

    private static CloudResponse Delete(SlsCall call)
    {
        call.Logstore.Consumers.Delete(call.Path("group"));
        return CloudResponse.Empty();
    }

    private static CloudResponse Heartbeat(SlsCall call)
    {
        var group = call.Group;
        call.NeedJson();
        var held =
            SlsJson.Token(call.Request.Body) is JArray list && list.All(item => item.Type == JTokenType.Integer)
                ? list.Select(item => (int)item).ToArray()
                : throw SlsRefusal.Json("the body must be a list of shard ids");
        return CloudResponse.Json(new JArray(group.Heartbeat(call.NeedQuery("consumer"), held)));
    }

    private static CloudResponse Save(SlsCall call)
    {
        var group = call.Group;
        var shard = call.Body.Number("shard") ?? throw SlsRefusal.Json("shard is required");
        var checkpoint = call.Body.Text("checkpoint") ?? throw SlsRefusal.Json("checkpoint is required");
        group.Save(shard, checkpoint, call.Query("consumer"), call.QueryFlag("forceSuccess") ?? false);
        return CloudResponse.Empty();
    }

    private static CloudResponse Read(SlsCall call) => CloudResponse.Json(call.Group.Read(call.QueryNumber("shard")));
}
