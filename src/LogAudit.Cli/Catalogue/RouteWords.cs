namespace LogAudit.Cli;

/// <summary>The route of a log kind in the words of the data files.</summary>
internal static class RouteWords
{
    private static readonly (Routes Route, string Word)[] Words =
    [
        (Routes.Policy, "policy"),
        (Routes.Switch, "switch"),
        (Routes.Delivery, "delivery"),
        (Routes.Poll, "poll"),
    ];

    public static IReadOnlyList<string> Of(LogKind kind) =>
        kind.Route == Routes.Manual
            ? ["manual"]
            : [.. Words.Where(pair => kind.Route.HasFlag(pair.Route)).Select(pair => pair.Word)];
}
