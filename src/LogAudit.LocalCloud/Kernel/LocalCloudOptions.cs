namespace LogAudit.LocalCloud.Kernel;

/// <summary>How a LocalCloud is started.</summary>
public sealed record LocalCloudOptions
{
    /// <summary>Port of plain HTTP on 127.0.0.1; 0 takes any free one.</summary>
    public int HttpPort { get; init; }

    /// <summary>Port of HTTPS on 127.0.0.1; 0 takes any free one, null offers none. Its certificates come from a CA made at start.</summary>
    public int? HttpsPort { get; init; }

    /// <summary>Fixes every random choice: ids, keys, faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Documented delays of the cloud are divided by this number. 1 is real time.</summary>
    public double DelayScale { get; init; } = 1;

    /// <summary>Runs analytic statements; null refuses them.</summary>
    public ISqlEngine? Sql { get; init; }

    /// <summary>Clock of the cloud.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
