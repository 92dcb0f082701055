using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

internal sealed partial class CloudConfig
{
    private const string Version = "2020-09-07";

    // Source: cloudconfig reference, section 3.
    private const int MostChannels = 5;

    private static readonly string[] Kinds = [Changes, Findings, "ConfigurationSnapshot", "CompliantSnapshot"];

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts("Config", "config.cn-shanghai.aliyuncs.com", "config.ap-southeast-1.aliyuncs.com");
        ApiParameter[] described =
        [
            Text("DeliveryChannelName"),
            Text("Description"),
            .. Kinds.Select(Boolean),
            Text("DeliverySnapshotTime"),
            Text("DeliveryChannelCondition"),
            Text("OversizedDataOSSTargetArn"),
            Text("ClientToken"),
        ];
        Rpc("GetConfigurationRecorder", [], "*", isWrite: false, ShowRecorder);
        Rpc("StartConfigurationRecorder", [], "*", isWrite: true, Start);
        Rpc("ListConfigDeliveryChannels", [Text("DeliveryChannelIds")], "*", isWrite: false, ListChannels);
        Rpc(
            "GetConfigDeliveryChannel",
            [RequiredText("DeliveryChannelId")],
            "*",
            isWrite: false,
            call => new JObject { ["DeliveryChannel"] = Row(Find(call)) }
        );
        Rpc(
            "CreateConfigDeliveryChannel",
            [RequiredText("DeliveryChannelType"), RequiredText("DeliveryChannelTargetArn"), .. described],
            "delivery/*",
            isWrite: true,
            Create
        );
        Rpc(
            "UpdateConfigDeliveryChannel",
            [RequiredText("DeliveryChannelId"), Text("DeliveryChannelTargetArn"), Integer("Status"), .. described],
            "delivery/{id}",
            isWrite: true,
            Update
        );
        Rpc("DeleteConfigDeliveryChannel", [RequiredText("DeliveryChannelId")], "delivery/{id}", isWrite: true, Delete);

        void Rpc(
            string action,
            IReadOnlyList<ApiParameter> parameters,
            string resource,
            bool isWrite,
            Func<ApiCall, JObject> run
        ) =>
            cloud.Api.Rpc(
                "Config",
                Version,
                action,
                parameters,
                new RamRule(
                    $"config:{action}",
                    call =>
                        resource is "*"
                            ? "*"
                            : $"acs:config:*:{call.AccountId}:{resource.Replace("{id}", call.Optional("DeliveryChannelId") ?? "*", StringComparison.Ordinal)}"
                ),
                isWrite,
                run
            );
    }

    private JObject ShowRecorder(ApiCall call) =>
        new()
        {
            ["ConfigurationRecorder"] = new JObject
            {
                ["AccountId"] = call.AccountId,
                ["ConfigurationRecorderStatus"] = Of(call.AccountId).Status.At(call.Now),
                ["ResourceTypes"] = new JArray(),
            },
        };

    /// <summary>Builds the recorder; the service makes its own role with the right of the caller.</summary>
    private JObject Start(ApiCall call)
    {
        var recorder = Of(call.AccountId);
        if (!call.Account.Roles.ContainsKey(LinkedRole))
        {
            call.Demand(
                "ram:CreateServiceLinkedRole",
                $"acs:ram::{call.AccountId}:role/*",
                new KeyValuePair<string, string>("ram:ServiceName", ServiceName)
            );
            call.Account.AddServiceLinkedRole(LinkedRole, ServiceName);
        }
        if (recorder.Status.At(call.Now) is "REGISTRABLE")
        {
            recorder.Status.Become("BUILDING", "REGISTERED", call.Now + call.Cloud.Delays.Of(_building));
        }
        return ShowRecorder(call);
    }

    private JObject ListChannels(ApiCall call)
    {
        var only = call.List("DeliveryChannelIds");
        return new JObject
        {
            ["DeliveryChannels"] = new JArray(
                Of(call.AccountId)
                    .Channels.Where(channel => only.Count == 0 || only.Contains(channel.Id, StringComparer.Ordinal))
                    .Select(Row)
            ),
        };
    }

    private JObject Create(ApiCall call)
    {
        var channels = Of(call.AccountId).Channels;
        var token = call.Optional("ClientToken") ?? "";
        if (token.Length > 0 && channels.Find(one => one.Token == token) is { } same)
        {
            return new JObject { ["DeliveryChannelId"] = same.Id };
        }
        if (channels.Count >= MostChannels)
        {
            // Code assumed; the page names none for the limit.
            throw new CloudError(400, "ExceedMaxDeliveryChannelCount", $"At most {MostChannels} channels are allowed.");
        }
        if (call.Text("DeliveryChannelType") is not ("SLS" or "OSS" or "MNS"))
        {
            throw new CloudError(400, "InvalidParameter", "DeliveryChannelType is SLS, OSS or MNS.");
        }
        var channel = new Channel($"cdc-{call.Cloud.NextHex(18)}")
        {
            Type = call.Text("DeliveryChannelType"),
            Arn = Target(call, call.Text("DeliveryChannelType"), call.Text("DeliveryChannelTargetArn")),
            Token = token,
        };
        Describe(channel, call);
        channels.Add(channel);
        return new JObject { ["DeliveryChannelId"] = channel.Id };
    }

    private JObject Update(ApiCall call)
    {
        var channel = Find(call);
        if (call.Optional("DeliveryChannelTargetArn") is { } arn)
        {
            channel.Arn = Target(call, channel.Type, arn);
        }
        channel.IsOn = call.Integer("Status", channel.IsOn ? 1 : 0, 0, 1) == 1;
        Describe(channel, call);
        return new JObject { ["DeliveryChannelId"] = channel.Id };
    }

    private JObject Delete(ApiCall call)
    {
        var channel = Find(call);
        Of(call.AccountId).Channels.Remove(channel);
        return new JObject { ["DeliveryChannelId"] = channel.Id };
    }

    private static void Describe(Channel channel, ApiCall call)
    {
        channel.Name = call.Optional("DeliveryChannelName") ?? channel.Name;
        channel.Description = call.Optional("Description") ?? channel.Description;
        foreach (var kind in Kinds)
        {
            switch (call.Boolean(kind))
            {
                case true:
                    channel.Delivers.Add(kind);
                    break;
                case false:
                    channel.Delivers.Remove(kind);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>The target, which must exist. Another account's is for management accounts only.</summary>
    private string Target(ApiCall call, string type, string arn)
    {
        if (type is not "SLS")
        {
            return arn;
        }
        // The codes of a wrong and of a missing target are assumed.
        if (PlaceOf(arn) is not { } place)
        {
            throw new CloudError(400, "InvalidDeliveryChannelTargetArn", $"The ARN {arn} names no Logstore.");
        }
        var owner = arn.Split(':')[3];
        if (
            owner != call.AccountId
            && _cloud.Services.Find<IOrganisation>()?.MayManage(call.AccountId, ServiceName) is not true
        )
        {
            throw new CloudError(400, "NoPermission", $"The account may not deliver to account {owner}.");
        }
        var storage = _cloud.Services.Get<ILogStorage>();
        return
            storage.FindProject(place.Project)?.AccountId == owner
            && storage.LogstoreExists(place.Project, place.Logstore)
            ? arn
            : throw new CloudError(400, "DeliveryChannelTargetNotExists", $"The target {arn} does not exist.");
    }

    private Channel Find(ApiCall call) =>
        Of(call.AccountId).Channels.Find(channel => channel.Id == call.Text("DeliveryChannelId"))
        ?? throw new CloudError(
            404,
            "DeliveryChannelNotExists",
            $"The delivery channel {call.Text("DeliveryChannelId")} does not exist."
        );

    private static JObject Row(Channel channel)
    {
        var row = new JObject
        {
            ["DeliveryChannelId"] = channel.Id,
            ["DeliveryChannelName"] = channel.Name,
            ["Description"] = channel.Description,
            ["DeliveryChannelType"] = channel.Type,
            ["DeliveryChannelTargetArn"] = channel.Arn,
            ["Status"] = channel.IsOn ? 1 : 0,
        };
        foreach (var kind in Kinds)
        {
            row[kind] = channel.Delivers.Contains(kind);
        }
        return row;
    }
}
