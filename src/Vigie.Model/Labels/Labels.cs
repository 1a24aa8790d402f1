using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Vigie.Model;

/// <summary>
/// An immutable label set: sorted by name, no empty values, no duplicate names. Identity of a series, an alert, a target.
/// </summary>
/// <remarks>
/// Names sort by their UTF-8 bytes, as in Prometheus (docs/concepts/data_model); see <see cref="CompareText"/>.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "Labels is the field's word for a label set.")]
public sealed class Labels : IEquatable<Labels>, IComparable<Labels>, IReadOnlyList<Label>
{
    readonly Label[] _pairs;
    ulong _hash;

    Labels(Label[] sortedPairs) => _pairs = sortedPairs;

    public static Labels Empty { get; } = new([]);

    /// <summary>Builds a set from pairs in any order. Empty values are left out; of a repeated name the last one stays.</summary>
    public static Labels Of(params ReadOnlySpan<Label> pairs) => new LabelsBuilder(pairs.Length).AddAll(pairs).Build();

    /// <inheritdoc cref="Of(ReadOnlySpan{Label})"/>
    public static Labels Of(params ReadOnlySpan<(string Name, string Value)> pairs)
    {
        var builder = new LabelsBuilder(pairs.Length);
        foreach (var (name, value) in pairs) builder.Set(name, value);
        return builder.Build();
    }

    public static Labels From(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var builder = new LabelsBuilder();
        foreach (var (name, value) in pairs) builder.Set(name, value);
        return builder.Build();
    }

    /// <summary>Takes over an array that is already sorted, without duplicates and without empty values (checked in Debug only).</summary>
    public static Labels FromSorted(Label[] sortedPairs)
    {
        if (sortedPairs.Length == 0) return Empty;
        for (int i = 1; i < sortedPairs.Length; i++)
            System.Diagnostics.Debug.Assert(CompareText(sortedPairs[i - 1].Name, sortedPairs[i].Name) < 0, "labels not sorted");
        return new Labels(sortedPairs);
    }

    public int Count => _pairs.Length;
    public Label this[int index] => _pairs[index];
    public ReadOnlySpan<Label> Pairs => _pairs;

    /// <summary>The value of a label, or "" if it is absent.</summary>
    public string this[string name] => TryGet(name, out var value) ? value : "";

    public string MetricName => this[LabelNames.MetricName];

    public bool Has(string name) => TryGet(name, out _);

    public bool TryGet(string name, [MaybeNullWhen(false)] out string value)
    {
        foreach (ref readonly var pair in _pairs.AsSpan())
        {
            if (!string.Equals(pair.Name, name, StringComparison.Ordinal)) continue;
            value = pair.Value;
            return true;
        }
        value = null;
        return false;
    }

    public Labels With(string name, string value) => new LabelsBuilder(this).Set(name, value).Build();

    public Labels Without(string name)
    {
        for (int i = 0; i < _pairs.Length; i++)
        {
            if (!string.Equals(_pairs[i].Name, name, StringComparison.Ordinal)) continue;
            return FromSorted([.. _pairs.AsSpan(0, i), .. _pairs.AsSpan(i + 1)]);
        }
        return this;
    }

    public Labels WithoutMetricName() => Without(LabelNames.MetricName);

    /// <summary>Only the named labels (<c>by</c>).</summary>
    public Labels Keep(IReadOnlyCollection<string> names)
    {
        var builder = new LabelsBuilder(names.Count);
        foreach (ref readonly var pair in _pairs.AsSpan())
            if (names.Contains(pair.Name)) builder.Set(pair.Name, pair.Value);
        return builder.Build();
    }

    /// <summary>All but the named labels and the metric name (<c>without</c>).</summary>
    public Labels Drop(IReadOnlyCollection<string> names)
    {
        var builder = new LabelsBuilder(Count);
        foreach (ref readonly var pair in _pairs.AsSpan())
            if (pair.Name != LabelNames.MetricName && !names.Contains(pair.Name)) builder.Set(pair.Name, pair.Value);
        return builder.Build();
    }

    /// <summary>A 64-bit hash of the whole set, equal across processes and versions: it may be stored.</summary>
    public ulong StableHash
    {
        get
        {
            if (_hash != 0) return _hash;
            ulong hash = Fnv1A.Start;
            foreach (ref readonly var pair in _pairs.AsSpan())
            {
                hash = Fnv1A.Add(hash, pair.Name);
                hash = Fnv1A.Add(hash, 0xff);
                hash = Fnv1A.Add(hash, pair.Value);
                hash = Fnv1A.Add(hash, 0xff);
            }
            return _hash = hash == 0 ? 1 : hash;
        }
    }

    public bool Equals(Labels? other)
    {
        if (ReferenceEquals(this, other)) return true;
        return other is not null && _pairs.Length == other._pairs.Length && StableHash == other.StableHash
            && _pairs.AsSpan().SequenceEqual(other._pairs);
    }

    public override bool Equals(object? obj) => Equals(obj as Labels);
    public override int GetHashCode() => unchecked((int)(StableHash ^ (StableHash >> 32)));
    public static bool operator ==(Labels? left, Labels? right) => left is null ? right is null : left.Equals(right);
    public static bool operator !=(Labels? left, Labels? right) => !(left == right);

    /// <summary>Order of sorted lists of name and value, a shorter prefix first: the order Prometheus answers in.</summary>
    public int CompareTo(Labels? other) => other is null ? 1 : Compare(_pairs, other._pairs);

    /// <summary>The order of <see cref="CompareTo"/> for pairs sorted by name.</summary>
    public static int Compare(ReadOnlySpan<Label> left, ReadOnlySpan<Label> right)
    {
        int shared = Math.Min(left.Length, right.Length);
        for (int i = 0; i < shared; i++)
        {
            ref readonly var a = ref left[i];
            ref readonly var b = ref right[i];
            // The texts of a store are interned: most are the same string.
            if (!ReferenceEquals(a.Name, b.Name) && CompareText(a.Name, b.Name) is var names and not 0) return names;
            if (!ReferenceEquals(a.Value, b.Value) && CompareText(a.Value, b.Value) is var values and not 0) return values;
        }
        return left.Length.CompareTo(right.Length);
    }

    /// <summary>
    /// Compares as UTF-8 bytes would. UTF-16 order differs from it only where a surrogate meets U+E000…U+FFFF, so those are lifted.
    /// </summary>
    public static int CompareText(string left, string right)
    {
        int shared = Math.Min(left.Length, right.Length);
        int at = left.AsSpan(0, shared).CommonPrefixLength(right.AsSpan(0, shared));
        if (at == shared) return left.Length.CompareTo(right.Length);
        char a = left[at], b = right[at];
        if (a >= 0xd800 && b >= 0xd800 && char.IsSurrogate(a) != char.IsSurrogate(b)) return char.IsSurrogate(a) ? 1 : -1;
        return a.CompareTo(b);
    }

    /// <summary>Label names a selector may write without quotes: <c>[a-zA-Z_][a-zA-Z0-9_]*</c>.</summary>
    public static bool IsLegacyName(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return false;
        foreach (char c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        return true;
    }

    /// <summary>Metric names a selector may write without quotes: like label names, and colons.</summary>
    public static bool IsLegacyMetricName(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return false;
        foreach (char c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or ':')) return false;
        return true;
    }

    /// <summary>The form of Prometheus' label sets: <c>{__name__="up", job="api"}</c>; names that need it are quoted.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{");
        for (int i = 0; i < _pairs.Length; i++)
        {
            if (i > 0) text.Append(", ");
            if (IsLegacyName(_pairs[i].Name)) text.Append(_pairs[i].Name);
            else GoText.AppendQuoted(text, _pairs[i].Name);
            text.Append('=');
            GoText.AppendQuoted(text, _pairs[i].Value);
        }
        return text.Append('}').ToString();
    }

    public IEnumerator<Label> GetEnumerator() => ((IEnumerable<Label>)_pairs).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => _pairs.GetEnumerator();
}
