using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vigie.Dashboards;

/// <summary>The saved state: one JSON document. Sessions are kept as hashes of their secrets, so that the file opens no session.</summary>
sealed record UserDocument(int Version, IReadOnlyList<UserEntry> Users, IReadOnlyList<SessionEntry> Sessions)
{
    public const int CurrentVersion = 1;

    /// <exception cref="InvalidDataException">The document is damaged or from a newer version.</exception>
    public static UserDocument Read(byte[] utf8)
    {
        try
        {
            var document = JsonSerializer.Deserialize(utf8, UserDocumentJson.Default.UserDocument);
            if (document is { Version: CurrentVersion, Users: not null, Sessions: not null }) return document;
            throw new InvalidDataException($"user state has version {document?.Version}, expected {CurrentVersion}");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"user state is damaged at line {e.LineNumber + 1}; restore it, or remove it to begin with admin/admin", e);
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, UserDocumentJson.Default.UserDocument);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(UserDocument))]
sealed partial class UserDocumentJson : JsonSerializerContext;

sealed record UserEntry(int Id, string Login, string Role, string Password, bool MustChangePassword)
{
    /// <summary>In place of a hash: the password that came with the installation, which must be changed.</summary>
    public const string IsFirstPassword = "first";

    public User ToUser() => new(Id, Login, Role, MustChangePassword);
}

/// <param name="TokenHash">SHA-256 of the secret, hexadecimal.</param>
sealed record SessionEntry(string TokenHash, string Login, DateTimeOffset ExpiresAt);
