using System.Globalization;
using System.Text;

namespace LogAudit.OpenApi;

/// <summary>The facts of a failed call.</summary>
internal sealed record ApiFailure
{
    public required string Product { get; init; }
    public required string Action { get; init; }
    public required AccountId Account { get; init; }
    public required RegionId Region { get; init; }
    public required string Code { get; init; }
    public int Status { get; init; }
    public string RequestId { get; init; } = "";
    public string Message { get; init; } = "";
    public string Check { get; init; } = "";
    public bool Retryable { get; init; }
    public bool AnswerUnknown { get; init; }

    public string Describe()
    {
        var text = new StringBuilder(256);
        text.Append(CultureInfo.InvariantCulture, $"{Product}:{Action} failed in account {Account}, region {Region}: ");
        text.Append(Status == 0 ? Code : string.Create(CultureInfo.InvariantCulture, $"HTTP {Status}, {Code}"));
        if (Message.Length > 0)
        {
            text.Append(" (").Append(Message).Append(')');
        }

        if (RequestId.Length > 0)
        {
            text.Append(", request id ").Append(RequestId);
        }

        text.Append('.');
        if (AnswerUnknown)
        {
            text.Append(" Whether the change was made is not known: read the state back.");
        }

        if (Check.Length > 0)
        {
            text.Append(' ').Append(Check);
        }

        return text.ToString();
    }
}
