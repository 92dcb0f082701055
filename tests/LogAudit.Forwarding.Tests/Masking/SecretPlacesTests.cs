using System.Text;

namespace LogAudit.Forwarding.Tests.Masking;

public sealed class SecretPlacesTests
{
    private static readonly string[] Beginnings =
    [
        "secr",
        "TOKE",
        "Pass",
        "pwd",
        "priv",
        "plai",
        "auth",
        "sign",
        "cred",
        "cook",
        "fied",
        "\\u00",
    ];

    [Fact]
    public void MayBeIn_finds_every_field_that_holds_a_beginning_wherever_it_stands()
    {
        var random = new Random(20261126);
        for (var round = 0; round < 3_000; round++)
        {
            // Longer than 64 parts now and then, so that part numbers come round.
            var fields = Enumerable.Range(0, random.Next(1, 40)).Select(_ => Field(random)).ToList();
            var (before, record) = (new string('x', random.Next(100)), string.Concat(fields));
            var body = Encoding.ASCII.GetBytes(before + record + "secret of another record");

            var places = SecretPlaces.In(body, body.AsSpan(before.Length, record.Length));

            var at = before.Length;
            foreach (var field in fields)
            {
                if (Array.Exists(Beginnings, one => field.Contains(one, StringComparison.OrdinalIgnoreCase)))
                {
                    Assert.True(places.MayBeIn(body, body.AsSpan(at, field.Length)), $"{field} in round {round}");
                }

                at += field.Length;
            }

            Assert.Equal(
                Array.Exists(Beginnings, one => record.Contains(one, StringComparison.OrdinalIgnoreCase)),
                places.Any
            );
        }
    }

    [Fact]
    public void MayBeIn_clears_fields_far_from_a_beginning_and_suspects_what_stands_elsewhere()
    {
        var body = Encoding.ASCII.GetBytes($"{new string('x', 100)}password{new string('x', 100)}");

        var places = SecretPlaces.In(body, body);

        Assert.False(places.MayBeIn(body, body.AsSpan(0, 64)));
        Assert.True(places.MayBeIn(body, body.AsSpan(100, 8)));
        Assert.False(places.MayBeIn(body, body.AsSpan(140, 60)));
        Assert.True(places.MayBeIn(body, "a copy"u8.ToArray()));
        Assert.True(SecretPlaces.Everywhere.MayBeIn(body, body.AsSpan(0, 1)));
        Assert.False(SecretPlaces.In(body, body.AsSpan(0, 64)).Any);
    }

    // No letter of the filler is one of a beginning, so that none comes about where two fields meet.
    private static string Field(Random random)
    {
        var filler = new string('x', random.Next(120));
        return random.Next(6) == 0
            ? filler.Insert(random.Next(filler.Length + 1), Beginnings[random.Next(Beginnings.Length)])
            : filler + "x";
    }
}
