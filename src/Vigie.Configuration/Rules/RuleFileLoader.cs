using System.Globalization;
using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using Vigie.Model;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Rules;

/// <summary>Checks of rule texts that need a parser: supplied by who has one. Each returns what is wrong, or null.</summary>
public sealed record RuleTextChecks
{
    /// <summary>A PromQL expression; the answer is upstream's message: <c>1:6: parse error: …</c>.</summary>
    public Func<string, string?> Expression { get; init; } = static _ => null;

    /// <summary>A template of a label or an annotation.</summary>
    public Func<string, string?> Template { get; init; } = static _ => null;
}

/// <summary>
/// Reads rule files (Prometheus, model/rulefmt), with upstream's words for what is wrong:
/// <c>group "name", rule 1, "Alert": could not parse expression: …</c>.
/// </summary>
public static class RuleFileLoader
{
    static SectionSchema Rule { get; } = new("rule",
    [
        Text("record"), Text("alert"), Text("expr"), Duration("for"), Duration("keep_firing_for"), Map("labels"), Map("annotations"),
    ]);

    static SectionSchema Group { get; } = new("group",
    [
        Text("name"), OptionalDuration("interval"), OptionalDuration("query_offset"), Int("limit", int.MinValue, int.MaxValue),
        Map("labels"),
        Subs("rules", Rule, "found nothing, expected a rule"),
    ]);

    static SectionSchema Top { get; } = new("rule file", [Subs("groups", Group, "found nothing, expected a group")]);

    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static RuleFile? Load(string fileName, string text, ConfigProblems problems, RuleTextChecks? checks = null,
        bool legacyNames = false)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var reader = new SectionReader(problems, ConfigPath.FolderOf(fileName));
        var top = reader.Read(node, Top, "");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var groups = new List<RuleGroup>();
        foreach (var group in top.Subs("groups"))
        {
            string name = group.Text("name");
            if (name.Length == 0) reader.Error(group, "name", "Groupname must not be empty");
            else if (!names.Add(name)) reader.Error(group, "name", $"groupname: {GoText.Quote(name)} is repeated in the same file");
            groups.Add(BuildGroup(group, reader, checks ?? new RuleTextChecks(), legacyNames));
        }
        return problems.ErrorCount > errorsBefore ? null : new RuleFile(fileName, groups);
    }

    /// <summary>Reads all files that the patterns of prometheus.yml name, each once, sorted by pattern and name.</summary>
    /// <returns>The files without errors. A pattern without match is a warning, as upstream loads such a file.</returns>
    public static IReadOnlyList<RuleFile> LoadAll(
        IReadOnlyList<string> patterns, IConfigFiles files, ConfigProblems problems, RuleTextChecks? checks = null,
            bool legacyNames = false)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var loaded = new List<RuleFile>();
        foreach (string pattern in patterns)
        {
            var paths = GlobPattern.Find(files, pattern);
            if (paths.Count == 0) problems.Warning(new SourcePosition(pattern, 0, 0), "", "no rule file of this name is there");
            foreach (string path in paths)
            {
                if (!seen.Add(path)) continue;
                try
                {
                    if (files.ReadText(path) is { } text && Load(path, text, problems, checks, legacyNames) is { } file) loaded.Add(file);
                }
                catch (IOException problem)
                {
                    problems.Error(new SourcePosition(path, 0, 0), "", $"cannot be read: {problem.Message}");
                }
            }
        }
        return loaded;
    }

    static RuleGroup BuildGroup(Section group, SectionReader reader, RuleTextChecks checks, bool legacyNames)
    {
        CheckLabels(group.Map("labels"), message => reader.Error(group, "labels", message), legacyNames);
        var rules = new List<Rule>();
        var sections = group.Subs("rules");
        for (int i = 0; i < sections.Count; i++)
            rules.Add(BuildRule(sections[i], i + 1, group, reader, checks, legacyNames));
        return new RuleGroup
        {
            Name = group.Text("name"),
            Position = group.Node.Position,
            Interval = NullIfZero((TimeSpan?)group["interval"]),
            QueryOffset = (TimeSpan?)group["query_offset"],
            Limit = (int)group.Int("limit"),
            Labels = group.Map("labels"),
            Rules = rules,
        };
    }

    static TimeSpan? NullIfZero(TimeSpan? span) => span == TimeSpan.Zero ? null : span;

    static Rule BuildRule(Section s, int number, Section group, SectionReader reader, RuleTextChecks checks, bool legacyNames)
    {
        string record = s.Text("record"), alert = s.Text("alert"), expression = s.Text("expr");
        string where = string.Create(CultureInfo.InvariantCulture,
            $"group {GoText.Quote(group.Text("name"))}, rule {number}, {GoText.Quote(alert.Length > 0 ? alert : record)}: ");
        void Error(string key, string message) => reader.Error(s, key, where + message);

        if (record.Length > 0 && alert.Length > 0) Error("record", "only one of 'record' and 'alert' must be set");
        if (record.Length == 0 && alert.Length == 0) Error("record", "one of 'record' or 'alert' must be set");
        if (expression.Length == 0) Error("expr", "field 'expr' must be set in rule");
        else if (checks.Expression(expression) is { } problem) Error("expr", $"could not parse expression: {problem}");
        if (record.Length > 0) CheckRecord(s, record, Error, legacyNames);
        CheckLabels(s.Map("labels"), message => Error("labels", message), legacyNames);
        foreach (string name in s.Map("annotations").Keys)
            if (!IsLabelName(name, legacyNames)) Error("annotations", $"invalid annotation name: {name}");
        if (alert.Length > 0) CheckTemplates(s, checks, Error);

        var labels = new Dictionary<string, string>(group.Map("labels"), StringComparer.Ordinal);
        foreach (var (name, value) in s.Map("labels")) labels[name] = value;
        return new Rule
        {
            Position = s.Node.Position,
            Record = record.Length > 0 ? record : null,
            Alert = alert.Length > 0 ? alert : null,
            Expression = expression,
            ExpressionPosition = s.NodeOf("expr").Position,
            For = s.Duration("for"),
            KeepFiringFor = s.Duration("keep_firing_for"),
            Labels = labels,
            Annotations = s.Map("annotations"),
        };
    }

    static void CheckRecord(Section s, string record, Action<string, string> error, bool legacyNames)
    {
        if (!s.IsZero("annotations")) error("annotations", "invalid field 'annotations' in recording rule");
        if (!s.IsZero("for")) error("for", "invalid field 'for' in recording rule");
        if (!s.IsZero("keep_firing_for")) error("keep_firing_for", "invalid field 'keep_firing_for' in recording rule");
        if (legacyNames && !Labels.IsLegacyMetricName(record)) error("record", $"invalid recording rule name: {record}");
        if (record.AsSpan().IndexOfAny('{', '}') >= 0)
            error("record", $"braces present in the recording rule name; should it be in expr?: {record}");
    }

    static void CheckTemplates(Section s, RuleTextChecks checks, Action<string, string> error)
    {
        foreach (var (name, value) in s.Map("labels"))
            if (checks.Template(value) is { } problem) error("labels", $"template: {name}: {problem}");
        foreach (var (name, value) in s.Map("annotations"))
            if (checks.Template(value) is { } problem) error("annotations", $"template: {name}: {problem}");
    }

    static void CheckLabels(IReadOnlyDictionary<string, string> labels, Action<string> error, bool legacyNames)
    {
        foreach (string name in labels.Keys)
            if (name == LabelNames.MetricName || !IsLabelName(name, legacyNames)) error($"invalid label name: {name}");
    }

    static bool IsLabelName(string name, bool legacyNames) => name.Length > 0 && (!legacyNames || Labels.IsLegacyName(name));
}
