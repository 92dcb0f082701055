using Microsoft.Extensions.Logging;

namespace LogAudit.Sls;

/// <summary>Gives an SLS client by account and region.</summary>
public sealed class SlsClients
{
    private readonly SlsTransport transport;
    private readonly Deadline deadline;

    /// <summary>Takes what every client shares.</summary>
    /// <param name="credentials">Credentials by account.</param>
    /// <param name="endpoint">Where requests really go.</param>
    /// <param name="handler">The one handler that composition made; not disposed here.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">Hosts and bounds.</param>
    /// <param name="logger">Takes retries, without payload.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SlsClients(
        IAccountCredentials credentials,
        EndpointOverride endpoint,
        HttpMessageHandler handler,
        TimeProvider time,
        SlsOptions options,
        ILogger<SlsClients> logger
    )
        : this(
            new SlsTransport(
                credentials,
                endpoint,
                new HttpMessageInvoker(handler, disposeHandler: false),
                time,
                options.Checked(),
                logger
            ),
            Deadline.None
        ) { }

    private SlsClients(SlsTransport transport, Deadline deadline) =>
        (this.transport, this.deadline) = (transport, deadline);

    /// <summary>The client of one account in one region.</summary>
    public SlsClient For(AccountId account, RegionId region) => new(account, region, transport, deadline);

    /// <summary>The same clients, whose retries end before a deadline: take this at the start of an invocation.</summary>
    public SlsClients Within(Deadline limit) => new(transport, limit);
}
