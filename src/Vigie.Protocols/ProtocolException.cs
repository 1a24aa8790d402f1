namespace Vigie.Protocols;

/// <summary>Bytes that are not what their protocol says. The message tells the offset, what was found and what was expected.</summary>
public sealed class ProtocolException(string message) : Exception(message);
