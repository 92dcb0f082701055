namespace LogAudit.Soak;

/// <summary>The settings file of a forwarder.</summary>
internal static class SoakSettings
{
    /// <summary>A host that no resolver knows. Source: RFC 6761, section 6.4.</summary>
    public const string NoHost = "soc.invalid";

    /// <summary>Text of <c>logaudit.yaml</c>.</summary>
    /// <param name="receivers">Its destinations.</param>
    /// <param name="wrong">One of them whose name is not found.</param>
    public static string Of(IEnumerable<Receiver> receivers, Receiver? wrong) =>
        $"""
            central:
              account: "{SoakCloud.Uid}"
              region: {SoakCloud.Region}
            destinations:

            """ + string.Concat(receivers.Select(one => one.Settings(one == wrong ? NoHost : "localhost")));
}
