namespace LogAudit.LocalCloud.Kernel;

/// <summary>A front door of the cloud: RPC and ROA, SLS, OSS, the control plane of LocalCloud.</summary>
internal interface IGateway
{
    /// <summary>Whether requests to this host (lower case, no port) and decoded path belong to this gateway.</summary>
    bool Accepts(string host, string path);

    /// <summary>Serves one request. A <see cref="CloudError"/> thrown here is a bug: gateways write their own errors.</summary>
    Task<CloudResponse> HandleAsync(CloudRequest request, CancellationToken cancel);
}
