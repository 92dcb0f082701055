namespace LogAudit.OpenApi;

/// <summary>Who gives out temporary credentials.</summary>
internal interface ISessionSource
{
    /// <summary>Who, for messages.</summary>
    string Name { get; }

    /// <summary>Asks for a session.</summary>
    /// <exception cref="InvalidOperationException">The answer is a refusal or holds no session; tells what to check and holds no secret.</exception>
    Task<Credentials> AskAsync(HttpClient http, CancellationToken cancel);
}
