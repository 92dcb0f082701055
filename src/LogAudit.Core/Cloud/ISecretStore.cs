namespace LogAudit;

/// <summary>Reads secrets that a service of the cloud keeps.</summary>
public interface ISecretStore
{
    /// <summary>The current value of a secret.</summary>
    /// <param name="name">Its name in the store.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The value. A failure is an exception that says what to check and quotes nothing of the secret.</returns>
    Task<Secret> ReadAsync(string name, CancellationToken cancel);
}
