using System.Globalization;
using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace LogAudit.Hosting.Tests.Settings;

public sealed class SettingsSchemaTests
{
    private const string Central = "central: { account: '1000000000000001', region: cn-hangzhou }";

    public static TheoryData<string> Good() =>
        [
            Central,
            $"{Central}\naccounts:\nregions: []\ncollect: {{}}\ndestinations: []",
            $"{Central}\naccounts: {{ mode: central }}",
            $"{Central}\naccounts: {{ mode: directory, members: ['2'] }}",
            $"{Central}\naccounts: {{ mode: list, members: [2, '3'], memberRole: a.b-c, externalId: a@b }}",
            $"{Central}\nregions: [cn-hangzhou]\ncompliance: cis",
            $"{Central}\ncollect: {{ rds_enabled: true, rds_ttl: 365, rds_audit_collection_policy: 'accept \"*\"' }}",
            $"{Central}\ncollect: {{ rds_enabled: 'false' }}",
            $"{Central}\ndestinations: [{{ name: soc, sink: syslog, format: rfc5424 }}]",
            $"{Central}\ndestinations: [{{ name: soc, sink: webhook, format: json, products: [rds], options: {{ secret: 'env:X', n: 1, b: true }} }}]",
            $"{Central}\ndestinations: [{{ name: soc, sink: syslog, format: rfc5424, lossy: true }}]",
            $"{Central}\ncanary: {{}}",
            $"{Central}\ncanary: {{ intervalSeconds: 10, silenceSeconds: 20 }}",
            "central: { account: 1000000000000001, region: cn-hangzhou, project: my-project, trail: my-trail }",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: labels.a, b.c: {{ source.ip: ip, labels.b: text }}, d: {{}} }} }}, rds: }}",
            $"{Central}\nmappings: {{ rds: {{ slow: {{ when: {{ '@timestamp': unixMillis }} }} }} }}",
        ];

    public static TheoryData<string> Bad() =>
        [
            "",
            "a: b",
            "central: x",
            "central: { account: '1' }",
            "central: { region: cn-hangzhou }",
            "central: { account: '1a', region: cn-hangzhou }",
            "central: { account: '1', region: CN }",
            "central: { account: '1', region: cn-hangzhou, project: slsaudit-center-1 }",
            "central: { account: '1', region: cn-hangzhou, project: A }",
            "central: { account: '1', region: cn-hangzhou, trail: short }",
            "central: { account: '1', region: cn-hangzhou, more: x }",
            $"{Central}\ncanary: true",
            $"{Central}\ncanary: {{ intervalSeconds: 9 }}",
            $"{Central}\ncanary: {{ silenceSeconds: 86401 }}",
            $"{Central}\ncanary: {{ every: 60 }}",
            $"{Central}\naccounts: {{ members: ['2'] }}",
            $"{Central}\naccounts: {{ mode: all }}",
            $"{Central}\naccounts: {{ mode: list }}",
            $"{Central}\naccounts: {{ mode: list, members: [] }}",
            $"{Central}\naccounts: {{ mode: central, members: ['2'] }}",
            $"{Central}\naccounts: {{ mode: directory, members: ['2', '2'] }}",
            $"{Central}\naccounts: {{ mode: directory, memberRole: 'a b' }}",
            $"{Central}\naccounts: {{ mode: directory, externalId: 'x' }}",
            $"{Central}\nregions: cn-hangzhou",
            $"{Central}\nregions: [1]",
            $"{Central}\nregions: [cn-a, cn-a]",
            $"{Central}\ncompliance: iso",
            $"{Central}\ncollect: {{ rds_enabled: yes }}",
            $"{Central}\ncollect: {{ rds_ttl: 0 }}",
            $"{Central}\ncollect: {{ rds_ttl: 3651 }}",
            $"{Central}\ncollect: {{ nope: 1 }}",
            $"{Central}\ncollect: [rds_enabled]",
            $"{Central}\nmappings: [slb]",
            $"{Central}\nmappings: {{ nope: {{ access: {{ a: labels.a }} }} }}",
            $"{Central}\nmappings: {{ slb: access }}",
            $"{Central}\nmappings: {{ slb: {{ access: [a] }} }}",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: }} }} }}",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: [labels.a] }} }} }}",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: Labels.a }} }} }}",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: event.id }} }} }}",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: aliyun.slb.a }} }} }}",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: '@timestamp' }} }} }}",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: {{ '@timestamp': text }} }} }} }}",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: {{ labels.a: number }} }} }} }}",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: {{ labels.a: [integer] }} }} }} }}",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: {{ cloud.provider: text }} }} }} }}",
            $"{Central}\nmappings: {{ slb: {{ access: {{ a: a.b.c.d.e.f.g.h.i }} }} }}",
            $"{Central}\ndestinations: {{ name: soc }}",
            $"{Central}\ndestinations: [{{ name: soc, sink: syslog }}]",
            $"{Central}\ndestinations: [{{ name: SOC, sink: syslog, format: json }}]",
            $"{Central}\ndestinations: [{{ name: soc, sink: pigeon, format: json }}]",
            $"{Central}\ndestinations: [{{ name: soc, sink: syslog, format: xml }}]",
            $"{Central}\ndestinations: [{{ name: soc, sink: syslog, format: json, products: [nope] }}]",
            $"{Central}\ndestinations: [{{ name: soc, sink: syslog, format: json, lossy: perhaps }}]",
            $"{Central}\ndestinations: [{{ name: soc, sink: syslog, format: json, options: {{ token: abc }} }}]",
            $"{Central}\ndestinations: [{{ name: soc, sink: syslog, format: json, options: {{ a: [1] }} }}]",
        ];

    [Theory]
    [MemberData(nameof(Good))]
    public async Task A_good_file_pleases_the_schema_and_the_loader(string text)
    {
        Assert.Empty(await BySchema(text));
        Assert.Empty(ByLoader(text));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_file_is_refused_by_the_schema_and_the_loader(string text)
    {
        Assert.NotEmpty(await BySchema(text));
        Assert.NotEmpty(ByLoader(text));
    }

    private static async Task<IEnumerable<string>> BySchema(string text)
    {
        var schema = await JsonSchema.FromJsonAsync(SettingsSchema.Text(Known.All));
        var json = YamlTree.Read(text) is { } part ? Json(part) : JValue.CreateNull();
        return schema.Validate(json).Select(error => error.ToString());
    }

    private static IReadOnlyList<SettingsError> ByLoader(string text)
    {
        try
        {
            SettingsFile.Load(text, "logaudit.yaml", Known.All, []);
            return [];
        }
        catch (SettingsException failure)
        {
            return failure.Errors;
        }
    }

    // The core schema of YAML 1.2, as editors read a file.
    private static JToken Json(YamlPart part) =>
        part switch
        {
            YamlMap map => new JObject(map.Entries.Select(entry => new JProperty(entry.Key, Json(entry.Value)))),
            YamlList list => new JArray(list.Items.Select(Json)),
            YamlText { IsNothing: true } => JValue.CreateNull(),
            YamlText { Plain: true, Text: "true" or "false" } text => new JValue(text.Text == "true"),
            YamlText { Plain: true } text
                when long.TryParse(
                    text.Text,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var number
                ) => new JValue(number),
            YamlText text => new JValue(text.Text),
            _ => throw new InvalidOperationException(),
        };
}
