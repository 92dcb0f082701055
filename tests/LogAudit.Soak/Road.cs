namespace LogAudit.Soak;

/// <summary>Who forwards.</summary>
internal enum Forwarder
{
    /// <summary>The function <c>Sync</c> under LocalCloud's Function Compute.</summary>
    Function,

    /// <summary>Processes of <c>logaudit forward</c>.</summary>
    Consumer,
}

/// <summary>A road that records take: out of one Logstore, to one destination.</summary>
/// <param name="Name">Name of the destination.</param>
/// <param name="Product">Product whose records take it, and no others.</param>
/// <param name="Logstore">Central Logstore of the product.</param>
/// <param name="By">Who forwards.</param>
internal sealed record Road(string Name, string Product, string Logstore, Forwarder By)
{
    /// <summary>Consumer group of the destination on the Logstore.</summary>
    public string Group => $"logaudit-{Name}-{Logstore}";
}
