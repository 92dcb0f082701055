using System.Collections.Concurrent;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>Where one part of the cloud finds what another offers, by interface: products do not know each other.</summary>
internal sealed class ServiceRegistry
{
    private readonly ConcurrentDictionary<Type, object> _services = new();

    public void Add<T>(T service)
        where T : class
    {
        if (!_services.TryAdd(typeof(T), service))
        {
            throw new InvalidOperationException($"{typeof(T).Name} is already offered by another part.");
        }
    }

    /// <summary>The service, or an exception that names what is missing.</summary>
    public T Get<T>()
        where T : class =>
        Find<T>() ?? throw new InvalidOperationException($"No part of LocalCloud offers {typeof(T).Name}.");

    public T? Find<T>()
        where T : class => _services.TryGetValue(typeof(T), out var found) ? (T)found : null;
}
