using System.Globalization;
using Vigie.Model;

namespace Vigie.Collectors.Node;

/// <summary>/etc/os-release (os-release(5)).</summary>
sealed class OsReleaseCollector : INodeCollector
{
    static readonly string[] Keys =
    [
        "BUILD_ID", "ID", "ID_LIKE", "IMAGE_ID", "IMAGE_VERSION", "NAME", "PRETTY_NAME", "VARIANT", "VARIANT_ID", "VERSION",
            "VERSION_CODENAME",
        "VERSION_ID",
    ];

    public string Name => "os";

    public void Collect(ProcFiles files, NodePage page)
    {
        string text = files.ReadRoot("etc/os-release") ?? files.ReadRoot("usr/lib/os-release")
            ?? throw new CollectorException("no os-release file");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in NodePage.Lines(text))
        {
            int equal = line.IndexOf('=', StringComparison.Ordinal);
            if (equal > 0) values[line[..equal].Trim()] = line[(equal + 1)..].Trim().Trim('"', '\'');
        }
        string Value(string key) => values.GetValueOrDefault(key, "");
        page.Gauge("os_info", "A metric with a constant '1' value labeled by build_id, id, id_like, image_id, image_version, name, "
            + "pretty_name, variant, variant_id, version, version_codename, version_id.");
        page.Sample(1, [.. Keys.Select(key => new Label(key.ToLowerInvariant(), Value(key)))]);

        var parts = Value("VERSION_ID").Split('.');
        string majorMinor = parts.Length > 1 ? $"{parts[0]}.{parts[1]}" : parts[0];
        if (!double.TryParse(majorMinor, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double version)) return;
        page.Gauge("os_version", "Metric containing the major.minor part of the OS version.");
        page.Sample(version, new Label("id", Value("ID")), new Label("id_like", Value("ID_LIKE")), new Label("name", Value("NAME")));
    }
}
