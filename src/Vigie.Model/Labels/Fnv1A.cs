namespace Vigie.Model;

/// <summary>The 64-bit FNV-1a hash (RFC 9923), as Prometheus' fingerprints use it. Text counts as UTF-8.</summary>
public static class Fnv1A
{
    public const ulong Start = 14695981039346656037;
    const ulong Prime = 1099511628211;

    public static ulong Add(ulong hash, byte value) => unchecked((hash ^ value) * Prime);

    public static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes) hash = unchecked((hash ^ b) * Prime);
        return hash;
    }

    public static ulong Add(ulong hash, string text)
    {
        int i = 0;
        for (; i < text.Length && text[i] < 0x80; i++) hash = unchecked((hash ^ text[i]) * Prime);
        if (i == text.Length) return hash;
        Span<byte> rune = stackalloc byte[4];
        foreach (var r in text.AsSpan(i).EnumerateRunes()) hash = Add(hash, rune[..r.EncodeToUtf8(rune)]);
        return hash;
    }
}
