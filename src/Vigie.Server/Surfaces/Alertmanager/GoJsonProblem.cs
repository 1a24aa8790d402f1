using System.Text;
using System.Text.Json;

namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>Says of a text that is not JSON what Go's encoding/json says of it, since clients show these messages.</summary>
static class GoJsonProblem
{
    public static string Of(ReadOnlySpan<byte> text)
    {
        int at = ErrorIndex(text);
        if (at >= text.Length) return "unexpected EOF";
        string found = CharacterAt(text, at);
        if (LiteralProblem(text, at, found) is { } literal) return literal;
        int before = at - 1;
        while (before >= 0 && text[before] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') before--;
        string where = before < 0 ? "looking for beginning of value" : text[before] switch
        {
            (byte)'{' => "looking for beginning of object key string",
            (byte)',' when text[at] is not (byte)'"' && IsInObject(text[..before]) => "looking for beginning of object key string",
            (byte)'[' or (byte)',' or (byte)':' => "looking for beginning of value",
            _ when IsInObject(text[..at]) => "after object key:value pair",
            _ when Depth(text[..at]) > 0 => "after array element",
            _ => "after top-level value",
        };
        return $"invalid character {found} {where}";
    }

    /// <summary>Where System.Text.Json stops.</summary>
    static int ErrorIndex(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        try
        {
            while (reader.Read()) { }
            return text.Length;
        }
        catch (JsonException problem)
        {
            int at = 0;
            for (long line = problem.LineNumber ?? 0; line > 0 && at < text.Length; at++)
                if (text[at] == '\n') line--;
            return at + (int)(problem.BytePositionInLine ?? 0);
        }
    }

    /// <summary>Words that begin like <c>true</c>, <c>false</c> or <c>null</c> and go on differently.</summary>
    static string? LiteralProblem(ReadOnlySpan<byte> text, int at, string found)
    {
        int start = at;
        while (start > 0 && text[start - 1] is >= (byte)'a' and <= (byte)'z') start--;
        foreach (string literal in (ReadOnlySpan<string>)["null", "true", "false"])
        {
            if (text[start] != literal[0]) continue;
            int same = 0;
            while (same < literal.Length && start + same < text.Length && text[start + same] == literal[same]) same++;
            if (same == literal.Length) return null;
            return start + same == text.Length ? "unexpected EOF"
                : $"invalid character {CharacterAt(text, start + same)} in literal {literal} (expecting '{literal[same]}')";
        }
        return null;
    }

    static string CharacterAt(ReadOnlySpan<byte> text, int at)
    {
        Rune.DecodeFromUtf8(text[at..], out var rune, out _);
        return rune.Value switch { '\'' => "'\\''", '"' => "'\"'", '\n' => "'\\n'", '\t' => "'\\t'", _ => $"'{rune}'" };
    }

    static int Depth(ReadOnlySpan<byte> text) => Open(text).Count;

    static bool IsInObject(ReadOnlySpan<byte> text) => Open(text).TryPeek(out byte last) && last == '{';

    static Stack<byte> Open(ReadOnlySpan<byte> text)
    {
        var open = new Stack<byte>();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\') i++;
            else if (text[i] == '"') quoted = !quoted;
            else if (!quoted && text[i] is (byte)'{' or (byte)'[') open.Push(text[i]);
            else if (!quoted && text[i] is (byte)'}' or (byte)']') open.TryPop(out _);
        }
        return open;
    }
}
