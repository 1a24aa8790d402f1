using System.Globalization;

namespace Vigie.Model;

/// <summary>Reads a time piece by piece after a Go layout; <see cref="GoTimeLayout.Parse"/> drives it.</summary>
sealed class GoTimeReader(string layout, string text)
{
    static readonly DateTimeFormatInfo s_names = CultureInfo.InvariantCulture.DateTimeFormat;

    int _at;
    int _year = 1, _month = 1, _day = 1, _hour, _minute, _second;
    long _fractionTicks;
    int? _dayOfYear;
    bool _isPm, _isAm;
    TimeSpan? _offset;

    public void Literal(string literal)
    {
        if (string.CompareOrdinal(text, _at, literal, 0, literal.Length) != 0) throw Fail(literal);
        _at += literal.Length;
    }

    public void Element(string element)
    {
        switch (element)
        {
            case "2006": _year = Number(4, 4, element); break;
            case "06":
                int year = Number(2, 2, element);
                _year = year + (year >= 69 ? 1900 : 2000);
                break;
            case "January": _month = Name(s_names.MonthNames, element) + 1; break;
            case "Jan": _month = Name(s_names.AbbreviatedMonthNames, element) + 1; break;
            case "Monday": Name(s_names.DayNames, element); break;
            case "Mon": Name(s_names.AbbreviatedDayNames, element); break;
            case "01": _month = Number(2, 2, element); break;
            case "1": _month = Number(1, 2, element); break;
            case "02": _day = Number(2, 2, element); break;
            case "_2" or "2":
                if (element == "_2" && _at < text.Length && text[_at] == ' ') _at++;
                _day = Number(1, 2, element);
                break;
            case "002": _dayOfYear = Number(3, 3, element); break;
            case "__2":
                while (_at < text.Length && text[_at] == ' ') _at++;
                _dayOfYear = Number(1, 3, element);
                break;
            case "15": _hour = Number(1, 2, element); break;
            case "03": _hour = Number(2, 2, element); break;
            case "3": _hour = Number(1, 2, element); break;
            case "04": _minute = Number(2, 2, element); break;
            case "4": _minute = Number(1, 2, element); break;
            case "05" or "5":
                _second = Number(element.Length, 2, element);
                // A fraction is taken even if the layout has none.
                if (_at + 1 < text.Length && text[_at] is '.' or ',' && char.IsAsciiDigit(text[_at + 1])) Fraction();
                break;
            case "PM" or "pm":
                string mark = _at + 2 <= text.Length ? text.Substring(_at, 2).ToUpperInvariant() : "";
                (_isAm, _isPm) = (mark == "AM", mark == "PM");
                if (!_isAm && !_isPm) throw Fail(element);
                _at += 2;
                break;
            case "MST": Zone(); break;
            case ['.' or ',', ..]:
                if (_at < text.Length && text[_at] is '.' or ',') Fraction();
                break;
            default: Offset(element); break;
        }
    }

    public TemplateTime Finish(TimeZoneInfo zone)
    {
        if (_at < text.Length) throw new TemplateFunctionException($"parsing time {GoText.Quote(text)}: extra text: {GoText.Quote(text[_at..])}");
        if (_isPm && _hour < 12) _hour += 12;
        else if (_isAm && _hour == 12) _hour = 0;
        try
        {
            var wall = new DateTime(_year, _month, _dayOfYear is null ? _day : 1, _hour, _minute, _second, DateTimeKind.Unspecified)
                .AddTicks(_fractionTicks).AddDays(_dayOfYear is { } day ? day - 1 : 0);
            return new TemplateTime(new DateTimeOffset(wall, _offset ?? zone.GetUtcOffset(wall)), _offset is null ? zone : ZoneOf(_offset.Value));
        }
        catch (ArgumentException)
        {
            throw new TemplateFunctionException($"parsing time {GoText.Quote(text)}: day out of range");
        }
    }

    static TimeZoneInfo ZoneOf(TimeSpan offset) =>
        offset == TimeSpan.Zero ? TimeZoneInfo.Utc : TimeZoneInfo.CreateCustomTimeZone(offset.ToString(), offset, "", "");

    int Number(int digitsMin, int digitsMax, string element)
    {
        int end = _at;
        while (end < text.Length && end - _at < digitsMax && char.IsAsciiDigit(text[end])) end++;
        if (end - _at < digitsMin) throw Fail(element);
        int value = int.Parse(text.AsSpan(_at, end - _at), NumberStyles.None, CultureInfo.InvariantCulture);
        _at = end;
        return value;
    }

    int Name(string[] names, string element)
    {
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i].Length == 0 || string.Compare(text, _at, names[i], 0, names[i].Length, StringComparison.OrdinalIgnoreCase) != 0) continue;
            _at += names[i].Length;
            return i;
        }
        throw Fail(element);
    }

    void Fraction()
    {
        int digits = 0;
        for (_at++; _at < text.Length && char.IsAsciiDigit(text[_at]); _at++)
            if (digits++ < 7) _fractionTicks = _fractionTicks * 10 + (text[_at] - '0');
        for (; digits < 7; digits++) _fractionTicks *= 10;
    }

    void Zone()
    {
        int end = _at;
        while (end < text.Length && char.IsAsciiLetterUpper(text[end])) end++;
        if (end - _at < 3) throw Fail("MST");
        if (text[_at..end] is "UTC" or "GMT") _offset ??= TimeSpan.Zero;
        _at = end;
    }

    void Offset(string element)
    {
        if (element[0] == 'Z' && _at < text.Length && text[_at] == 'Z')
        {
            _at++;
            _offset = TimeSpan.Zero;
            return;
        }
        if (_at >= text.Length || text[_at] is not ('+' or '-')) throw Fail(element);
        bool negative = text[_at++] == '-';
        int hours = Number(2, 2, element), minutes = 0;
        if (element.Length > 3)
        {
            if (element.Contains(':', StringComparison.Ordinal)) Literal(":");
            minutes = Number(2, 2, element);
        }
        var offset = new TimeSpan(hours, minutes, 0);
        _offset = negative ? -offset : offset;
    }

    TemplateFunctionException Fail(string element) =>
        new($"parsing time {GoText.Quote(text)} as {GoText.Quote(layout)}: cannot parse {GoText.Quote(text[_at..])} as {GoText.Quote(element)}");
}
