using System.Globalization;
using System.Net;
using Vigie.EndToEnd.Tests.Harness;
using Vigie.Testing;

namespace Vigie.EndToEnd.Tests.Durability;

/// <summary>
/// kill -9 at random moments of ingest, block writing, compaction, deletion, retention and restart. VIGIE_KILLS says how often (6 here, 200 for a long
/// run: <c>tests/kill 200</c>), VIGIE_TEST_SEED from which seed.
/// </summary>
public class KillTests
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task Kill_AtRandomMoments_LosesNothingThatWasAcknowledgedOrShown()
    {
        int kills = int.TryParse(Environment.GetEnvironmentVariable("VIGIE_KILLS"), out int wanted) ? wanted : 6;
        ulong seed = SeededRandom.Seeds(1).Single();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}, {kills} kills");
        var random = new SeededRandom(seed);
        using var target = new CountingTarget();
        using var configuration = new ConfigurationFolder().With("prometheus.yml", $"""
            global: {"{"}scrape_interval: 100ms, scrape_timeout: 100ms{"}"}
            storage: {"{"}tsdb: {"{"}out_of_order_time_window: 1h{"}"}{"}"}
            scrape_configs:
              - job_name: ticks
                static_configs: [{"{"}targets: ['127.0.0.1:{target.Port}']{"}"}]
            """).With("vigie.yml", "storage: {retention: {rules: [{match: '{__name__=\"kill_expiring\"}', time: 1s}]}}\n");
        await using var server = await VigieServer.StartAsync(
        [
            configuration.Path, "--web.enable-remote-write-receiver", "--web.enable-admin-api",
            "--storage.tsdb.min-block-duration=2s",
        ]);
        long start = DateTimeOffset.UtcNow.AddDays(-3).ToUnixTimeMilliseconds();
        AcknowledgedWriter[] writers = [new("kill_a", start), new("kill_b", start + 500)];
        var victims = new DeletedSeries(random.NextUInt64(), start);
        // Dropped by their rule a second after they are in a block, which holds the others' samples too.
        var expiring = new AcknowledgedWriter("kill_expiring", start);
        int[] verified = new int[writers.Length];
        var shown = new Dictionary<string, string>();

        for (int kill = 0; kill < kills; kill++)
        {
            using var stop = new CancellationTokenSource();
            var work = writers.Append(expiring).Select(writer => Task.Run(() => writer.WriteAsync(server.Prometheus, stop.Token)))
                .Append(Task.Run(() => victims.DisturbAsync(server.Prometheus, stop.Token))).ToArray();
            // Mostly soon; sometimes late enough for the work in the background, which comes round every 5 s.
            await Task.Delay(random.Next(8) == 0 ? random.Next(4000, 9000) : random.Next(20, 2500));
            shown = await TicksAsync(server.Prometheus);
            server.Process.Kill();
            stop.Cancel();
            await server.Process.WaitForExitAsync(10);
            await Task.WhenAll(work);
            while (random.Next(3) == 0)
            {
                // Killed again while it starts.
                await server.SpawnAsync();
                await Task.Delay(random.Next(0, 600));
                server.Process.Kill();
                await server.Process.WaitForExitAsync(10);
            }
            await server.RestartAsync();
            var ticks = await TicksAsync(server.Prometheus);
            foreach (var (time, value) in shown) Assert.Equal(value, ticks.GetValueOrDefault(time, "gone, scraped at " + time));
            bool whole = kill == kills - 1 || kill % 25 == 24;
            for (int i = 0; i < writers.Length; i++) verified[i] = await writers[i].VerifyAsync(server.Prometheus, whole ? 0 : verified[i] - 200);
            await victims.VerifyAsync(server);
        }
        Assert.NotEmpty(shown);
        double left = (await server.QueryAsync("sum(count_over_time(kill_expiring[5d])) or vector(0)")).Values
            .Select(static text => double.Parse(text, CultureInfo.InvariantCulture)).Single();
        if (kills >= 50) Assert.True(left < expiring.AcknowledgedSamples / 2, $"retention left {left} of {expiring.AcknowledgedSamples} samples");
        Assert.All(writers, static writer => Assert.InRange(writer.Acknowledged, 20, int.MaxValue));
        TestContext.Current.SendDiagnosticMessage(
            $"{kills} kills, {writers.Sum(static writer => writer.Acknowledged)} requests acknowledged, none lost; "
            + $"retention left {left} of {expiring.AcknowledgedSamples} samples");
    }

    /// <summary>The scraped counter's samples that a query shows, time → value.</summary>
    static async Task<Dictionary<string, string>> TicksAsync(string url)
    {
        var answer = System.Text.Json.Nodes.JsonNode.Parse(await Http.GetStringAsync(url + "/api/v1/query?query=ticks_total[1h]"))!;
        return answer["data"]!["result"]!.AsArray().SelectMany(static series => series!["values"]!.AsArray())
            .ToDictionary(static pair => pair![0]!.ToJsonString(), static pair => pair![1]!.GetValue<string>());
    }

    /// <summary>A page with a counter of how often it was read.</summary>
    sealed class CountingTarget : IDisposable
    {
        readonly LocalHttpServer _server;
        int _reads;

        public CountingTarget() => _server = new LocalHttpServer(context =>
        {
            string page = string.Create(CultureInfo.InvariantCulture, $"# TYPE ticks_total counter\nticks_total {Interlocked.Increment(ref _reads)}\n");
            context.Response.ContentType = "text/plain; version=0.0.4";
            return context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(page)).AsTask();
        });

        public int Port => _server.Port;

        public void Dispose() => _server.Dispose();
    }
}
