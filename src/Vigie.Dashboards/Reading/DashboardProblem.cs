namespace Vigie.Dashboards;

/// <summary>What is wrong in a dashboard file, and where. Never fatal: the rest of the dashboard is shown.</summary>
/// <param name="File">The path as given to the reader.</param>
/// <param name="Line">From 1; 0 where the file as a whole is meant.</param>
/// <param name="Column">From 1, in bytes.</param>
/// <param name="Field">Such as <c>panels[2].gridPos.w</c>.</param>
/// <param name="Message">What was found and what was expected.</param>
/// <param name="IsError">True if the file gives no dashboard at all.</param>
public sealed record DashboardProblem(string File, int Line, int Column, string Field, string Message, bool IsError = false)
{
    public override string ToString() =>
        Field.Length == 0 ? $"{File}:{Line}:{Column}: {Message}" : $"{File}:{Line}:{Column}: {Field}: {Message}";
}
