namespace LogAudit;

/// <summary>Where an object stands.</summary>
/// <param name="Region">Region of the bucket.</param>
/// <param name="Bucket">Bucket.</param>
/// <param name="Key">Name of the object, not percent-encoded.</param>
public sealed record ObjectPlace(RegionId Region, string Bucket, string Key);

/// <summary>Keeps objects: written once, never over another.</summary>
public interface IObjectStore
{
    /// <summary>Writes an object where there is none.</summary>
    /// <param name="place">Where.</param>
    /// <param name="body">What.</param>
    /// <param name="contentType">MIME type.</param>
    /// <param name="owner">Key of another account; null for the own identity.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>False when there is an object already; it stays as it is.</returns>
    Task<bool> PutNewAsync(
        ObjectPlace place,
        ReadOnlyMemory<byte> body,
        string contentType,
        Credentials? owner,
        CancellationToken cancel
    );

    /// <summary>Names of the objects of a bucket that begin in one way.</summary>
    /// <param name="beginning">Region, bucket, and how the names begin.</param>
    /// <param name="owner">Key of another account; null for the own identity.</param>
    /// <param name="cancel">Gives up.</param>
    Task<IReadOnlyList<string>> ListAsync(ObjectPlace beginning, Credentials? owner, CancellationToken cancel);

    /// <summary>Reads an object whole.</summary>
    /// <param name="place">Where.</param>
    /// <param name="owner">Key of another account; null for the own identity.</param>
    /// <param name="cancel">Gives up.</param>
    Task<byte[]> GetAsync(ObjectPlace place, Credentials? owner, CancellationToken cancel);
}
