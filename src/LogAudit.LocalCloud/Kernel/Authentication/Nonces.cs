using System.Collections.Concurrent;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>Nonces that were used within the time in which a request could be replayed.</summary>
internal sealed class Nonces
{
    private readonly ConcurrentDictionary<(string Key, string Nonce), DateTimeOffset> _used = new();
    private long _sweptAt;

    /// <summary>False when the nonce was used before.</summary>
    public bool TryUse(string accessKeyId, string nonce, DateTimeOffset now)
    {
        Sweep(now);
        return _used.TryAdd((accessKeyId, nonce), now);
    }

    private void Sweep(DateTimeOffset now)
    {
        var last = Interlocked.Read(ref _sweptAt);
        if (
            now.ToUnixTimeSeconds() - last < 60
            || Interlocked.CompareExchange(ref _sweptAt, now.ToUnixTimeSeconds(), last) != last
        )
        {
            return;
        }
        foreach (var (key, time) in _used)
        {
            if (now - time > Signatures.AllowedSkew + Signatures.AllowedSkew)
            {
                _used.TryRemove(key, out _);
            }
        }
    }
}
