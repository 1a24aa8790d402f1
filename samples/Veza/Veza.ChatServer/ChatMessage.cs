namespace Veza.ChatServer;

/// <summary>A message as it is stored and sent.</summary>
public sealed record ChatMessage(string Room, string User, string Text, long TimestampMs);
