using LogAudit.LocalCloud.Events;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.ResourceDirectory;
using LogAudit.LocalCloud.Sls;
using LogAudit.LocalCloud.Sls.Policies;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Scenario;

/// <summary>Builds the organisation of a scenario: accounts, directory, roles, resources, what an earlier roll-out left, faults.</summary>
internal sealed class ScenarioStage(Cloud cloud, ScenarioScript script)
{
    private const string DenyAll = """{"Version":"1","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}""";

    public void Build()
    {
        foreach (var delay in script.Delays)
        {
            if (cloud.Delays.All.All(known => known.Name != delay.Name))
            {
                throw new ScenarioException(
                    script.Name,
                    [
                        new(
                            0,
                            "delays",
                            $"there is no delay '{delay.Name}'; {string.Join(", ", cloud.Delays.All.Select(known => known.Name))} are known."
                        ),
                    ]
                );
            }

            cloud.Delays.Set(delay.Name, delay.Length);
        }
        lock (cloud.Gate)
        {
            foreach (var account in script.Accounts)
            {
                AddAccount(account);
            }
            AddDirectory();
            foreach (var resource in script.Resources)
            {
                cloud.Services.Get<LocalProducts>().Of(resource.Product).Seed(resource);
            }
        }
        if (script.EarlierRollout)
        {
            AddPilot();
        }
        lock (cloud.Gate)
        {
            foreach (var resource in script.Resources.Where(r => r.Collecting && r.Product is not "oss"))
            {
                SwitchOn(resource);
            }
        }
        for (var i = 0; i < script.Faults.Count; i++)
        {
            AddFault(script.Faults[i], $"scenario-{i + 1}");
        }
    }

    private void AddAccount(ScenarioAccount one)
    {
        var account = cloud.AddAccount(one.Uid, one.Name);
        foreach (var user in one.Users)
        {
            account.AddUser(user);
        }
        foreach (var role in one.Roles)
        {
            var services = role.Trusts.Where(trust => trust.EndsWith(".com", StringComparison.Ordinal)).ToList();
            var identities = role
                .Trusts.Except(services, StringComparer.Ordinal)
                .Select(trust => trust.All(char.IsAsciiDigit) ? $"acs:ram::{trust}:root" : trust)
                .ToList();
            var made = account.AddRole(role.Name, Trust(services, identities));
            made.Attached.AddRange(role.Policies.Select(PolicyAttachment.System));
        }
        if (one.FlowLogService)
        {
            cloud.Services.Get<IFlowLogService>().OpenService(one.Uid);
        }
    }

    private void AddDirectory()
    {
        if (script.Directory is { } directory)
        {
            var organisation = Organisation.Create(cloud, cloud.FindAccount(directory.Management)!);
            foreach (var account in script.Accounts.Where(a => a.Member && a.Uid != directory.Management))
            {
                organisation.AddMember(cloud.FindAccount(account.Uid)!);
            }
            organisation.Delegated.AddRange(
                directory.Delegated.Select(d => new DelegatedAdministrator(
                    d.Account,
                    d.Service,
                    cloud.Clock.GetUtcNow()
                ))
            );
        }
        foreach (var account in script.Accounts.Where(a => a.DeniesAccess))
        {
            // Nobody gets in, and whoever is in may do nothing.
            cloud.FindAccount(account.Uid)!.Roles.Remove("ResourceDirectoryAccountAccessRole");
            cloud.Ram.ControlPolicies[account.Uid] = PolicyDocument.Parse(DenyAll);
        }
    }

    /// <summary>Switches a collection on as a roll-out or a person does: to the regional project of the resource's own account, or where that person was told.</summary>
    public void SwitchOn(ScenarioResource resource)
    {
        // What only a person can switch on goes where that person was told: straight to the centre, once it is there.
        var place = resource.Product is "bastionhost"
            ? new LogPlace(script.CentralProject, "baston_log")
            : new LogPlace($"logaudit-region-{resource.Account}-{resource.Region}", $"{resource.Product}_log");
        if (resource.Product is "slb" or "alb" or "vpc" or "apigateway")
        {
            var storage = cloud.Services.Get<ILogStorage>();
            storage.EnsureProject(resource.Account, resource.Region, place.Project);
            storage.EnsureLogstore(place.Project, place.Logstore, 7, 2);
        }
        cloud.Services.Get<LocalProducts>().Of(resource.Product).SwitchOn(resource, place);
        if (resource.Product is "dns" && resource.Properties.GetValueOrDefault("kind") is "intranet")
        {
            // In the console a rule is made by clicking; its code is nothing that a person sees.
            var everywhere = new JObject { ["resourceMode"] = "all" };
            AddPolicy("console-dns-intranet", resource.Product, "intranet_log", everywhere);
        }
    }

    /// <summary>The central project, and a collection policy for each product whose log is a matter of policies.</summary>
    private void AddPilot()
    {
        cloud
            .Services.Get<ILogStorage>()
            .EnsureProject(script.CentralAccount, script.CentralRegion, script.CentralProject);
        foreach (var (product, data) in (ReadOnlySpan<(string, string)>)[("oss", "access_log"), ("rds", "audit_log")])
        {
            var ids = script.Resources.Where(r => r.Collecting && r.Product == product).Select(r => r.Id).ToList();
            if (ids.Count == 0)
            {
                continue;
            }
            var some = new JObject { ["resourceMode"] = "instanceMode", ["instanceIds"] = new JArray(ids) };
            AddPolicy($"pilot-{product}", product, data, some);
        }
    }

    /// <summary>A collection policy of the central account that carries a log to the centre.</summary>
    private void AddPolicy(string name, string product, string data, JObject config)
    {
        var body = new JObject
        {
            ["policyName"] = name,
            ["productCode"] = product,
            ["dataCode"] = data,
            ["enabled"] = true,
            ["policyConfig"] = config,
            ["centralizeEnabled"] = true,
            ["centralizeConfig"] = new JObject
            {
                ["destRegion"] = script.CentralRegion,
                ["destProject"] = script.CentralProject,
                ["destLogstore"] = $"{product}_log",
                ["destTTL"] = 180,
            },
        };
        if (script.Directory is not null)
        {
            body["resourceDirectory"] = new JObject { ["accountGroupType"] = "all", ["members"] = new JArray() };
        }
        cloud
            .Services.Get<SlsService>()
            .Policies.Write(
                script.CentralAccount,
                name,
                CollectionPolicy.Read(script.CentralAccount, cloud.NextHex(8), body)
            );
    }

    private void AddFault(ScenarioFault fault, string name)
    {
        var buses = cloud.Services.Get<EventBuses>();
        switch (fault.Kind)
        {
            // These two befall events on the bus, not requests.
            case "DuplicateEvent":
                buses.DuplicateProbability = fault.Probability;
                break;
            case "LateEvent":
                buses.LateProbability = fault.Probability;
                break;
            default:
                cloud.Faults.Add(
                    new FaultRule(name, Enum.Parse<FaultKind>(fault.Kind))
                    {
                        Product = fault.Product,
                        Action = fault.Action,
                        AccountId = fault.Account,
                        Probability = fault.Probability,
                        Count = fault.Count,
                    }
                );
                break;
        }
    }

    private static string Trust(List<string> services, List<string> identities)
    {
        var principal = new JObject();
        if (services.Count > 0)
        {
            principal["Service"] = new JArray(services);
        }
        if (identities.Count > 0)
        {
            principal["RAM"] = new JArray(identities);
        }
        return new JObject
        {
            ["Version"] = "1",
            ["Statement"] = new JArray(
                new JObject
                {
                    ["Effect"] = "Allow",
                    ["Action"] = "sts:AssumeRole",
                    ["Principal"] = principal,
                }
            ),
        }.ToString(Newtonsoft.Json.Formatting.None);
    }
}
