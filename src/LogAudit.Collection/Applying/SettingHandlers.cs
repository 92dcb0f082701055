using LogAudit.OpenApi;

namespace LogAudit.Collection;

/// <summary>Finds the handler of a setting by its kind, and refuses writes that LogAudit never makes.</summary>
public sealed class SettingHandlers
{
    private const string OldService = "slsaudit-";

    private readonly Dictionary<string, ISettingHandler> byKind = new(StringComparer.Ordinal);
    private readonly Func<string, ISettingHandler?> byProduct;

    /// <summary>Takes the handlers. Two handlers of one kind are a mistake of composition.</summary>
    /// <param name="handlers">Those that the settings need.</param>
    /// <param name="byProduct">Finds the handler of a product that the settings no longer name, for what an earlier run began there; null for none.</param>
    public SettingHandlers(IEnumerable<ISettingHandler> handlers, Func<string, ISettingHandler?>? byProduct = null)
    {
        this.byProduct = byProduct ?? (_ => null);
        foreach (var handler in handlers.Distinct())
        {
            foreach (var kind in handler.SettingKinds)
            {
                if (!byKind.TryAdd(kind, handler))
                {
                    throw new ArgumentException(
                        $"Two handlers take settings of kind {kind}: {byKind[kind]} and {handler}."
                    );
                }
            }
        }
    }

    /// <summary>The present state; null when the setting does not exist.</summary>
    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        InAsync(setting, () => For(setting).ReadAsync(setting, cancel));

    /// <summary>Carries a change out.</summary>
    /// <exception cref="InvalidOperationException">The change would write a project of the old service.</exception>
    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        TouchesOldService(change)
            ? throw new InvalidOperationException(
                $"{change.Setting} is not written: it belongs to a project of the old Log Audit Service ({OldService}*), which LogAudit leaves alone. Switch the old service off first."
            )
            : InAsync(
                change.Setting,
                async () =>
                {
                    await For(change.Setting).WriteAsync(change, cancel);
                    return true;
                }
            );

    /// <summary>Whether a change would write a project of the old service, or take a resource away from it.</summary>
    internal static bool TouchesOldService(SettingChange change) =>
        change.Setting.Id.StartsWith(OldService, StringComparison.Ordinal)
        || NamesOldProject(change.From)
        || NamesOldProject(change.To);

    private static bool NamesOldProject(SettingState? state) =>
        state is not null
        && state.Any(member =>
            member.Key.Contains("project", StringComparison.OrdinalIgnoreCase)
            && member.Value.Contains(OldService, StringComparison.Ordinal)
        );

    private static async Task<T> InAsync<T>(SettingRef setting, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (OpenApiException failure) when (failure.Account == default)
        {
            throw failure.In(setting.Account, setting.Region);
        }
    }

    // A product's kinds begin with its code: slb.access-log.
    private ISettingHandler? OfProduct(string kind) =>
        byProduct(kind.Split('.')[0]) is { } handler && handler.SettingKinds.Contains(kind, StringComparer.Ordinal)
            ? handler
            : null;

    private ISettingHandler For(SettingRef setting) =>
        byKind.GetValueOrDefault(setting.Kind)
        ?? OfProduct(setting.Kind)
        ?? throw new InvalidOperationException(
            $"No handler takes settings of kind {setting.Kind} ({setting}). Known kinds: {string.Join(", ", byKind.Keys.Order(StringComparer.Ordinal))}."
        );
}
