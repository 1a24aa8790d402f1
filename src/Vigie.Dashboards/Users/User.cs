namespace Vigie.Dashboards;

/// <summary>Somebody who may sign in.</summary>
/// <param name="MustChangePassword">True until the password that came with the installation is replaced; nothing else is allowed until then.</param>
public sealed record User(int Id, string Login, string Role, bool MustChangePassword);
