using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

public sealed class RamPoliciesTests
{
    private static readonly AccountId Account = new("1000000000000001");

    [Fact]
    public void For_grants_each_declared_action_on_its_resource_and_nothing_else()
    {
        var actions = RamPolicies.ActionsOf(new ProductCatalogue().All);

        var documents = RamPolicies.For("logaudit-member", Account, actions);

        var granted = documents.SelectMany(Grants).ToHashSet();
        var declared = actions
            .Select(action => (action.Action, action.Resource.Replace("{account}", Account.Value)))
            .ToHashSet();
        Assert.Equal(declared.Order(), granted.Order());
        Assert.All(documents, document => Assert.True(document.Document.Length <= RamPolicies.MostCharacters));
    }

    [Fact]
    public void For_splits_what_does_not_fit_one_document_and_loses_nothing()
    {
        var actions = Enumerable
            .Range(0, 400)
            .Select(i => new RamAction(
                $"ecs:DescribeSomething{i:000}",
                "Ecs:X",
                $"acs:ecs:*:*:thing/{i % 37}",
                false,
                false
            ))
            .ToArray();

        var documents = RamPolicies.For("logaudit-function", null, actions);

        Assert.True(documents.Count > 1);
        Assert.Equal(["logaudit-function", "logaudit-function-2"], documents.Take(2).Select(document => document.Name));
        Assert.All(documents, document => Assert.True(document.Document.Length <= RamPolicies.MostCharacters));
        Assert.Equal(400, documents.SelectMany(Grants).Distinct().Count());
    }

    [Fact]
    public void For_gives_the_same_documents_for_the_same_actions_in_any_order()
    {
        var actions = RamPolicies.ActionsOf(new ProductCatalogue().All);

        Assert.Equal(
            RamPolicies.For("p", Account, actions),
            RamPolicies.For("p", Account, actions.Reverse().Concat(actions))
        );
    }

    [Fact]
    public void For_keeps_the_condition_of_an_action()
    {
        var documents = RamPolicies.For(
            "p",
            Account,
            RamPolicies.ActionsOf([new ProductCatalogue().Find("actiontrail")!])
        );

        var statement = JObject.Parse(documents[0].Document)["Statement"]!.Single(one =>
            one["Action"]!.Any(action => (string?)action == "ram:CreateServiceLinkedRole")
        );
        Assert.Equal("actiontrail.aliyuncs.com", (string?)statement["Condition"]!["StringEquals"]!["ram:ServiceName"]);
    }

    private static IEnumerable<(string Action, string Resource)> Grants(RamPolicyDocument document) =>
        JObject.Parse(document.Document)["Statement"]!.SelectMany(statement =>
            statement["Action"]!.SelectMany(action =>
                statement["Resource"]!.Select(resource => ((string)action!, (string)resource!))
            )
        );
}
