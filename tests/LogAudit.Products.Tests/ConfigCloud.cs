using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>An account with Cloud Config: its recorder and its delivery channels.</summary>
internal sealed class ConfigCloud
{
    public const string Arn =
        "acs:log:cn-hangzhou:1000000000000001:project/logaudit-region-1000000000000001-cn-hangzhou/logstore/cloudconfig_log";

    public ConfigCloud() =>
        Cloud
            .Exchanges.On("GetConfigurationRecorder", _ => Reply.Json(RecorderAnswer()))
            .On("StartConfigurationRecorder", _ => Done(() => Recorder = "BUILDING"))
            .On(
                "ListConfigDeliveryChannels",
                _ => Reply.Json(new JObject { ["DeliveryChannels"] = new JArray(Channels) }.ToString())
            )
            .On("CreateConfigDeliveryChannel", request => Done(() => Add(request["DeliveryChannelName"], request)))
            .On("UpdateConfigDeliveryChannel", request => Done(() => Take(Find(request), request)))
            .On("DeleteConfigDeliveryChannel", request => Done(() => Channels.Remove(Find(request))));

    public Cloud Cloud { get; } = new();

    public Exchanges Exchanges => Cloud.Exchanges;

    public string Recorder { get; set; } = "REGISTERED";

    public List<JObject> Channels { get; } = [];

    public Task<Dictionary<string, Observed>> ObserveAsync(string kind) =>
        Cloud.ObserveAsync("cloudconfig", kind, Cloud.Target("cloudconfig_log"));

    /// <summary>The answers of both kinds, by kind.</summary>
    public async Task<Dictionary<string, Observed>> ObserveBothAsync() =>
        new()
        {
            ["change"] = Assert.Single(await ObserveAsync("change")).Value,
            ["noncompliance"] = Assert.Single(await ObserveAsync("noncompliance")).Value,
        };

    /// <summary>Adds a channel that is on and delivers nothing.</summary>
    public JObject Add(string name, string arn = Arn)
    {
        var channel = new JObject
        {
            ["DeliveryChannelId"] = $"cdc-{Channels.Count + 1}",
            ["DeliveryChannelName"] = name,
            ["DeliveryChannelType"] = "SLS",
            ["DeliveryChannelTargetArn"] = arn,
            ["Status"] = 1,
        };
        Channels.Add(channel);
        return channel;
    }

    private void Add(string name, SeenRequest request) => Take(Add(name, request["DeliveryChannelTargetArn"]), request);

    private static void Take(JObject channel, SeenRequest request)
    {
        Assert.Equal((string?)channel["DeliveryChannelTargetArn"], request["DeliveryChannelTargetArn"]);
        foreach (var (name, value) in request.Parameters)
        {
            channel[name] =
                name is "Status" ? request.Number(name)
                : value is "true" or "false" ? value is "true"
                : value;
        }
    }

    private JObject Find(SeenRequest request) =>
        Channels.Single(channel => (string?)channel["DeliveryChannelId"] == request["DeliveryChannelId"]);

    private string RecorderAnswer() =>
        new JObject
        {
            ["ConfigurationRecorder"] = new JObject { ["ConfigurationRecorderStatus"] = Recorder },
        }.ToString();

    private static Reply Done(Action act)
    {
        act();
        return Reply.Json("""{"RequestId":"R"}""");
    }
}
