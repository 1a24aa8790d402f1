using System.Text;
using Vigie.Testing;

namespace Vigie.Dashboards.Tests.Users;

public class UserStoreTests
{
    sealed class MemoryState : IUserState
    {
        public byte[]? Saved { get; private set; }
        public byte[]? Load() => Saved;
        public void Save(ReadOnlySpan<byte> utf8) => Saved = utf8.ToArray();
    }

    readonly MemoryState _state = new();
    readonly ManualTimeProvider _clock = new();

    UserStore Open() => new(_state, _clock, new UserStoreOptions { HashIterations = 1000 });

    [Fact]
    public void SignIn_FirstTime_MustChangePassword()
    {
        var users = Open();
        var signedIn = users.SignIn("admin", "admin", "client");
        Assert.True(signedIn.User!.MustChangePassword);
        Assert.Null(users.ChangePassword("admin", "admin", "correct horse", "client", signedIn.Token));
        Assert.False(users.FindBySession(signedIn.Token!)!.MustChangePassword);
        Assert.Equal(SignInOutcome.WrongCredentials, users.SignIn("admin", "admin", "client").Outcome);
    }

    [Fact]
    public void State_AfterRestart_KeepsPasswordAndSessionsButNoSecret()
    {
        var users = Open();
        var first = users.SignIn("admin", "admin", "client").Token!;
        users.ChangePassword("admin", "admin", "correct horse", "client", first);
        var again = Open();
        Assert.Equal("admin", again.FindBySession(first)?.Login);
        Assert.Equal(SignInOutcome.SignedIn, again.SignIn("admin", "correct horse", "client").Outcome);
        var saved = Encoding.UTF8.GetString(_state.Saved!);
        Assert.DoesNotContain("correct horse", saved, StringComparison.Ordinal);
        Assert.DoesNotContain(first, saved, StringComparison.Ordinal);
    }

    [Fact]
    public void ChangePassword_EndsOtherSessions()
    {
        var users = Open();
        var other = users.SignIn("admin", "admin", "client").Token!;
        var mine = users.SignIn("admin", "admin", "client").Token!;
        users.ChangePassword("admin", "admin", "correct horse", "client", mine);
        Assert.Null(users.FindBySession(other));
        Assert.NotNull(users.FindBySession(mine));
    }

    [Theory]
    [InlineData("wrong", "long enough", "old password is wrong")]
    [InlineData("admin", "short", "new password is too short, expected at least 8 characters")]
    [InlineData("admin", "admin", "new password is too short, expected at least 8 characters")]
    public void ChangePassword_Refused_SaysWhy(string old, string chosen, string problem) =>
        Assert.Equal(problem, Open().ChangePassword("admin", old, chosen, "client", null));

    [Fact]
    public void SignIn_FiveWrongPasswords_IsRefusedUntilTheWindowHasPassed()
    {
        var users = Open();
        for (var i = 0; i < 5; i++) Assert.Equal(SignInOutcome.WrongCredentials, users.SignIn("admin", "wrong", "client").Outcome);
        var refused = users.SignIn("admin", "admin", "elsewhere");
        Assert.Equal(SignInOutcome.TooManyAttempts, refused.Outcome);
        Assert.Equal(TimeSpan.FromMinutes(5), refused.RetryAfter);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(SignInOutcome.SignedIn, users.SignIn("admin", "admin", "client").Outcome);
    }

    [Fact]
    public void Sessions_EndBySignOutAndByAge()
    {
        var users = Open();
        var first = users.SignIn("admin", "admin", "client").Token!;
        var second = users.SignIn("admin", "admin", "client").Token!;
        users.SignOut(first);
        Assert.Null(users.FindBySession(first));
        Assert.NotNull(users.FindBySession(second));
        _clock.Advance(TimeSpan.FromDays(30));
        Assert.Null(users.FindBySession(second));
    }

    [Fact]
    public void State_Damaged_IsRefusedWithTheWayOut()
    {
        _state.Save("{\"version\":1"u8);
        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(Open).Message, StringComparison.Ordinal);
    }
}
