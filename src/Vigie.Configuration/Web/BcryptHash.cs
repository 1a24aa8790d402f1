namespace Vigie.Configuration.Web;

/// <summary>The form of a bcrypt hash: <c>$2y$10$</c>, then 22 characters of salt and 31 of hash.</summary>
public static class BcryptHash
{
    const int Length = 60, CostMin = 4, CostMax = 31;

    /// <summary>What keeps a text from being a hash, in the words of Go's bcrypt where it has some, without the text; null: nothing.</summary>
    public static string? ProblemOf(string text)
    {
        if (text.Length < Length) return "hashedSecret too short to be a bcrypted password";
        if (text.Length > Length) return $"found {text.Length} characters, too many for a bcrypted password";
        if (text[0] != '$') return "bcrypt hashes must start with '$'";
        if (text[1] != '2' || text[2] is not ('a' or 'b' or 'y') || text[3] != '$') return "found an unknown version of bcrypt, expected $2a$, $2b$ or $2y$";
        if (!char.IsAsciiDigit(text[4]) || !char.IsAsciiDigit(text[5]) || text[6] != '$') return "found no cost";
        if (CostOf(text) is < CostMin or > CostMax) return $"cost {CostOf(text)} is outside allowed range ({CostMin},{CostMax})";
        return text.AsSpan(7).ContainsAnyExcept(s_alphabet) ? "found a character that is in no bcrypt hash" : null;
    }

    /// <summary>Rounds of a well-formed hash, as the power of two.</summary>
    public static int CostOf(string hash) => (hash[4] - '0') * 10 + hash[5] - '0';

    static readonly System.Buffers.SearchValues<char> s_alphabet =
        System.Buffers.SearchValues.Create("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}
