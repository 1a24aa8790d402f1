using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Metrics.Tests;

/// <summary>Random histories of a store, compared with a naive model after every step.</summary>
public sealed class StorePropertyTests
{
    static readonly string[] Selectors =
        ["{__name__=~\".+\"}", "{job=\"job-1\"}", "{job!=\"job-1\"}", "{instance=~\"instance-[01]\",__name__=\"metric_2\"}", "{status=\"\"}"];

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void History_OfAppendsFlushesCompactionsDeletesAndKills_AnswersAsTheModel(ulong seed)
    {
        var random = new SeededRandom(seed);
        var options = new MetricStoreOptions
        {
            RunsInBackground = false, Retention = null, OutOfOrderWindow = random.Chance(50) ? TimeSpan.FromHours(1) : TimeSpan.Zero,
        };
        var clock = new ManualTimeProvider();
        var disk = new CrashableFileSystem(seed);
        var store = Open(disk, options, clock);
        var model = new NaiveStore();
        var kept = new SampleBatch { RepeatsShape = true };
        var page = Enumerable.Range(0, random.Next(2, 40)).Select(_ => random.NextLabels()).Distinct().ToArray();
        long now = 1_700_000_000_000;
        for (int step = 0; step < 60; step++)
        {
            string what;
            switch (random.Next(12))
            {
                case < 6:
                    what = "page";
                    for (int i = random.Next(1, 200); i > 0; i--)
                        AppendPage(store, model, random, page, kept, now += random.Pick(1000L, 1000L, 15000L, 1007L));
                    break;
                case 6:
                    what = "loose";
                    AppendLoose(store, model, random, ref now, options);
                    break;
                case 7:
                    what = "flush";
                    store.Flush(default);
                    break;
                case 8:
                    what = "maintain";
                    store.Maintain(default);
                    break;
                case 9:
                    what = "kill";
                    var after = disk.AfterKill();
                    store.Dispose();
                    disk = after;
                    store = Open(disk, options, clock);
                    Assert.Equal(0, store.Replay.DamagedRecords);
                    break;
                case 10 when random.Chance(40):
                    what = "delete";
                    var range = new TimeRange(now - random.Next(500_000), now - random.Next(100_000));
                    var matcher = new LabelMatcher(Vigie.Model.MatchType.Equal, "job", $"job-{random.Next(4)}");
                    store.Delete([[matcher]], range, default);
                    model.Delete(matcher.Matches, range);
                    break;
                default:
                    what = "clean";
                    if (random.Chance(30)) page = [.. page.Append(random.NextLabels()).Distinct()];
                    store.CleanTombstones(default);
                    break;
            }
            string context = $"seed {seed}, step {step} ({what}):";
            model.ShouldEqual(store, random.Pick<string>(Selectors), TimeRange.All, context);
            model.ShouldEqual(store, random.Pick<string>(Selectors), new TimeRange(now - random.Next(1_000_000), now - random.Next(10_000)), context);
        }
        store.Dispose();
    }

    static MetricStore Open(CrashableFileSystem disk, MetricStoreOptions options, TimeProvider clock) =>
        MetricStore.Open(disk, "data", options, clock, NullLogger.Instance);

    static void AppendPage(MetricStore store, NaiveStore model, SeededRandom random, Labels[] page, SampleBatch kept, long time)
    {
        kept.Clear();
        var batch = random.Chance(50) ? kept : new SampleBatch { RepeatsShape = random.Chance(50) };
        var absent = random.Chance(5) ? page[random.Next(page.Length)] : null;
        foreach (var labels in page)
        {
            if (labels == absent) continue;
            double value = random.Chance(60) ? Math.Round(time / 1000.0 % 1000, 2) : random.NextSampleValue();
            batch.Add(store.Resolve(labels), time, value);
            model.Add(labels, time, value);
        }
        Assert.Equal(batch.Count, store.Append(batch).Stored);
    }

    static void AppendLoose(MetricStore store, NaiveStore model, SeededRandom random, ref long now, MetricStoreOptions options)
    {
        var batch = new SampleBatch();
        var added = new List<(Labels, long, double)>();
        for (int i = random.Next(1, 300); i > 0; i--)
        {
            var labels = random.NextLabels();
            long time = random.Chance(70) ? now += random.Next(1, 100) : now - random.Next(5_000_000);
            double value = random.NextSampleValue();
            batch.Add(store.Resolve(labels), time, value);
            added.Add((labels, time, value));
        }
        store.Append(batch);
        for (int i = 0; i < batch.Count; i++)
        {
            var outcome = batch.OutcomeOf(i);
            if (options.OutOfOrderWindow == TimeSpan.Zero) Assert.NotEqual(AppendOutcome.TooOld, outcome);
            if (outcome == AppendOutcome.Stored) model.Add(added[i].Item1, added[i].Item2, added[i].Item3);
        }
    }
}
