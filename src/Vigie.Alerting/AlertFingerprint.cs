using System.Globalization;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>The name of an alert in APIs and notifications: the FNV-1a hash of its labels in 16 hexadecimal digits.</summary>
public static class AlertFingerprint
{
    public static string Of(Labels labels) => Format(labels.StableHash);

    public static string Format(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);
}
