namespace LogAudit;

/// <summary>The service takes a change only later (one in five minutes, for example): nothing is wrong and nothing was changed, and a later run makes it.</summary>
/// <param name="message">What the service takes when.</param>
/// <param name="refusal">What it said.</param>
public sealed class NotYetException(string message, Exception refusal) : Exception(message, refusal);
