using Newtonsoft.Json.Linq;

namespace LogAudit.OpenApi;

/// <summary>Secrets of Key Management Service, in the central account and region.</summary>
/// <remarks>Source: Kms 2016-01-20, GetSecretValue; answer fields <c>SecretData</c> and <c>SecretDataType</c> (<c>text</c> or <c>binary</c>).</remarks>
public sealed class KmsSecrets(OpenApiClient api, Settings settings) : ISecretStore
{
    /// <inheritdoc/>
    /// <exception cref="OpenApiException">The call failed, or the secret is not a text.</exception>
    public async Task<Secret> ReadAsync(string name, CancellationToken cancel)
    {
        var call = new ApiCall
        {
            Product = ApiProducts.Kms,
            Action = "GetSecretValue",
            Account = settings.Central.Account,
            Region = settings.Central.Region,
            Parameters = ApiParameters.None.With("SecretName", name).With("VersionStage", "ACSCurrent"),
        };
        var answer = await api.CallAsync(call, cancel);
        return
            answer["SecretDataType"]?.Value<string>() is "text"
            && answer["SecretData"]?.Value<string>() is { Length: > 0 } data
            ? new Secret(data)
            : throw new OpenApiException(
                new ApiFailure
                {
                    Product = call.Product.Code,
                    Action = call.Action,
                    Account = call.Account,
                    Region = call.Region,
                    Code = ClientErrorCodes.UnreadableAnswer,
                    Status = 200,
                    Message = $"the secret '{name}' is not a text; store it as SecretDataType text",
                }
            );
    }
}
