using Vigie.Configuration.Http;
using Vigie.Configuration.Schema;

namespace Vigie.Configuration.Prometheus.Loading;

/// <summary>What must hold in remote_write, remote_read and tracing.</summary>
static class RemoteChecks
{
    static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal)
    {
        "authorization", "host", "content-encoding", "content-length", "content-type", "user-agent", "connection", "keep-alive",
        "proxy-authenticate", "proxy-authorization", "www-authenticate", "accept-encoding", "x-prometheus-remote-write-version",
        "x-prometheus-remote-read-version", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256",
    };

    public static void Write(Section s, SectionReader reader)
    {
        if (s.IsZero("url")) reader.Error(s, "url", "url for remote_write is empty");
        foreach (string header in s.Map("headers").Keys)
        {
            string name = header.ToLowerInvariant();
            if (name == "authorization")
                reader.Error(s, "headers",
                    "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, azuread or google_iam parameter");
            else if (s_reserved.Contains(name)) reader.Error(s, "headers", $"{header} is a reserved header. It must not be changed");
        }
        string message = s.Text("protobuf_message");
        if (message is not ("prometheus.WriteRequest" or "io.prometheus.write.v2.Request"))
            reader.Error(s, "protobuf_message",
                $"invalid protobuf_message value: unknown type for remote write protobuf message {message}, "
                + "supported: prometheus.WriteRequest, io.prometheus.write.v2.Request");
        HttpClientSchema.Check(s, reader);
        int methods = (s.Sub("basic_auth") is null ? 0 : 1) + (s.Sub("authorization") is null ? 0 : 1) + (s.Sub("oauth2") is null ? 0 : 1);
        int clouds = HttpClientSchema.Count(s, "sigv4", "azuread", "google_iam");
        if (clouds > 1 || (clouds == 1 && methods > 0))
            reader.Error(s, "at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must be configured");
    }

    /// <returns>The key of a way to authenticate that is not built; null for none.</returns>
    public static string? WarnOfUnsupported(Section s, SectionReader reader)
    {
        foreach (string key in (ReadOnlySpan<string>)["sigv4", "azuread", "google_iam"])
        {
            if (s.IsZero(key)) continue;
            reader.Warning(s, key, $"{key} is not supported: nothing is sent to {s.Text("url")}");
            return key;
        }
        return null;
    }

    public static void Read(Section s, SectionReader reader)
    {
        if (s.IsZero("url")) reader.Error(s, "url", "url for remote_read is empty");
        foreach (string header in s.Map("headers").Keys)
            if (s_reserved.Contains(header.ToLowerInvariant()))
                reader.Error(s, "headers", $"{header} is a reserved header. It must not be changed");
        HttpClientSchema.Check(s, reader);
    }

    public static void Queue(Section s, SectionReader reader)
    {
        if (s.Int("capacity") <= 0) reader.Error(s, "capacity", "remote write queue capacity must be positive");
        if (s.Int("max_shards") <= 0) reader.Error(s, "max_shards", "remote write queue max_shards must be positive");
        if (s.Int("min_shards") <= 0) reader.Error(s, "min_shards", "remote write queue min_shards must be positive");
        if (s.Int("max_samples_per_send") <= 0)
            reader.Error(s, "max_samples_per_send", "remote write queue max_samples_per_send must be positive");
        if (s.Int("min_shards") > s.Int("max_shards"))
            reader.Error(s, "min_shards", "remote write queue min_shards must not be greater than max_shards");
    }

    public static void Tracing(Section s, SectionReader reader)
    {
        if (s.IsZero("endpoint")) reader.Error(s, "endpoint", "tracing endpoint must be set");
        if (s.Text("compression") is not ("" or "gzip"))
            reader.Error(s, "compression", $"invalid compression type {s.Text("compression")} provided, valid options: gzip");
        if ((double)s["sampling_fraction"]! is < 0 or > 1) reader.Error(s, "sampling_fraction", "expected a number from 0 to 1");
        foreach (string header in s.Map("headers").Keys)
        {
            string name = header.ToLowerInvariant();
            if (name == "authorization") reader.Error(s, "headers", "custom authorization header configuration is not yet supported");
            else if (s_reserved.Contains(name)) reader.Error(s, "headers", $"{header} is a reserved header. It must not be changed");
        }
    }
}
