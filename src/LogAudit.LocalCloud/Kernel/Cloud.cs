using System.Collections.Concurrent;
using System.Globalization;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>The whole state of a LocalCloud and the way to everything in it.</summary>
public sealed class Cloud : IAsyncDisposable
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";

    private readonly Lock _randomGate = new();
    private readonly Random _random;
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    internal Cloud(LocalCloudOptions options)
    {
        Clock = options.Clock;
        Sql = options.Sql;
        _random = new Random(options.Seed);
        Delays = new Delays(options.DelayScale);
        Faults = new Faults(this, options.Seed);
        Keys = new Keyring(this);
        Ram = new RamEvaluator(this);
        Trust = new TrustEvaluator(this);
        Api = new ApiRegistry(this);
        Background = new BackgroundWork(options.Clock);
        Control = new ControlPlane(this);
        Gateways.Add(Control);
        Gateways.Add(new ApiGateway(this));
    }

    /// <summary>
    /// Guards accounts and the state of products. The RPC/ROA gateway runs every action inside it, so that a product needs
    /// no lock of its own; background work takes it. SLS has its own locks and never calls a product while holding one.
    /// </summary>
    internal Lock Gate { get; } = new();

    internal TimeProvider Clock { get; }
    internal ISqlEngine? Sql { get; }
    internal Delays Delays { get; }
    internal Faults Faults { get; }
    internal Keyring Keys { get; }
    internal Nonces Nonces { get; } = new();
    internal RamEvaluator Ram { get; }
    internal TrustEvaluator Trust { get; }
    internal RequestLog Requests { get; } = new();
    internal ServiceRegistry Services { get; } = new();
    internal ApiRegistry Api { get; }
    internal ApiEvents Events { get; } = new();
    internal BackgroundWork Background { get; }
    internal ControlPlane Control { get; }

    /// <summary>Front doors in the order in which they are asked.</summary>
    internal List<IGateway> Gateways { get; } = [];

    internal IReadOnlyCollection<Account> Accounts =>
        [.. _accounts.Values.OrderBy(account => account.Id, StringComparer.Ordinal)];

    internal Account AddAccount(string id, string name)
    {
        var account = new Account(id, name, this);
        return _accounts.TryAdd(id, account)
            ? account
            : throw new InvalidOperationException($"Account {id} exists already.");
    }

    internal Account? FindAccount(string id) => _accounts.GetValueOrDefault(id);

    /// <summary>The role of an ARN <c>acs:ram::{uid}:role/{name}</c>; null when there is none.</summary>
    internal RamRole? FindRole(string arn)
    {
        var parts = arn.Split(':', 5);
        return
            parts is ["acs", "ram", _, var uid, var rest]
            && rest.StartsWith("role/", StringComparison.Ordinal)
            && FindAccount(uid) is { } account
            ? account.Roles.GetValueOrDefault(rest["role/".Length..])
            : null;
    }

    /// <summary>A random number below the bound, by the seed of the cloud.</summary>
    internal int Next(int bound)
    {
        lock (_randomGate)
        {
            return _random.Next(bound);
        }
    }

    /// <summary>Random letters and digits.</summary>
    internal string NextText(int length) =>
        string.Create(length, this, static (span, cloud) => Fill(span, cloud, Letters));

    /// <summary>Random lower-case hex digits.</summary>
    internal string NextHex(int length) =>
        string.Create(length, this, static (span, cloud) => Fill(span, cloud, "0123456789abcdef"));

    /// <summary>A random decimal id after the prefix <c>3</c>, as RAM ids have.</summary>
    internal string NextId(int digits) =>
        "3" + string.Create(digits, this, static (span, cloud) => Fill(span, cloud, "0123456789"));

    /// <summary>A request id in the form of a UUID in upper case.</summary>
    internal string NextUuid()
    {
        var hex = NextHex(32).ToUpper(CultureInfo.InvariantCulture);
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Background.DisposeAsync();

    private static void Fill(Span<char> span, Cloud cloud, string alphabet)
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = alphabet[cloud.Next(alphabet.Length)];
        }
    }
}
