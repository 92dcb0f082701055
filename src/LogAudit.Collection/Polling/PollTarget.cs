namespace LogAudit.Collection;

/// <summary>A log that is read by API: one kind of one resource, or of one account and region where the call knows no resources.</summary>
/// <param name="Kind">The log kind; it has a <see cref="LogKind.Poll"/>.</param>
/// <param name="Resource">The resource; any one of the region where the call knows none.</param>
internal sealed record PollTarget(LogKind Kind, ResourceRef Resource)
{
    public PollSpec Poll => Kind.Poll!;

    /// <summary>Key of its cursor.</summary>
    public string Key =>
        $"{Resource.Account}/{Resource.Region}/{Kind.Product}/{Kind.Name}/{(Poll.ResourceParameter.Length == 0 ? "" : Resource.Id)}";

    /// <summary>The API of an account whose quota the calls use.</summary>
    public PollApi Api => new(Resource.Account, Poll.Api, Poll.Action);

    /// <inheritdoc/>
    public override string ToString() => $"{Resource} {Kind.Name}";
}

/// <summary>One action of one account.</summary>
internal readonly record struct PollApi(AccountId Account, string Product, string Action);
