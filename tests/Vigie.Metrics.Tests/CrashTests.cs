using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Metrics.Tests;

/// <summary>
/// The machine stops at a random write or sync of a random history. What was acknowledged is there after a kill, what was synced after a
/// power cut; nothing is there that was not sent, nothing altered, nothing twice.
/// </summary>
public sealed class CrashTests
{
    static readonly MetricStoreOptions Options = new() { RunsInBackground = false, Retention = null, OutOfOrderWindow = TimeSpan.FromMinutes(10) };

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Open_AfterKillAtAnyOperation_HasAllThatWasAcknowledged(ulong seed) => Check(seed, disk => disk.AfterKill(), syncedOnly: false);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Open_AfterPowerCutAtAnyOperation_HasAllThatWasSynced(ulong seed) =>
        Check(seed, disk => disk.AfterPowerCut((int)(seed % 3) * 50), syncedOnly: true);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Append_OnADiskThatFailsNowAndThen_LosesNothingAcknowledged(ulong seed)
    {
        var random = new SeededRandom(seed);
        var disk = new CrashableFileSystem(seed);
        var history = new History(random, disk);
        for (int round = 0; round < 20; round++)
        {
            disk.FailNext(random.Pick(DiskFault.Error, DiskFault.Full, DiskFault.ShortWrite), after: random.Next(30));
            history.Run(steps: 10);
        }
        history.Close();
        Recover(disk.AfterKill(), history, syncedOnly: false, seed);
    }

    static void Check(ulong seed, Func<CrashableFileSystem, CrashableFileSystem> crash, bool syncedOnly)
    {
        var random = new SeededRandom(seed);
        var disk = new CrashableFileSystem(seed);
        var history = new History(random, disk);
        for (int life = 0; life < 3; life++)
        {
            disk.DiesAfter = random.Next(1, 150);
            history.Run(steps: 60);
            var next = crash(disk);
            history.Close();
            disk = next;
            var recovered = Recover(disk, history, syncedOnly, seed);
            if (syncedOnly) history.ForgetAllBut(recovered);
            history.Reopen(disk);
        }
        history.Close();
    }

    static HashSet<(Labels, long, long)> Recover(CrashableFileSystem disk, History history, bool syncedOnly, ulong seed)
    {
        using var store = Open(disk);
        var found = new HashSet<(Labels, long, long)>();
        foreach (var (labels, samples) in StoreQueries.Query(store, "{__name__=~\".+\"}"))
        {
            long last = long.MinValue;
            foreach (var (time, value) in samples)
            {
                Assert.True(time > last, $"seed {seed}: {labels} has {time} after {last}");
                last = time;
                found.Add((labels, time, BitConverter.DoubleToInt64Bits(value)));
            }
        }
        var promised = syncedOnly ? history.Synced : history.Acknowledged;
        var lost = promised.Except(found).ToArray();
        Assert.True(lost.Length == 0, $"seed {seed}: {lost.Length} of {promised.Count} promised samples lost, first {lost.FirstOrDefault()}");
        var invented = found.Except(history.Sent).ToArray();
        Assert.True(invented.Length == 0, $"seed {seed}: {invented.Length} samples nobody sent, first {invented.FirstOrDefault()}");
        return found;
    }

    static MetricStore Open(CrashableFileSystem disk) => MetricStore.Open(disk, "data", Options, new ManualTimeProvider(), NullLogger.Instance);

    sealed class History(SeededRandom random, CrashableFileSystem disk)
    {
        readonly Labels[] _page = [.. Enumerable.Range(0, 20).Select(_ => random.NextLabels()).Distinct()];
        CrashableFileSystem _disk = disk;
        MetricStore? _store;
        long _now = 1_700_000_000_000;

        public HashSet<(Labels, long, long)> Sent { get; } = [];
        public HashSet<(Labels, long, long)> Acknowledged { get; } = [];
        public HashSet<(Labels, long, long)> Synced { get; } = [];

        public void Reopen(CrashableFileSystem disk) => _disk = disk;

        public void Run(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                try
                {
                    _store ??= Open(_disk);
                    Step(_store);
                }
                catch (Exception problem) when (problem is IOException or StoreUnavailableException)
                {
                    // The disk failed or the machine stopped: what the call was about is not acknowledged.
                }
            }
        }

        public void Close()
        {
            _store?.Dispose();
            _store = null;
        }

        /// <summary>After a power cut that lost unsynced samples: what is there now is what must stay.</summary>
        public void ForgetAllBut(HashSet<(Labels, long, long)> recovered)
        {
            Acknowledged.IntersectWith(recovered);
            Synced.Clear();
        }

        void Step(MetricStore store)
        {
            switch (random.Next(12))
            {
                case 0:
                    store.Flush(default);
                    Synced.UnionWith(Acknowledged);
                    break;
                case 1:
                    store.Maintain(default);
                    break;
                case 2:
                    store.SyncLog();
                    Synced.UnionWith(Acknowledged);
                    break;
                case 3:
                    Append(store, [.. _page.Where(_ => random.Chance(30))], _now - random.Next(300_000));
                    break;
                default:
                    Append(store, _page, _now += 1000);
                    break;
            }
        }

        void Append(MetricStore store, Labels[] page, long time)
        {
            var batch = new SampleBatch();
            var sent = new List<(Labels, long, long)>();
            foreach (var labels in page)
            {
                double value = random.NextSampleValue();
                batch.Add(store.Resolve(labels), time, value);
                sent.Add((labels, time, BitConverter.DoubleToInt64Bits(value)));
            }
            // A time that was sent before with another value may be refused now: only what is answered counts.
            Sent.UnionWith(sent);
            store.Append(batch);
            for (int i = 0; i < sent.Count; i++)
                if (batch.OutcomeOf(i) == AppendOutcome.Stored && !Has(sent[i])) Acknowledged.Add(sent[i]);
        }

        /// <summary>Out of order, a second sample at a time is taken, but the first one stays.</summary>
        bool Has((Labels Labels, long Time, long) sample) => _taken.Add((sample.Labels, sample.Time)) is false;

        readonly HashSet<(Labels, long)> _taken = [];
    }
}
