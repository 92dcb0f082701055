using LogAudit.Testing;

namespace LogAudit.Soak;

/// <summary>What can be done to any receiver that listens.</summary>
internal static class ListenerFaults
{
    /// <summary>Dies with open connections and comes back on its port.</summary>
    public static FaultKind Crash(SocListener listener) =>
        new(
            "receiver-crash",
            async (random, cancel) =>
            {
                // Only a crash with open connections hits somebody in the middle of something.
                if (await Waiting.UntilStruckAsync(() => listener.Open, 4, cancel) == 0)
                {
                    return 0;
                }

                var cut = listener.Crash();
                await Waiting.ForAsync(random, 0.1, 2, CancellationToken.None);
                await listener.RestartAsync();
                return cut;
            }
        );

    /// <summary>Stands still, connections open.</summary>
    public static FaultKind Hang(SocListener listener) =>
        new(
            "receiver-hang",
            async (random, _) =>
            {
                listener.Freeze();
                await Waiting.UntilStruckAsync(() => listener.Waiting, 4, CancellationToken.None);
                await Waiting.ForAsync(random, 0.5, 5, CancellationToken.None);
                return listener.Thaw();
            }
        );

    /// <summary>Closes its side while the client is still sending.</summary>
    public static FaultKind HalfClose(SocListener listener) =>
        new("half-close", (_, cancel) => Waiting.UntilStruckAsync(() => listener.HalfClose(), 4, cancel));

    /// <summary>Shows a certificate that has ended.</summary>
    public static FaultKind ExpiredCertificate(SocListener listener, TestCertificates certificates) =>
        new(
            "expired-certificate",
            async (random, cancel) =>
            {
                var (before, valid) = (listener.Refused, listener.Tls);
                listener.Tls = valid! with { Certificate = certificates.Expired, MustBeRefused = true };
                try
                {
                    await Waiting.UntilStruckAsync(() => listener.Refused - before, 4, cancel);
                    await Waiting.ForAsync(random, 0.1, 1.5, cancel);
                }
                finally
                {
                    listener.Tls = valid;
                }

                return listener.Refused - before;
            }
        );
}
