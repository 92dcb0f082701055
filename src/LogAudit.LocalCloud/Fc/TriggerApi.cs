using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Fc;

/// <summary>The calls on triggers. A trigger starts when it is created and stops when it is deleted or replaced.</summary>
internal sealed class TriggerApi(Cloud cloud, FunctionService service, AsyncInvocations asynchronous)
{
    private const string Version = "2023-03-30";
    private const string Root = $"/{Version}/functions/{{functionName}}/triggers";
    private const string One = Root + "/{triggerName}";
    private const int MaxTriggers = 50;

    private static readonly string[] Members =
    [
        "triggerName",
        "triggerType",
        "triggerConfig",
        "sourceArn",
        "invocationRole",
        "qualifier",
        "description",
    ];

    public void Register()
    {
        Add("CreateTrigger", "POST", Root, Members, write: true, call => Put(call, create: true));
        Add("UpdateTrigger", "PUT", One, Members, write: true, call => Put(call, create: false));
        Add("GetTrigger", "GET", One, [], write: false, call => FindTrigger(call).ToJson());
        Add(
            "ListTriggers",
            "GET",
            Root,
            [],
            write: false,
            call => new JObject
            {
                ["triggers"] = new JArray(Function(call).Triggers.Values.Select(trigger => trigger.ToJson())),
            }
        );
        Add("DeleteTrigger", "DELETE", One, [], write: true, Delete);
    }

    private void Add(string name, string method, string path, string[] members, bool write, Func<ApiCall, JObject> run)
    {
        var one = path.Contains("{triggerName}", StringComparison.Ordinal);
        cloud.Api.Add(
            new ApiAction("FC", Version, name)
            {
                Method = method,
                PathPattern = path,
                IsWrite = write,
                Parameters =
                [
                    ApiParameter.Path("functionName"),
                    .. one ? [ApiParameter.Path("triggerName")] : Array.Empty<ApiParameter>(),
                    ApiParameter.Integer("limit"),
                    ApiParameter.Text("nextToken"),
                    ApiParameter.Text("prefix"),
                    .. members
                        .Where(member => !one || member is not "triggerName")
                        .Select(member => ApiParameter.Body(member)),
                ],
                Ram = new RamRule(
                    $"fc:{name}",
                    call =>
                        $"acs:fc:{call.Host.Region}:{call.AccountId}:functions/{call.Text("functionName")}/triggers/{call.Optional("triggerName") ?? "*"}"
                ),
                Run = run,
            }
        );
    }

    private JObject Put(ApiCall call, bool create)
    {
        var function = Function(call);
        var body = (JObject)call.Body.DeepClone();
        body["triggerName"] ??= call.Optional("triggerName");
        var trigger = FunctionTrigger.Read(body);
        if (function.Triggers.TryGetValue(trigger.Name, out var before))
        {
            if (create)
            {
                throw FcErrors.AlreadyExists("Trigger", trigger.Name);
            }
        }
        else if (!create)
        {
            throw FcErrors.TriggerNotFound(trigger.Name);
        }
        else if (function.Triggers.Count >= MaxTriggers)
        {
            throw FcErrors.InvalidArgument($"a function may have {MaxTriggers} triggers");
        }

        if (trigger.InvocationRole.Length > 0)
        {
            call.Demand(
                "ram:PassRole",
                trigger.InvocationRole,
                new KeyValuePair<string, string>("acs:Service", "log.aliyuncs.com")
            );
        }

        // First, since an event rule of the same name replaces the one before.
        before?.Stop();
        Start(function, trigger);
        function.Triggers[trigger.Name] = trigger;
        return trigger.ToJson();
    }

    private void Start(DeployedFunction function, FunctionTrigger trigger)
    {
        var (account, region, name) = (
            function.Definition.Account,
            function.Definition.Region,
            function.Definition.Name
        );
        DeployedFunction Current() => service.Find(account, region, name) ?? function;
        switch (trigger.Type)
        {
            case "timer":
                TimerTrigger.Start(cloud, asynchronous, Current, trigger);
                break;
            case "log":
                LogTrigger.Start(cloud, Current, trigger);
                break;
            case "eventbridge":
                EventTrigger.Start(cloud, function.Definition, trigger);
                break;
            default:
                throw FcErrors.InvalidArgument(
                    $"triggerType '{trigger.Type}' is not one that LocalCloud fires: timer, log, eventbridge"
                );
        }
    }

    private JObject Delete(ApiCall call)
    {
        var function = Function(call);
        FindTrigger(call).Stop();
        function.Triggers.TryRemove(call.Text("triggerName"), out _);
        return [];
    }

    private FunctionTrigger FindTrigger(ApiCall call) =>
        Function(call).Triggers.GetValueOrDefault(call.Text("triggerName"))
        ?? throw FcErrors.TriggerNotFound(call.Text("triggerName"));

    private DeployedFunction Function(ApiCall call) =>
        service.Find(call.AccountId, call.Host.Region, call.Text("functionName"))
        ?? throw FcErrors.FunctionNotFound(call.Text("functionName"));
}
