namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>The request that asked a query, for the query log.</summary>
/// <param name="Query">The text as it was sent.</param>
sealed record HttpQueryOrigin(string Query, string ClientIp, string Method, string Path);
