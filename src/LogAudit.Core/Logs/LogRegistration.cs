using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LogAudit;

/// <summary>Registers logs.</summary>
public static class LogRegistration
{
    /// <summary>Adds the log of one class.</summary>
    /// <remarks>The usual open registration of <c>ILogger&lt;&gt;</c> makes each of these types at run time, which takes a native function several milliseconds of its start; it stays as the fallback.</remarks>
    public static IServiceCollection AddLog<T>(this IServiceCollection services)
    {
        services.TryAddSingleton<ILogger<T>>(given => new Logger<T>(given.GetRequiredService<ILoggerFactory>()));
        return services;
    }
}
