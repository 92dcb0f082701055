using System.Globalization;

namespace LogAudit.OpenApi;

/// <summary>Reads <see cref="OpenApiOptions"/> from environment variables.</summary>
/// <remarks>
/// <c>LOGAUDIT_SITE</c> (<c>china</c>, <c>international</c>), <c>LOGAUDIT_CALLS_PER_SECOND</c> (0.1 to 100) and, with the names that the
/// Terraform provider uses, <c>ALIBABA_CLOUD_ENDPOINT_SLB=slb-vpc.{region}.aliyuncs.com</c> for each product.
/// </remarks>
public static class OpenApiSettings
{
    /// <summary>The options; defaults for what is not set.</summary>
    /// <param name="variable">Reads an environment variable; null when it is not set.</param>
    /// <exception cref="InvalidOperationException">At least one value is wrong; the message names all.</exception>
    public static OpenApiOptions Read(Func<string, string?> variable)
    {
        var mistakes = new List<string>();
        var options = new OpenApiOptions
        {
            Site = ReadSite(variable("LOGAUDIT_SITE"), mistakes),
            CallsPerSecond = ReadRate(variable("LOGAUDIT_CALLS_PER_SECOND"), mistakes),
            Hosts = ReadHosts(variable, mistakes),
        };
        return mistakes.Count == 0
            ? options
            : throw new InvalidOperationException(string.Join(Environment.NewLine, mistakes));
    }

    private static Site ReadSite(string? text, List<string> mistakes)
    {
        switch (text)
        {
            case null or "" or "china":
                return Site.China;
            case "international":
                return Site.International;
            default:
                mistakes.Add($"LOGAUDIT_SITE is '{text}'. Allowed: china, international. Example: international.");
                return Site.China;
        }
    }

    private static double ReadRate(string? text, List<string> mistakes)
    {
        var usual = new OpenApiOptions().CallsPerSecond;
        if (string.IsNullOrEmpty(text))
        {
            return usual;
        }

        if (
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate)
            && rate is >= 0.1 and <= 100
        )
        {
            return rate;
        }

        mistakes.Add($"LOGAUDIT_CALLS_PER_SECOND is '{text}'. Allowed: 0.1 to 100. Example: 5.");
        return usual;
    }

    private static Dictionary<string, string> ReadHosts(Func<string, string?> variable, List<string> mistakes)
    {
        var hosts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var product in ApiProducts.All)
        {
            var name = $"ALIBABA_CLOUD_ENDPOINT_{product.Code.ToUpperInvariant()}";
            var host = variable(name);
            if (string.IsNullOrEmpty(host))
            {
                continue;
            }

            if (Uri.CheckHostName(host.Replace("{region}", "cn-x", StringComparison.Ordinal)) == UriHostNameType.Dns)
            {
                hosts[product.Code] = host;
            }
            else
            {
                mistakes.Add(
                    $"{name} is '{host}'. Allowed: a host name, with {{region}} for the region. Example: {product.Code.ToUpperInvariant()}-vpc.{{region}}.aliyuncs.com."
                );
            }
        }

        return hosts;
    }
}
