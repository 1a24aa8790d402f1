namespace Vigie.PromQL;

/// <summary>hour, day_of_week, month, …: a part of the UTC date that a value is, in Unix seconds; without argument, of the evaluation time.</summary>
sealed class DateFunction(Func<CivilTime, double> part) : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        if (call.ArgumentCount > 0) return call.DropNames(new PointwiseRows(call.Vector(0), seconds => part(CivilTime.FromUnixSeconds(seconds))));
        var values = new double[call.Grid.Count];
        for (int step = 0; step < values.Length; step++) values[step] = part(CivilTime.FromUnixSeconds(call.Grid.At(step) / 1000));
        return new ScalarRows(values);
    }
}

/// <summary>A date of the proleptic Gregorian calendar and a time of day, UTC, for any 64-bit number of Unix seconds.</summary>
readonly record struct CivilTime(long Year, int Month, int Day, int DayOfYear, int DayOfWeek, int Hour, int Minute)
{
    const ulong SecondsPerDay = 86400;

    /// <summary>Go's package time counts from 292 billion years before 1970; what lies still before that wraps around.</summary>
    const long AbsoluteZero = 9_223_372_028_741_760_000;

    public int DaysInMonth => Month switch { 2 => IsLeap(Year) ? 29 : 28, 4 or 6 or 9 or 11 => 30, _ => 31 };

    /// <summary>What is no 64-bit number, NaN too, counts as the smallest one, as on the processors Prometheus usually runs on.</summary>
    public static CivilTime FromUnixSeconds(double seconds) =>
        FromUnixSeconds(seconds >= long.MinValue && seconds < -(double)long.MinValue ? (long)seconds : long.MinValue);

    /// <summary>By eras of 400 years that begin on 1 March (Hinnant, "chrono-compatible low-level date algorithms").</summary>
    public static CivilTime FromUnixSeconds(long seconds)
    {
        ulong absolute = unchecked((ulong)(seconds + AbsoluteZero));
        long rest = (long)(absolute % SecondsPerDay), days = (long)(absolute / SecondsPerDay) - AbsoluteZero / (long)SecondsPerDay;
        long fromMarch = days + 719_468;
        long era = (fromMarch >= 0 ? fromMarch : fromMarch - 146_096) / 146_097;
        int dayOfEra = (int)(fromMarch - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayFromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayFromMarch + 2) / 153;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        int day = dayFromMarch - (153 * monthFromMarch + 2) / 5 + 1;
        int dayOfYear = month <= 2 ? dayFromMarch - 305 : dayFromMarch + 60 + (IsLeap(year) ? 1 : 0);
        int dayOfWeek = (int)(((days + 4) % 7 + 7) % 7);
        return new CivilTime(year, month, day, dayOfYear, dayOfWeek, (int)(rest / 3600), (int)(rest % 3600 / 60));
    }

    static bool IsLeap(long year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
