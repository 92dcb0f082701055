using System.Text;
using System.Text.Json;

namespace LogAudit.Products;

/// <summary>A custom policy of RAM.</summary>
/// <param name="Name">Policy name; the second and later parts of a split policy end in <c>-2</c>, <c>-3</c> …</param>
/// <param name="Document">The policy document, JSON in version 1 of the policy language.</param>
public sealed record RamPolicyDocument(string Name, string Document);

/// <summary>Writes the RAM policies of the function role and the member role from the actions that the products and the engine declare: nothing more is granted.</summary>
public static class RamPolicies
{
    /// <summary>Most characters of a custom policy document. Source: RAM limits.</summary>
    public const int MostCharacters = 6144;

    /// <summary>The actions that the functions need for some products in the account of their resources; what only undo calls is not among them.</summary>
    /// <param name="products">The products.</param>
    /// <param name="asked">Log kinds that the settings ask for; null for every one.</param>
    public static IReadOnlyList<RamAction> ActionsOf(
        IEnumerable<ProductSpec> products,
        IReadOnlyCollection<LogKind>? asked = null
    ) =>
        [
            .. products.SelectMany(product =>
                product.RamActions.Where(action => !action.UndoOnly && IsAsked(product, action, asked))
            ),
        ];

    /// <summary>Policies that allow the actions and nothing else, split so that each document fits.</summary>
    /// <param name="name">Name of the first policy, for example <c>logaudit-member</c>.</param>
    /// <param name="account">Account that <c>{account}</c> in the resource patterns stands for; null for any.</param>
    /// <param name="actions">The actions; repeats are granted once.</param>
    /// <returns>Deterministic: the same actions in any order give the same documents.</returns>
    public static IReadOnlyList<RamPolicyDocument> For(string name, AccountId? account, IEnumerable<RamAction> actions)
    {
        var documents = new List<RamPolicyDocument>();
        var statements = new List<Statement>();
        foreach (var statement in Statements(account, actions))
        {
            if (statements.Count > 0 && Write([.. statements, statement]).Length > MostCharacters)
            {
                Close();
            }

            statements.Add(statement);
        }

        if (statements.Count > 0)
        {
            Close();
        }

        return documents;

        void Close()
        {
            var part = documents.Count == 0 ? name : $"{name}-{documents.Count + 1}";
            documents.Add(new RamPolicyDocument(part, Write(statements)));
            statements.Clear();
        }
    }

    private static bool IsAsked(ProductSpec product, RamAction action, IReadOnlyCollection<LogKind>? asked) =>
        asked is null
        || action.OnlyFor.Count == 0
        || asked.Any(kind =>
            kind.Product.Same(product.Code) && action.OnlyFor.Contains(kind.Name, StringComparer.Ordinal)
        );

    private static IEnumerable<Statement> Statements(AccountId? account, IEnumerable<RamAction> actions)
    {
        var byResource = actions
            .GroupBy(action =>
                (
                    Resource: action.Resource.Replace("{account}", account?.Value ?? "*", StringComparison.Ordinal),
                    Conditions: string.Join(
                        '\n',
                        action
                            .Conditions.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                            .Select(pair => $"{pair.Key}={pair.Value}")
                    )
                )
            )
            .OrderBy(group => group.Key.Resource, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Conditions, StringComparer.Ordinal);
        foreach (var group in byResource)
        {
            var names = group
                .Select(action => action.Action)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal);
            // Even one statement must fit a document; 60 action names do.
            foreach (var part in names.Chunk(60))
            {
                yield return new Statement(part, group.Key.Resource, group.First().Conditions);
            }
        }
    }

    private static string Write(IReadOnlyList<Statement> statements)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Version"u8, "1"u8);
            json.WriteStartArray("Statement"u8);
            foreach (var statement in statements)
            {
                statement.Write(json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private sealed record Statement(
        IReadOnlyList<string> Actions,
        string Resource,
        IReadOnlyDictionary<string, string> Conditions
    )
    {
        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("Effect"u8, "Allow"u8);
            json.WriteStartArray("Action"u8);
            foreach (var action in Actions)
            {
                json.WriteStringValue(action);
            }

            json.WriteEndArray();
            json.WriteStartArray("Resource"u8);
            json.WriteStringValue(Resource);
            json.WriteEndArray();
            if (Conditions.Count > 0)
            {
                json.WriteStartObject("Condition"u8);
                json.WriteStartObject("StringEquals"u8);
                foreach (var (key, value) in Conditions.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }
    }
}
