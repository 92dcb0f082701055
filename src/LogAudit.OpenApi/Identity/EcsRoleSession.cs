namespace LogAudit.OpenApi;

/// <summary>The role of the ECS instance on which the process runs, by its metadata service in the mode that needs a token.</summary>
/// <param name="role">Name of the role.</param>
internal sealed class EcsRoleSession(string role) : ISessionSource
{
    private static readonly Uri Service = new("http://100.100.100.200/latest/");

    public string Name => $"the metadata service of ECS, asked for the role {role},";

    public async Task<Credentials> AskAsync(HttpClient http, CancellationToken cancel)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Put, new Uri(Service, "api/token"));
        ask.Headers.Add("X-aliyun-ecs-metadata-token-ttl-seconds", "21600");
        using var answer = await http.SendAsync(ask, cancel);
        answer.EnsureSuccessStatusCode();
        var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(Service, $"meta-data/ram/security-credentials/{Uri.EscapeDataString(role)}")
        );
        request.Headers.Add("X-aliyun-ecs-metadata-token", await answer.Content.ReadAsStringAsync(cancel));
        return await SessionAnswer.AskAsync(http, request, member: null, cancel);
    }
}

/// <summary>A session that a helper beside the process gives out.</summary>
/// <param name="address">Where.</param>
internal sealed class UriSession(Uri address) : ISessionSource
{
    public string Name => address.GetLeftPart(UriPartial.Path);

    public Task<Credentials> AskAsync(HttpClient http, CancellationToken cancel) =>
        SessionAnswer.AskAsync(http, new HttpRequestMessage(HttpMethod.Get, address), member: null, cancel);
}
