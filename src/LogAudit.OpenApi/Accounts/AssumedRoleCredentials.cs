using Microsoft.Extensions.Logging;
using Newtonsoft.Json.Linq;

namespace LogAudit.OpenApi;

/// <summary>A session of the member role, renewed 15 minutes before it ends, by one caller at a time; an old session that is still valid goes on when renewal fails.</summary>
/// <remarks>A refused AssumeRole is remembered for the invocation that saw it, at most five minutes: a broken trust policy is asked about once, not once per call.</remarks>
#pragma warning disable CA1001 // A semaphore without wait handle holds nothing to dispose of.
internal sealed partial class AssumedRoleCredentials(
    MemberAccess access,
    AccountId account,
    OpenApiClient sts,
    TimeProvider time,
    CurrentInvocation invocation,
    ILogger logger
) : ICredentialSource
#pragma warning restore CA1001
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RefusedFor = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile Session? session;
    private volatile Refusal? refusal;

    private string RoleArn => $"acs:ram::{account}:role/{access.MemberRole}";

    /// <inheritdoc/>
    public async ValueTask<Credentials> GetAsync(CancellationToken cancel)
    {
        if (session is { } fresh && time.GetUtcNow() < fresh.RenewAt)
        {
            return fresh.Credentials;
        }

        await turn.WaitAsync(cancel);
        try
        {
            var now = time.GetUtcNow();
            if (session is { } renewed && now < renewed.RenewAt)
            {
                return renewed.Credentials;
            }

            ThrowIfRefused(now);
            return await RenewAsync(now, cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Credentials> RenewAsync(DateTimeOffset now, CancellationToken cancel)
    {
        try
        {
            var credentials = await AssumeAsync(cancel);
            session = new(credentials, credentials.Expires!.Value - RenewBefore);
            refusal = null;
            return credentials;
        }
        catch (OpenApiException failure)
        {
            if (session is { } old && now + Margin < old.Credentials.Expires)
            {
                LogKept(RoleArn, failure.Code);
                session = old with { RenewAt = now + Margin };
                return old.Credentials;
            }

            var named = Explain(failure);
            if (named.IsDenied || named.IsNotFound)
            {
                refusal = new(named, invocation.Value, now + RefusedFor);
            }

            throw named;
        }
    }

    private async Task<Credentials> AssumeAsync(CancellationToken cancel)
    {
        var answer = await sts.CallAsync(
            new ApiCall
            {
                Product = ApiProducts.Sts,
                Action = "AssumeRole",
                Account = account,
                Region = access.Region,
                Parameters = ApiParameters.Of(
                    ("RoleArn", RoleArn),
                    ("RoleSessionName", MemberAccess.SessionName),
                    ("DurationSeconds", "3600"),
                    ("ExternalId", access.ExternalId)
                ),
            },
            cancel
        );
        return (answer["Credentials"] is JObject given ? SessionAnswer.Read(given) : null)
            ?? throw new OpenApiException(
                new ApiFailure
                {
                    Product = ApiProducts.Sts.Code,
                    Action = "AssumeRole",
                    Account = account,
                    Region = access.Region,
                    Code = ClientErrorCodes.UnreadableAnswer,
                    Status = 200,
                    Message = "the answer has no complete Credentials",
                }
            );
    }

    private OpenApiException Explain(OpenApiException failure) =>
        new(
            failure.Failure with
            {
                Check =
                    $"Check that the role {RoleArn} exists and that its trust policy names the identity of account {access.Central}"
                    + (access.ExternalId is null ? "." : " with the external id of the settings."),
            },
            failure.InnerException
        );

    private void ThrowIfRefused(DateTimeOffset now)
    {
        if (refusal is { } told && ReferenceEquals(told.In, invocation.Value) && now < told.Until)
        {
            throw new OpenApiException(told.Failure.Failure);
        }
    }

    private sealed record Session(Credentials Credentials, DateTimeOffset RenewAt);

    private sealed record Refusal(OpenApiException Failure, InvocationContext In, DateTimeOffset Until);

    [LoggerMessage(
        2010,
        LogLevel.Warning,
        "The session of {RoleArn} could not be renewed ({Code}); the present one is used while it is valid."
    )]
    private partial void LogKept(string roleArn, string code);
}
