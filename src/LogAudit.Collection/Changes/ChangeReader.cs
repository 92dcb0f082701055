using System.Text.Json;

namespace LogAudit.Collection;

/// <summary>Reads audit events from EventBridge (CloudEvents) and from a trail's Logstore, and says which resources they concern.</summary>
/// <remarks>
/// Members that the copy on the bus may lack are taken from the envelope. An event whose resource is not named concerns its whole region.
/// Source: ActionTrail management event structure; EventBridge, ActionTrail events. Assumed: <c>recipientAccountId</c> is the account of the resource.
/// </remarks>
public sealed class ChangeReader
{
    private readonly ILookup<(string Service, string Name), (string Product, ChangeEvent Event)> events;
    private readonly Func<AccountId, bool> inScope;
    private readonly OwnSessions own;

    /// <summary>Takes the change events of the products.</summary>
    /// <param name="products">The products.</param>
    /// <param name="inScope">Whether an account is in scope.</param>
    /// <param name="own">Sessions whose changes are LogAudit's own.</param>
    public ChangeReader(IEnumerable<ProductSpec> products, Func<AccountId, bool> inScope, OwnSessions own)
    {
        events = products
            .SelectMany(product => product.ChangeEvents.Select(change => (product.Code, Event: change)))
            .ToLookup(change => (change.Event.Service.ToUpperInvariant(), change.Event.Name));
        this.inScope = inScope;
        this.own = own;
    }

    /// <summary>Reads a CloudEvent.</summary>
    public ChangeReading ReadCloudEvent(JsonElement envelope)
    {
        if (
            envelope.ValueKind != JsonValueKind.Object
            || !envelope.TryGetProperty("data", out var data)
            || data.ValueKind != JsonValueKind.Object
        )
        {
            return new ChangeReading.Unreadable("the event has no data object");
        }

        var type = Text(envelope, "type").Split(':');
        return Read(
            data,
            new(
                First(Text(envelope, "aliyunoriginalaccountid"), Text(envelope, "aliyunaccountid")),
                Text(envelope, "aliyunregionid"),
                First(Text(envelope, "id"), Text(envelope, "source")),
                // A product's own event (oss:BucketCreated:PutBucket) has no serviceName and eventName in its data.
                type[0],
                type[^1]
            )
        );
    }

    /// <summary>Reads the event of a trail record, the JSON under its field <c>event</c>.</summary>
    public ChangeReading ReadTrailRecord(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement, new("", "", "", "", ""))
                : new ChangeReading.Unreadable("the event of the record is no JSON object");
        }
        catch (JsonException exception)
        {
            return new ChangeReading.Unreadable($"the event of the record is no JSON: {exception.Message}");
        }
    }

    private ChangeReading Read(JsonElement data, Envelope envelope)
    {
        var service = First(Text(data, "serviceName"), envelope.Service);
        var name = First(Text(data, "eventName"), envelope.Name);
        if (service.Length == 0 || name.Length == 0)
        {
            return new ChangeReading.Unreadable("the event has no serviceName and eventName");
        }

        if (Text(data, "eventRW") is "Read")
        {
            return new ChangeReading.Ignored("it only reads");
        }

        if (Text(data, "errorCode") is { Length: > 0 } error)
        {
            return new ChangeReading.Ignored($"the call failed with {error}");
        }

        if (data.TryGetProperty("userIdentity", out var identity) && own.Contains(Text(identity, "userName")))
        {
            return new ChangeReading.Ignored("it is our own");
        }

        var matches = events[(service.ToUpperInvariant(), name)].ToList();
        if (matches.Count == 0)
        {
            return new ChangeReading.Ignored($"no product listens to {service} {name}");
        }

        var account = First(Text(data, "recipientAccountId"), envelope.Account, Text(identity, "accountId"));
        if (!AccountId.IsValid(account))
        {
            return new ChangeReading.Unreadable($"{service} {name} does not say whose account it is");
        }

        if (!inScope(new AccountId(account)))
        {
            return new ChangeReading.Ignored($"account {account} is not in scope");
        }

        var region = First(
            Text(data, "acsRegion"),
            EventPath.Find(data, "requestParameters.RegionId").FirstOrDefault(""),
            envelope.Region
        );
        return new ChangeReading.Found([
            .. matches.Select(match => new Change(
                First(Text(data, "eventId"), envelope.Id),
                new AccountId(account),
                RegionId.IsValid(region) ? new RegionId(region) : null,
                match.Product,
                match.Event.Effect,
                Ids(data, match.Event)
            )
            {
                Gap = match.Event.Gap,
            }),
        ]);
    }

    private static string[] Ids(JsonElement data, ChangeEvent change) =>
        change
            .IdPaths.Select(path => EventPath.Find(data, path).Distinct(StringComparer.Ordinal).ToArray())
            .FirstOrDefault(ids => ids.Length > 0, []);

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString() ?? "",
                JsonValueKind.Number => value.GetRawText(),
                _ => "",
            }
            : "";

    private static string First(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (text.Length > 0)
            {
                return text;
            }
        }

        return "";
    }

    private sealed record Envelope(string Account, string Region, string Id, string Service, string Name);
}
