using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>What writing a switch has in common, whatever the product.</summary>
internal static class Switching
{
    /// <summary>Writes a planned change unless it is so already.</summary>
    /// <param name="change">The change.</param>
    /// <param name="read">Reads the present state.</param>
    /// <param name="send">Sends what brings the state read to the state wanted.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="SettingMovedException">Somebody changed the setting since it was planned; nothing was sent.</exception>
    public static async Task WriteAsync(
        SettingChange change,
        Func<SettingRef, CancellationToken, Task<SettingState?>> read,
        Func<SettingState?, SettingState?, Task> send,
        CancellationToken cancel
    )
    {
        var present = await read(change.Setting, cancel);
        if (Equals(present, change.To))
        {
            return;
        }

        SettingMovedException.ThrowUnlessFrom(change, present);
        await send(present, change.To);
    }

    /// <summary>Writes a planned change by one call, unless it is so already.</summary>
    /// <param name="writing">Sends the call.</param>
    /// <param name="change">The change.</param>
    /// <param name="errors">The product's error codes.</param>
    /// <param name="read">Reads the present state.</param>
    /// <param name="call">The call that brings the state read to the state wanted.</param>
    /// <param name="cancel">Ends the work.</param>
    public static Task SwitchAsync(
        this Writing writing,
        SettingChange change,
        ErrorTable errors,
        Func<SettingRef, CancellationToken, Task<SettingState?>> read,
        Func<SettingState?, SettingState?, ApiCall> call,
        CancellationToken cancel
    ) =>
        WriteAsync(
            change,
            read,
            (present, wanted) =>
                writing.SendAsync(
                    call(present, wanted),
                    errors,
                    async stop => Equals(await read(change.Setting, stop), wanted),
                    cancel
                ),
            cancel
        );
}
