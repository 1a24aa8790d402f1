using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>
/// Parses RE2 syntax as Go's regexp/syntax does with its Perl flags (github.com/google/re2/wiki/Syntax): what Go refuses is refused with
/// its
/// message. The dot matches newline unless the caller or <c>(?-s)</c> says otherwise.
/// </summary>
sealed class Re2Parser
{
    const int RepeatMax = 1000;
    const int DepthMax = 1000;

    readonly string _text;
    readonly List<Frame> _frames = [];
    readonly List<string> _groupNames = [""];
    Frame _top;
    int _at;

    Re2Parser(string text, bool dotMatchesNewline)
    {
        _text = text;
        _top = new Frame { Flags = new Flags(false, false, dotMatchesNewline, false) };
    }

    /// <param name="groupNames">By group number; "" for groups without a name.</param>
    /// <exception cref="FormatException">Not valid RE2.</exception>
    public static Re2Node Parse(string text, bool dotMatchesNewline, out IReadOnlyList<string> groupNames)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsSurrogatePair(text, i)) throw Problem("invalid UTF-8", "");
            i++;
        }
        var parser = new Re2Parser(text, dotMatchesNewline);
        var node = parser.ParseAll();
        groupNames = parser._groupNames;
        return node;
    }

    static FormatException Problem(string what, string where) => new($"error parsing regexp: {what}: `{where}`");

    Re2Node ParseAll()
    {
        int repeatStart = -1;
        while (_at < _text.Length)
        {
            int start = _at, lastRepeat = repeatStart;
            repeatStart = -1;
            switch (_text[_at])
            {
                case '(':
                    OpenGroup();
                    break;
                case ')':
                    CloseGroup();
                    break;
                case '|':
                    _at++;
                    _top.EndChoice();
                    break;
                case '^':
                    _at++;
                    _top.Add(new AssertionNode(_top.Flags.MultiLine ? Re2Assertion.LineBegin : Re2Assertion.TextBegin));
                    break;
                case '$':
                    _at++;
                    _top.Add(new AssertionNode(_top.Flags.MultiLine ? Re2Assertion.LineEnd : Re2Assertion.TextEnd));
                    break;
                case '.':
                    _at++;
                    _top.Add(new ClassNode(_top.Flags.DotMatchesNewline ? RuneSet.Any : RuneSet.AnyButNewline));
                    break;
                case '[':
                    ParseClass();
                    break;
                case '*':
                    _at++;
                    Repeat(0, -1, start, lastRepeat);
                    repeatStart = start;
                    break;
                case '+':
                    _at++;
                    Repeat(1, -1, start, lastRepeat);
                    repeatStart = start;
                    break;
                case '?':
                    _at++;
                    Repeat(0, 1, start, lastRepeat);
                    repeatStart = start;
                    break;
                case '{':
                    if (!TryReadCounts(out int min, out int max))
                    {
                        _at++;
                        _top.AddLiteral('{');
                        break;
                    }
                    if (min is < 0 or > RepeatMax || max > RepeatMax || (max >= 0 && min > max) || max == -2)
                        throw Problem("invalid repeat count", _text[start.._at]);
                    Repeat(min, max, start, lastRepeat);
                    repeatStart = start;
                    break;
                case '\\':
                    ParseBackslash();
                    break;
                default:
                    _top.AddLiteral(NextRune());
                    break;
            }
        }
        if (_frames.Count > 0) throw Problem("missing closing )", _text);
        return _top.Close();
    }

    int NextRune()
    {
        int rune = char.ConvertToUtf32(_text, _at);
        _at += rune > 0xFFFF ? 2 : 1;
        return rune;
    }

    void OpenGroup()
    {
        if (_at + 1 < _text.Length && _text[_at + 1] == '?')
        {
            OpenPerlGroup();
            return;
        }
        _at++;
        Push(_top.Flags, _groupNames.Count);
        _groupNames.Add("");
    }

    void Push(Flags flags, int capture)
    {
        if (_frames.Count >= DepthMax) throw Problem("expression nests too deeply", _text);
        _frames.Add(_top);
        _top = new Frame { Flags = flags, Capture = capture };
    }

    void OpenPerlGroup()
    {
        int start = _at;
        var rest = _text.AsSpan(_at);
        int nameAt = rest.Length > 4 && rest.StartsWith("(?P<") ? 4 : rest.Length > 3 && rest.StartsWith("(?<") ? 3 : 0;
        if (nameAt > 0)
        {
            int end = rest.IndexOf('>');
            if (end < 0) throw Problem("invalid named capture", rest.ToString());
            string name = rest[nameAt..end].ToString();
            if (name.Length == 0 || !name.All(static c => c == '_' || char.IsAsciiLetterOrDigit(c)))
                throw Problem("invalid named capture", rest[..(end + 1)].ToString());
            _at += end + 1;
            Push(_top.Flags, _groupNames.Count);
            _groupNames.Add(name);
            return;
        }
        _at += 2;
        var flags = _top.Flags;
        bool on = true, sawFlag = false;
        while (_at < _text.Length)
        {
            int c = NextRune();
            switch (c)
            {
                case 'i': flags = flags with { FoldCase = on }; sawFlag = true; continue;
                case 'm': flags = flags with { MultiLine = on }; sawFlag = true; continue;
                case 's': flags = flags with { DotMatchesNewline = on }; sawFlag = true; continue;
                case 'U': flags = flags with { Lazy = on }; sawFlag = true; continue;
                case '-' when on: on = false; sawFlag = false; continue;
                case ':' or ')' when on || sawFlag:
                    if (c == ':') Push(flags, 0);
                    else _top.Flags = flags;
                    return;
            }
            break;
        }
        throw Problem("invalid or unsupported Perl syntax", _text[start.._at]);
    }

    void CloseGroup()
    {
        if (_frames.Count == 0) throw Problem("unexpected )", _text);
        _at++;
        var node = _top.Close();
        if (_top.Capture > 0) node = new CaptureNode(node, _top.Capture);
        _top = _frames[^1];
        _frames.RemoveAt(_frames.Count - 1);
        _top.Add(node);
    }

    void Repeat(int min, int max, int start, int lastRepeat)
    {
        bool greedy = !_top.Flags.Lazy;
        if (_at < _text.Length && _text[_at] == '?')
        {
            greedy = !greedy;
            _at++;
        }
        if (lastRepeat >= 0) throw Problem("invalid nested repetition operator", _text[lastRepeat.._at]);
        if (_top.TakeLast() is not { } part) throw Problem("missing argument to repetition operator", _text[start.._at]);
        if ((min >= 2 || max >= 2) && RepeatSize(part) * Math.Max(min, max) > RepeatMax)
            throw Problem("invalid repeat count", _text[start.._at]);
        _top.Add(new RepeatNode(part, min, max, greedy));
    }

    /// <summary>Product of the nested counts: what the expression would grow to.</summary>
    static int RepeatSize(Re2Node node) => node switch
    {
        RepeatNode { Min: < 2, Max: < 2 } repeat => RepeatSize(repeat.Part),
        RepeatNode repeat => Math.Min(RepeatMax + 1, Math.Max(repeat.Min, repeat.Max) * RepeatSize(repeat.Part)),
        CaptureNode capture => RepeatSize(capture.Part),
        ConcatNode concat => concat.Parts.Max(RepeatSize),
        AlternateNode alternate => alternate.Choices.Max(RepeatSize),
        _ => 1,
    };

    /// <summary>Reads <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>. Anything else leaves the brace a literal.</summary>
    bool TryReadCounts(out int min, out int max)
    {
        int at = _at + 1;
        max = -1;
        if (!TryReadCount(ref at, out min) || at == _text.Length) return false;
        if (_text[at] == ',')
        {
            at++;
            if (at == _text.Length) return false;
            if (_text[at] != '}')
            {
                if (!TryReadCount(ref at, out max)) return false;
                if (max < 0) min = -1;
            }
        }
        else max = min;
        if (at == _text.Length || _text[at] != '}') return false;
        _at = at + 1;
        return true;
    }

    bool TryReadCount(ref int at, out int count)
    {
        int start = at;
        while (at < _text.Length && char.IsAsciiDigit(_text[at])) at++;
        var digits = _text.AsSpan(start, at - start);
        count = -1;
        if (digits.Length == 0 || (digits.Length > 1 && digits[0] == '0')) return false;
        if (digits.Length <= 8) count = int.Parse(digits, CultureInfo.InvariantCulture);
        return true;
    }

    void ParseBackslash()
    {
        if (_at + 1 < _text.Length)
        {
            char c = _text[_at + 1];
            Re2Assertion? assertion = c switch
            {
                'A' => Re2Assertion.TextBegin,
                'z' => Re2Assertion.TextEnd,
                'b' => Re2Assertion.WordBoundary,
                'B' => Re2Assertion.NoWordBoundary,
                _ => null,
            };
            if (assertion is { } kind)
            {
                _at += 2;
                _top.Add(new AssertionNode(kind));
                return;
            }
            if (c == 'C') throw Problem("invalid escape sequence", "\\C");
            if (c == 'Q')
            {
                int end = _text.IndexOf("\\E", _at + 2, StringComparison.Ordinal);
                int stop = end < 0 ? _text.Length : end;
                _at += 2;
                while (_at < stop) _top.AddLiteral(NextRune());
                _at = end < 0 ? stop : end + 2;
                return;
            }
            if (TryParseNamedSet() is { } set)
            {
                _top.Add(new ClassNode(set));
                return;
            }
        }
        _top.AddLiteral(ParseEscape());
    }

    /// <summary><c>\d</c>, <c>\pL</c>, <c>\p{Lu}</c> and the like, or null.</summary>
    RuneSet? TryParseNamedSet()
    {
        if (_at + 1 >= _text.Length || _text[_at] != '\\') return null;
        char c = _text[_at + 1];
        if (RuneClasses.Perl(c) is { } perl)
        {
            _at += 2;
            return perl;
        }
        if (c is not ('p' or 'P')) return null;
        int start = _at;
        _at += 2;
        if (_at == _text.Length) throw Problem("invalid character class range", _text[start..]);
        string name;
        if (_text[_at] == '{')
        {
            int end = _text.IndexOf('}', _at);
            if (end < 0) throw Problem("invalid character class range", _text[start..]);
            name = _text[(_at + 1)..end];
            _at = end + 1;
        }
        else
        {
            int first = _at;
            NextRune();
            name = _text[first.._at];
        }
        bool negated = c == 'P';
        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }
        var set = RuneClasses.Unicode(name) ?? throw Problem("invalid character class range", _text[start.._at]);
        if (_top.Flags.FoldCase) set = set.Fold();
        return negated ? set.Negate() : set;
    }

    int ParseEscape()
    {
        int start = _at++;
        if (_at == _text.Length) throw Problem("trailing backslash at end of expression", "");
        int c = NextRune();
        switch (c)
        {
            case >= '0' and <= '7':
                if (c != '0' && (_at == _text.Length || _text[_at] is < '0' or > '7')) break;
                int value = c - '0';
                for (int i = 1; i < 3 && _at < _text.Length && _text[_at] is >= '0' and <= '7'; i++) value = value * 8 + _text[_at++] - '0';
                return value;
            case 'x':
                if (TryParseHex() is { } hex) return hex;
                break;
            case 'a': return 7;
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'v': return '\v';
            case < 0x80 when !char.IsAsciiLetterOrDigit((char)c): return c;
        }
        throw Problem("invalid escape sequence", _text[start.._at]);
    }

    int? TryParseHex()
    {
        if (_at == _text.Length) return null;
        int c = NextRune();
        int value = 0;
        if (c == '{')
        {
            for (int digits = 0; _at < _text.Length; digits++)
            {
                c = NextRune();
                if (c == '}') return digits > 0 ? value : null;
                if (c > 0x7F || !char.IsAsciiHexDigit((char)c)) return null;
                value = value * 16 + Convert.ToInt32(((char)c).ToString(), 16);
                if (value > RuneSet.RuneMax) return null;
            }
            return null;
        }
        if (_at == _text.Length) return null;
        int second = NextRune();
        if (c > 0x7F || second > 0x7F || !char.IsAsciiHexDigit((char)c) || !char.IsAsciiHexDigit((char)second)) return null;
        return Convert.ToInt32($"{(char)c}{(char)second}", 16);
    }

    void ParseClass()
    {
        int start = _at++;
        bool negated = _at < _text.Length && _text[_at] == '^';
        if (negated) _at++;
        var set = new RuneSet();
        for (bool first = true; _at >= _text.Length || _text[_at] != ']' || first; first = false)
        {
            if (TryParsePosixClass() is { } posix) set.Add(_top.Flags.FoldCase ? posix.Fold() : posix);
            else if (TryParseNamedSet() is { } named) set.Add(named);
            else
            {
                int rangeStart = _at;
                int from = ParseClassRune(start), to = from;
                if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
                {
                    _at++;
                    to = ParseClassRune(start);
                    if (to < from) throw Problem("invalid character class range", _text[rangeStart.._at]);
                }
                set.Add(_top.Flags.FoldCase ? RuneSet.Of((from, to)).Fold() : RuneSet.Of((from, to)));
            }
        }
        _at++;
        _top.Add(new ClassNode(negated ? set.Negate() : set));
    }

    int ParseClassRune(int classStart)
    {
        if (_at == _text.Length) throw Problem("missing closing ]", _text[classStart..]);
        return _text[_at] == '\\' ? ParseEscape() : NextRune();
    }

    RuneSet? TryParsePosixClass()
    {
        if (_at + 2 >= _text.Length || _text[_at] != '[' || _text[_at + 1] != ':') return null;
        int end = _text.IndexOf(":]", _at + 2, StringComparison.Ordinal);
        if (end < 0) return null;
        string name = _text[(_at + 2)..end];
        var set = RuneClasses.Posix(name) ?? throw Problem("invalid character class range", _text[_at..(end + 2)]);
        _at = end + 2;
        return set;
    }

    readonly record struct Flags(bool FoldCase, bool MultiLine, bool DotMatchesNewline, bool Lazy);

    /// <summary>An open group: its finished choices and the parts of the current one.</summary>
    sealed class Frame
    {
        readonly List<Re2Node> _choices = [];
        List<Re2Node> _parts = [];

        public Flags Flags { get; set; }

        /// <summary>0: the group does not capture.</summary>
        public int Capture { get; init; }

        public void Add(Re2Node node) => _parts.Add(node);

        public void AddLiteral(int rune)
        {
            if (Flags.FoldCase && CaseFolding.VariantsOf(rune).Length > 0) _parts.Add(new ClassNode(RuneSet.Of((rune, rune)).Fold()));
            else if (Rune.IsValid(rune)) _parts.Add(new LiteralNode(char.ConvertFromUtf32(rune)));
            else _parts.Add(new ClassNode(new RuneSet()));      // a surrogate never occurs in a text
        }

        public Re2Node? TakeLast()
        {
            if (_parts.Count == 0) return null;
            var last = _parts[^1];
            _parts.RemoveAt(_parts.Count - 1);
            return last;
        }

        public void EndChoice()
        {
            _choices.Add(Concat(_parts));
            _parts = [];
        }

        public Re2Node Close()
        {
            EndChoice();
            return _choices.Count == 1 ? _choices[0] : new AlternateNode([.. _choices]);
        }

        static Re2Node Concat(List<Re2Node> parts)
        {
            var joined = new List<Re2Node>(parts.Count);
            foreach (var part in parts)
            {
                if (part is LiteralNode literal && joined.Count > 0 && joined[^1] is LiteralNode before)
                    joined[^1] = new LiteralNode(before.Text + literal.Text);
                else joined.Add(part);
            }
            return joined.Count switch { 0 => EmptyNode.Instance, 1 => joined[0], _ => new ConcatNode([.. joined]) };
        }
    }
}
