using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>A project as the service shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">Free text.</param>
/// <param name="Region">Region id as the service spells it; empty when not told.</param>
/// <param name="Owner">Uid of the owner; empty when not told.</param>
/// <param name="Status"><c>Normal</c> or <c>Disable</c>; empty when not told.</param>
/// <remarks>Source: SLS GetProject, ListProject.</remarks>
public sealed record Project(ProjectName Name, string Description, string Region, string Owner, string Status)
{
    internal static Project From(JsonObject json) =>
        new(
            new ProjectName(json.Text("projectName")),
            json.TextOr("description", ""),
            json.TextOr("region", ""),
            json.TextOr("owner", ""),
            json.TextOr("status", "")
        );
}
