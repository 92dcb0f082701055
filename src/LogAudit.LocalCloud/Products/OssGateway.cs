using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>The front door of OSS: XML, and a signature of its own.</summary>
internal sealed class OssGateway(Cloud cloud, Oss oss) : IGateway
{
    private static readonly HostPattern[] Hosts =
    [
        new("oss-{region}.aliyuncs.com"),
        new("{prefix}.oss-{region}.aliyuncs.com"),
    ];

    /// <summary>RAM actions of what is served.</summary>
    public static IReadOnlyList<string> RamActions { get; } =
    [
        "oss:ListBuckets",
        "oss:PutBucket",
        "oss:DeleteBucket",
        "oss:GetBucketInfo",
        "oss:GetBucketLogging",
        "oss:PutBucketLogging",
        "oss:DeleteBucketLogging",
        "oss:GetBucketTagging",
        "oss:PutBucketTagging",
        "oss:DeleteBucketTagging",
        "oss:PutObject",
        "oss:GetObject",
        "oss:ListObjects",
    ];

    public bool Accepts(string host, string path) => Array.Exists(Hosts, pattern => pattern.TryMatch(host, out _));

    public async Task<CloudResponse> HandleAsync(CloudRequest request, CancellationToken cancel)
    {
        HostMatch host = default;
        _ = Array.Exists(Hosts, pattern => pattern.TryMatch(request.Host, out host));
        var action = ActionOf(request, host.Prefix);
        Caller? caller = null;
        CloudError? refusal = null;
        CloudResponse response;
        try
        {
            caller = OssAuthentication.Authenticate(request, host.Prefix);
            await request.EnterAsync(caller, "Oss", action?.Name ?? "", action?.IsWrite ?? false, cancel);
            if (action is not { } known)
            {
                throw new CloudError(
                    501,
                    "NotImplemented",
                    $"LocalCloud has no operation of OSS at {request.Method} {request.Path}?{request.RawQuery}"
                );
            }
            lock (cloud.Gate)
            {
                Demand(caller, known.Name, host.Prefix + request.Path.TrimEnd('/'));
                response = oss.Serve(known.Name, new OssCall(request, caller, host.Prefix, host.Region));
            }
        }
        catch (CloudError error)
        {
            request.Trace.ErrorCode = error.Code;
            refusal = error;
            response = Refuse(request, error);
        }
        // What happens to objects is no management event.
        if (caller is not null && action is { } done && !Oss.IsAboutObjects(done.Name))
        {
            Publish(request, caller, host, done, refusal);
        }
        return response.With("x-oss-request-id", RequestId(request)).With("x-oss-server-time", "1");
    }

    private static (string Name, bool IsWrite)? ActionOf(CloudRequest request, string bucket)
    {
        bool Has(string name) => request.QueryValue(name) is not null;
        if (request.Path is not ("/" or ""))
        {
            return bucket.Length > 0 && request.RawQuery.Length == 0
                ? request.Method switch
                {
                    "PUT" => ("PutObject", true),
                    "GET" => ("GetObject", false),
                    _ => null,
                }
                : null;
        }
        if (bucket.Length == 0)
        {
            return request.Method is "GET" ? ("ListBuckets", false) : null;
        }
        return (request.Method, Has("logging"), Has("tagging"), Has("bucketInfo")) switch
        {
            ("GET", true, _, _) => ("GetBucketLogging", false),
            ("PUT", true, _, _) => ("PutBucketLogging", true),
            ("DELETE", true, _, _) => ("DeleteBucketLogging", true),
            ("GET", _, true, _) => ("GetBucketTagging", false),
            ("PUT", _, true, _) => ("PutBucketTagging", true),
            ("DELETE", _, true, _) => ("DeleteBucketTagging", true),
            ("GET", _, _, true) => ("GetBucketInfo", false),
            ("PUT", _, _, _) when request.RawQuery.Length == 0 => ("PutBucket", true),
            ("GET", _, _, _) when request.Query.All(one => Oss.ListParameters.Contains(one.Name)) => (
                "ListObjects",
                false
            ),
            ("DELETE", _, _, _) when request.RawQuery.Length == 0 => ("DeleteBucket", true),
            _ => null,
        };
    }

    private void Demand(Caller caller, string action, string bucket)
    {
        var decision = cloud.Ram.Decide(
            caller,
            $"oss:{action}",
            $"acs:oss:*:{caller.Account.Id}:{(bucket.Length == 0 ? "*" : bucket)}"
        );
        if (!decision.Allowed)
        {
            throw new CloudError(
                403,
                "AccessDenied",
                $"You have no right to access this object because of bucket acl. {decision.Why}"
            )
            {
                Denied = decision.Denied,
            };
        }
    }

    private void Publish(
        CloudRequest request,
        Caller caller,
        HostMatch host,
        (string Name, bool IsWrite) action,
        CloudError? refusal
    ) =>
        cloud.Events.Publish(
            new ApiEvent
            {
                Time = cloud.Clock.GetUtcNow(),
                RequestId = RequestId(request),
                Caller = caller,
                AccountId = caller.Account.Id,
                Region = host.Region,
                Product = "Oss",
                Version = "2019-05-17",
                Action = action.Name,
                IsWrite = action.IsWrite,
                Host = request.Host,
                SourceIp = request.SourceIp,
                UserAgent = request.Header("User-Agent") ?? "",
                Request = [],
                Response = null,
                ErrorCode = refusal?.Code ?? "",
                ErrorMessage = refusal?.Message ?? "",
                Resources = host.Prefix.Length > 0 ? [("ACS::OSS::Bucket", host.Prefix)] : [],
            }
        );

    private static CloudResponse Refuse(CloudRequest request, CloudError error) =>
        CloudResponse.Xml(
            OssXml.Text(
                new XElement(
                    "Error",
                    new XElement("Code", error.Code),
                    new XElement("Message", error.Message),
                    new XElement("RequestId", RequestId(request)),
                    new XElement("HostId", request.Host),
                    new XElement("EC", error.Headers.FirstOrDefault(h => h.Key is "x-oss-ec").Value ?? "")
                )
            ),
            error.Status
        ) with
        {
            Headers = error.Headers,
        };

    private static string RequestId(CloudRequest request) =>
        request.RequestId.Replace("-", "", StringComparison.Ordinal)[..24];
}

/// <summary>An authenticated call of OSS.</summary>
internal sealed record OssCall(CloudRequest Request, Caller Caller, string Bucket, string Region);

/// <summary>XML of OSS.</summary>
internal static class OssXml
{
    public static string Text(XElement root) =>
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + root.ToString(SaveOptions.DisableFormatting);

    /// <summary>The body as XML.</summary>
    /// <exception cref="CloudError">400 <c>MalformedXML</c>.</exception>
    public static XElement Read(CloudRequest request)
    {
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(Encoding.UTF8.GetString(request.Body.Span)),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit }
            );
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            throw new CloudError(
                400,
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema."
            );
        }
    }

    public static string Iso(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.000Z", CultureInfo.InvariantCulture);
}
