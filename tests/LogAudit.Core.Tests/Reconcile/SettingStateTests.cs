using FsCheck;
using FsCheck.Xunit;

namespace LogAudit.Core.Tests.Reconcile;

public sealed class SettingStateTests
{
    [Fact]
    public void Equality_is_by_members_whatever_their_order()
    {
        var one = SettingState.Of(("project", "p"), ("logstore", "s"));
        var two = SettingState.Of(("logstore", "s"), ("project", "p"));

        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.Equal("logstore=s project=p", one.ToString());
    }

    [Fact]
    public void An_absent_setting_is_not_an_empty_state() => Assert.False(SettingState.Of().Equals(null));

    [Property]
    public void With_sets_one_member_and_keeps_the_rest(
        IDictionary<string, string> members,
        NonNull<string> key,
        NonNull<string> value
    )
    {
        var before = new SettingState(members);

        var after = before.With(key.Get, value.Get);

        Assert.Equal(value.Get, after[key.Get]);
        Assert.All(
            members.Where(member => member.Key != key.Get),
            member => Assert.Equal(member.Value, after[member.Key])
        );
        Assert.Equal(new SettingState(members), before);
    }
}
