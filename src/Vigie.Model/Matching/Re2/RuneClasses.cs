using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>The named character classes of RE2: Perl (<c>\d</c>), POSIX (<c>[:alpha:]</c>, ASCII only) and Unicode categories.</summary>
static class RuneClasses
{
    public static RuneSet? Perl(char letter) => letter switch
    {
        'd' => Digit,
        'D' => Digit.Negate(),
        's' => Space,
        'S' => Space.Negate(),
        'w' => Word,
        'W' => Word.Negate(),
        _ => null,
    };

    static RuneSet Digit { get; } = RuneSet.Of(('0', '9'));
    static RuneSet Space { get; } = RuneSet.Of(('\t', '\n'), ('\f', '\r'), (' ', ' '));
    static RuneSet Word { get; } = RuneSet.Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    /// <param name="name">Without colons: alpha, ^alpha, ...</param>
    public static RuneSet? Posix(string name)
    {
        bool negated = name.StartsWith('^');
        var set = (negated ? name[1..] : name) switch
        {
            "alnum" => RuneSet.Of(('0', '9'), ('A', 'Z'), ('a', 'z')),
            "alpha" => RuneSet.Of(('A', 'Z'), ('a', 'z')),
            "ascii" => RuneSet.Of((0, 0x7F)),
            "blank" => RuneSet.Of(('\t', '\t'), (' ', ' ')),
            "cntrl" => RuneSet.Of((0, 0x1F), (0x7F, 0x7F)),
            "digit" => RuneSet.Of(('0', '9')),
            "graph" => RuneSet.Of(('!', '~')),
            "lower" => RuneSet.Of(('a', 'z')),
            "print" => RuneSet.Of((' ', '~')),
            "punct" => RuneSet.Of(('!', '/'), (':', '@'), ('[', '`'), ('{', '~')),
            "space" => RuneSet.Of(('\t', '\r'), (' ', ' ')),
            "upper" => RuneSet.Of(('A', 'Z')),
            "word" => RuneSet.Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')),
            "xdigit" => RuneSet.Of(('0', '9'), ('A', 'F'), ('a', 'f')),
            _ => null,
        };
        return negated ? set?.Negate() : set;
    }

    /// <summary>
    /// A Unicode general category (<c>L</c>, <c>Lu</c>, ...) or <c>Any</c>. Scripts are not known: .NET has no table of them.
    /// </summary>
    public static RuneSet? Unicode(string name)
    {
        if (name == "Any") return RuneSet.Any;
        return CategoryNames.Contains(name) ? Categories.GetOrAdd(name, Scan) : null;
    }

    static HashSet<string> CategoryNames { get; } =
    [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Cs", "Co",
        "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So",
    ];

    static ConcurrentDictionary<string, RuneSet> Categories { get; } = new();

    static RuneSet Scan(string name)
    {
        var set = new RuneSet();
        int first = -1;
        for (int value = 0; value <= RuneSet.RuneMax + 1; value++)
        {
            bool isIn = false;
            if (value <= RuneSet.RuneMax)
            {
                string category = Abbreviation(CategoryOf(value));
                isIn = category.StartsWith(name, StringComparison.Ordinal);
            }
            if (isIn && first < 0) first = value;
            if (!isIn && first >= 0)
            {
                set.Add(first, value - 1);
                first = -1;
            }
        }
        return set;
    }

    static UnicodeCategory CategoryOf(int value) =>
        Rune.TryCreate(value, out var rune) ? Rune.GetUnicodeCategory(rune) : UnicodeCategory.Surrogate;

    static string Abbreviation(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => "Lu",
        UnicodeCategory.LowercaseLetter => "Ll",
        UnicodeCategory.TitlecaseLetter => "Lt",
        UnicodeCategory.ModifierLetter => "Lm",
        UnicodeCategory.OtherLetter => "Lo",
        UnicodeCategory.NonSpacingMark => "Mn",
        UnicodeCategory.SpacingCombiningMark => "Mc",
        UnicodeCategory.EnclosingMark => "Me",
        UnicodeCategory.DecimalDigitNumber => "Nd",
        UnicodeCategory.LetterNumber => "Nl",
        UnicodeCategory.OtherNumber => "No",
        UnicodeCategory.SpaceSeparator => "Zs",
        UnicodeCategory.LineSeparator => "Zl",
        UnicodeCategory.ParagraphSeparator => "Zp",
        UnicodeCategory.Control => "Cc",
        UnicodeCategory.Format => "Cf",
        UnicodeCategory.Surrogate => "Cs",
        UnicodeCategory.PrivateUse => "Co",
        UnicodeCategory.ConnectorPunctuation => "Pc",
        UnicodeCategory.DashPunctuation => "Pd",
        UnicodeCategory.OpenPunctuation => "Ps",
        UnicodeCategory.ClosePunctuation => "Pe",
        UnicodeCategory.InitialQuotePunctuation => "Pi",
        UnicodeCategory.FinalQuotePunctuation => "Pf",
        UnicodeCategory.OtherPunctuation => "Po",
        UnicodeCategory.MathSymbol => "Sm",
        UnicodeCategory.CurrencySymbol => "Sc",
        UnicodeCategory.ModifierSymbol => "Sk",
        UnicodeCategory.OtherSymbol => "So",
        _ => "",        // not assigned: Go has no Cn, and C does not hold it
    };
}
