using System.Globalization;
using System.Text.RegularExpressions;

namespace Veza.Tests;

/// <summary>The services under load. One test: starting them takes seconds, and each step needs the one before.</summary>
public sealed class PlatformTests(VezaPlatform platform) : IClassFixture<VezaPlatform>
{
    /// <summary>Every application, business and infrastructure metric that dashboards and rules of the platform name.</summary>
    const string PromisedNames =
        """
        backend: http_requests_total http_request_duration_seconds http_request_size_bytes http_response_size_bytes http_requests_in_flight
        backend: active_users active_users_total veza_active_users veza_active_users_total veza_registered_users_total veza_premium_users_total
        backend: user_registrations_total veza_user_registrations_total user_logins_total veza_user_logins_total veza_user_sessions
        backend: veza_failed_logins_total veza_rate_limit_violations_total api_calls_total uploads_total uploads_size_bytes
        backend: tracks_uploaded_total veza_files_uploaded_total playlists_created_total revenue_per_day conversion_rate veza_revenue_total
        backend: business_transactions_total business_errors_total error_rate veza_errors_total veza_errors_rate veza_api_latency_seconds
        backend: veza_api_response_time_p95 veza_api_response_time_p99 service_up database_health cache_health external_dependencies_health
        backend: database_connections database_connections_active database_connections_idle veza_db_connections veza_postgres_connections_active
        backend: database_query_duration_seconds veza_db_query_duration_seconds veza_db_query_time_seconds veza_database_query_time_avg
        backend: database_slow_queries_total cache_hit_ratio veza_cache_hits_total veza_cache_misses_total redis_connections_active
        backend: redis_memory_usage_bytes veza_redis_memory_usage_bytes redis_operations_total redis_operation_duration_seconds
        backend: cpu_usage_percent memory_usage_bytes disk_usage_percent network_io_bytes load_average system_cpu_usage_percent
        backend: system_memory_usage_bytes system_disk_usage_bytes system_load_average veza_cpu_usage_percent veza_memory_usage_percent
        backend: veza_disk_usage_percent veza_network_bytes_received_total veza_network_bytes_sent_total veza_process_uptime_seconds
        backend: veza_goroutines go_goroutines go_threads go_memstats_alloc_bytes go_memstats_sys_bytes go_gc_duration_seconds
        chat: websocket_connections_active veza_websocket_connections websocket_messages_total veza_websocket_messages_total
        chat: messages_per_second veza_messages_total veza_messages_created_total veza_message_queue_size chat_messages_total
        chat: chat_messages_sent_total veza_chat_messages_total chat_rooms_active veza_chat_rooms_active_total veza_chat_users_online_total
        chat: veza_moderation_signals_total veza_moderation_actions_total veza_banned_users_total veza_nats_messages_per_second
        stream: streams_active veza_streams_active_total stream_sessions_active veza_stream_viewers_total streams_started_total
        stream: stream_bitrate_bps veza_streaming_hours_total
        """;

    [Fact]
    public async Task Services_UnderLoad_TellWhatHappens()
    {
        Assert.Equal(0, await platform.LoadAsync("--rate", "60", "--users", "30", "--sockets", "12", "--streams", "4", "--for", "12s", "--quiet"));

        var pages = new Dictionary<string, string>();
        foreach (var service in new[] { "backend", "chat", "stream" }) pages[service] = await platform.PageAsync(service);
        foreach (var line in PromisedNames.Split('\n'))
        {
            var (service, names) = line.Split(": ") is [var left, var right] ? (left, right) : throw new FormatException(line);
            foreach (var name in names.Split(' ')) Assert.True(pages[service].Contains($"# TYPE {name} "), $"{service} has no {name}");
        }
        Assert.True(Value(pages["backend"], "active_users") >= 30);
        Assert.True(Value(pages["backend"], "veza_cache_hits_total") > 0);
        Assert.True(Value(pages["chat"], "veza_messages_total") > 0);
        Assert.True(Value(pages["stream"], "streams_started_total") > 0);
        Assert.Equal(0, Value(pages["backend"], "error_rate"));
        Assert.Contains("http_requests_total{endpoint=\"/ws\",method=\"GET\",status=\"101\"}", pages["chat"]);

        var faults = platform.LoadAsync("--rate", "0", "--errors", "1", "--on", "stream", "--for", "3s");
        await VezaPlatform.Until(async () => (int)(await platform.GetAsync("stream", "/api/streams")).StatusCode == 500, "the fault is there");
        Assert.Equal(0, await faults);
        Assert.True((await platform.GetAsync("stream", "/api/streams")).IsSuccessStatusCode, "the fault is gone");
        Assert.True((await platform.GetAsync("stream", "/ready")).IsSuccessStatusCode);

        Assert.Equal(0, await platform.LoadAsync("--stop", "chat"));
        await platform.Service("chat").WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        await VezaPlatform.Until(
            async () => (await platform.PageAsync("backend")).Contains("external_dependencies_health{dependency=\"veza-chat-server\"} 0"),
            "the backend misses the chat server");
    }

    static double Value(string page, string name) =>
        double.Parse(Regex.Match(page, $"^{name} (.+)$", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
}
