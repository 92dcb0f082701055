namespace LogAudit.LocalCloud.Kernel;

/// <summary>Proves who signed a request of the OpenAPI gateway.</summary>
internal sealed class ApiAuthentication(Cloud cloud)
{
    /// <exception cref="CloudError">The documented refusal of a key, token, time, nonce or signature.</exception>
    public Caller Authenticate(CloudRequest request, ApiMessage message)
    {
        var signed = message.Scheme switch
        {
            ApiScheme.Acs3 => Acs3Signature.Read(request),
            ApiScheme.RoaV1 => RoaV1Signature.Read(request),
            _ => RpcV1Signature.Read(request, message),
        };
        var key =
            cloud.Keys.Find(signed.AccessKeyId)
            ?? throw new CloudError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
        if (!key.Active)
        {
            throw new CloudError(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.");
        }
        if (Signatures.IsSkewed(cloud, signed.Time))
        {
            throw new CloudError(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
        }
        CheckToken(key, signed.SecurityToken);
        var (expected, stringToSign) = signed.Compute(key.Secret);
        if (!Signatures.Same(expected, signed.Signature))
        {
            throw new CloudError(
                400,
                "SignatureDoesNotMatch",
                $"Specified signature does not match our calculation. server string to sign is:{stringToSign}"
            );
        }
        if (!cloud.Nonces.TryUse(key.Id, signed.Nonce, cloud.Clock.GetUtcNow()))
        {
            throw new CloudError(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
        }
        return Caller.Of(key, request.SourceIp, request.Secure);
    }

    private void CheckToken(AccessKey key, string? token)
    {
        if (key.Session is not { } session)
        {
            return;
        }
        if (string.IsNullOrEmpty(token))
        {
            throw new CloudError(400, "MissingSecurityToken", "SecurityToken is mandatory for this action.");
        }
        if (!Signatures.Same(session.Token, token))
        {
            throw new CloudError(
                400,
                "InvalidSecurityToken.MismatchWithAccessKey",
                "Specified SecurityToken mismatch with the AccessKey."
            );
        }
        if (cloud.Clock.GetUtcNow() >= session.ExpiresAt)
        {
            throw new CloudError(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.");
        }
    }
}

/// <summary>What a signed request says about its signature, and how to compute it again.</summary>
internal sealed record SignedRequest(
    string AccessKeyId,
    string? SecurityToken,
    DateTimeOffset Time,
    string Nonce,
    string Signature,
    Func<string, (string Signature, string StringToSign)> Compute
);
