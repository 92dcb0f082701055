using LogAudit.Testing;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>A cloud whose records go to a receiver over plain TCP, with one destination, <c>soc</c>.</summary>
internal sealed class ForwardedToSoc : IAsyncDisposable
{
    private ForwardedToSoc(FunctionCloud cloud, int seed) => (Cloud, Records) = (cloud, new MarkedRecords(cloud, seed));

    public FunctionCloud Cloud { get; }

    public SyslogSoc Soc { get; } = new();

    public MarkedRecords Records { get; }

    /// <summary>Text of <c>logaudit.yaml</c>.</summary>
    public string Settings =>
        FunctionCloud.Central
        + $"""
            destinations:
              - name: soc
                sink: syslog
                format: rfc5424
                options:
                  address: tcp://127.0.0.1:{Soc.Port}

            """;

    public static async Task<ForwardedToSoc> StartAsync(int seed) => new(await FunctionCloud.StartAsync(seed), seed);

    public async ValueTask DisposeAsync()
    {
        await Cloud.DisposeAsync();
        await Soc.DisposeAsync();
    }
}
