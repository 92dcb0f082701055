using LogAudit.Testing;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>The package of a function: what <c>scripts/publish</c> made, otherwise the ordinary build of this test run.</summary>
/// <param name="Folder">Where its files are.</param>
/// <param name="Mode"><c>aot</c>, <c>r2r</c> or <c>build</c>.</param>
internal sealed record FunctionPackage(string Folder, string Mode)
{
    public static FunctionPackage Of(string resource)
    {
        var name = resource switch
        {
            "sync" => "Sync",
            "onchange" => "OnChange",
            "poll" => "Poll",
            _ => throw new ArgumentOutOfRangeException(nameof(resource), resource, "unknown function"),
        };
        var published = Path.Combine(Peers.Repository, "artifacts/functions", name);
        if (File.Exists(published + ".mode"))
        {
            return new FunctionPackage(published, File.ReadAllText(published + ".mode").Trim());
        }

        // The real tests run what is deployed; without it, a changed function would be tested in its old form.
        if (Peers.Required)
        {
            throw new InvalidOperationException($"{published} is not published; run scripts/publish first");
        }

        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        return new FunctionPackage(Path.Combine(Peers.Repository, "artifacts/bin", name, configuration), "build");
    }
}
