using Vigie.Configuration;
using Vigie.Server.Access;

namespace Vigie.Server.Tests.Access;

public sealed class PasswordCheckTests : IDisposable
{
    /// <summary>Of "fakepassword", cost 4.</summary>
    static readonly string s_hash = BCrypt.Net.BCrypt.HashPassword("fakepassword", 4), s_costly = BCrypt.Net.BCrypt.HashPassword("other", 5);

    readonly Dictionary<string, Secret> _users = new() { ["alice"] = new Secret(s_hash), ["bob"] = new Secret(s_costly) };
    readonly List<(string Password, string Hash)> _compared = [];
    readonly PasswordCheck _check;

    public PasswordCheckTests() => _check = new PasswordCheck((password, hash) =>
    {
        _compared.Add((password, hash));
        return BCrypt.Net.BCrypt.Verify(password, hash);
    });

    public void Dispose() => _check.Dispose();

    [Theory]
    [InlineData("alice", "fakepassword", true)]
    [InlineData("alice", "Fakepassword", false)]
    [InlineData("alice", "", false)]
    [InlineData("bob", "fakepassword", false)]
    [InlineData("carol", "fakepassword", false)]
    [InlineData("", "", false)]
    public async Task IsRight_ComparesOnce_ThenRemembers(string user, string password, bool expected)
    {
        for (int i = 0; i < 3; i++) Assert.Equal(expected, await IsRightAsync(user, password));
        Assert.Single(_compared);
    }

    /// <summary>A hash as other programs write them: versions $2y$ (htpasswd) and $2a$, of "fakepassword".</summary>
    [Theory]
    [InlineData("$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi")]
    [InlineData("$2a$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi")]
    [InlineData("$2b$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi")]
    public async Task IsRight_HashOfAnotherProgram_Fits(string hash)
    {
        using var check = new PasswordCheck();
        var users = new Dictionary<string, Secret> { ["a"] = new Secret(hash) };
        Assert.True(await check.IsRightAsync(users, new BasicCredentials("a", "fakepassword"), CancellationToken.None));
        Assert.False(await check.IsRightAsync(users, new BasicCredentials("a", new string('x', 200)), CancellationToken.None));
    }

    [Fact]
    public async Task IsRight_UnknownUser_CostsAComparisonWithTheCostliestHash()
    {
        Assert.False(await IsRightAsync("carol", "other"));
        Assert.Equal(("other", s_costly), Assert.Single(_compared));
    }

    [Fact]
    public async Task IsRight_UserRemovedOrHashReplaced_IsNotRemembered()
    {
        Assert.True(await IsRightAsync("bob", "other"));
        _users["bob"] = new Secret(s_hash);
        Assert.False(await IsRightAsync("bob", "other"));
        _users.Remove("bob");
        Assert.False(await IsRightAsync("bob", "fakepassword"));
        _users["bob"] = new Secret(s_costly);
        Assert.True(await IsRightAsync("bob", "other"));
    }

    [Fact]
    public async Task IsRight_ManyGuesses_DoNotPushOutWhatIsRight_AndAreForgotten()
    {
        Assert.True(await IsRightAsync("alice", "fakepassword"));
        for (int i = 0; i <= 100; i++) Assert.False(await IsRightAsync("alice", $"guess {i}"));
        _compared.Clear();
        Assert.True(await IsRightAsync("alice", "fakepassword"));
        Assert.Empty(_compared);
        Assert.False(await IsRightAsync("alice", "guess 0"));
        Assert.Single(_compared);
    }

    [Fact]
    public async Task IsRight_SameTextSplitOtherwise_IsAnotherQuestion()
    {
        var users = new Dictionary<string, Secret> { ["a"] = new Secret(s_hash), ["a:b"] = new Secret(s_hash) };
        Assert.False(await _check.IsRightAsync(users, new BasicCredentials("a", "b:fakepassword"), CancellationToken.None));
        Assert.True(await _check.IsRightAsync(users, new BasicCredentials("a:b", "fakepassword"), CancellationToken.None));
    }

    ValueTask<bool> IsRightAsync(string user, string password) => _check.IsRightAsync(_users, new BasicCredentials(user, password), CancellationToken.None);
}
