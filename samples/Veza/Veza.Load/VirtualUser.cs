using System.Net;
using System.Net.Http.Json;

namespace Veza.Load;

/// <summary>One of the users that veza-load plays.</summary>
sealed class VirtualUser(string name, string address)
{
    const string Password = "correct horse battery staple";

    int _isSigningIn;

    public string Name { get; } = name;

    /// <summary>The address it pretends to come from, so that rate limits see many clients.</summary>
    public string Address { get; } = address;

    public int Id { get; private set; }

    public string? Token { get; private set; }

    /// <summary>Registers if it has not yet, and logs in. False when a service does not answer as it should, or this is going on already.</summary>
    public async Task<bool> SignInAsync(Services services, string method, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isSigningIn, 1) == 1) return false;
        try
        {
            if (Id == 0)
            {
                var profile = await services.PostAsync<Profile>(services.Backend, "/api/users", this, new { Name, Password }, cancellationToken);
                if (profile is null) return false;
                Id = profile.Id;
            }
            using var response = await services.CallAsync(HttpMethod.Post, services.Backend, "/api/login", this,
                JsonContent.Create(new { Name, Password, Method = method }), cancellationToken);
            if (response?.StatusCode == HttpStatusCode.Unauthorized) Id = 0; // the service has started anew and knows nobody
            if (response?.IsSuccessStatusCode != true) return false;
            Token = (await response.Content.ReadFromJsonAsync<Login>(cancellationToken))?.Token;
            return Token is not null;
        }
        finally
        {
            Volatile.Write(ref _isSigningIn, 0);
        }
    }

    public async Task SignOutAsync(Services services, CancellationToken cancellationToken)
    {
        await services.SendAsync(HttpMethod.Post, services.Backend, "/api/logout", this, null, cancellationToken);
        Token = null;
    }

    sealed record Profile(int Id);

    sealed record Login(string Token);
}
