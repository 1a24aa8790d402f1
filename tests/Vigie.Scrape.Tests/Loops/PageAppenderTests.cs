using System.Text;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Protocols.Exposition;
using Vigie.Testing;

namespace Vigie.Scrape.Tests.Loops;

public sealed class PageAppenderTests
{
    readonly MemorySampleSink _sink = new();
    readonly SampleBatch _batch = new();
    PageAppender _appender;
    long _timeMs = 1_000_000;

    public PageAppenderTests() => _appender = AppenderFor(new ScrapeConfig { JobName = "j" });

    PageAppender AppenderFor(ScrapeConfig config) => new(_sink, new SampleLabeller(Labels.Of(("job", "j"), ("instance", "i")), config));

    static Labels Series(string name, params (string, string)[] labels)
    {
        var builder = new LabelsBuilder().Set("__name__", name).Set("job", "j").Set("instance", "i");
        foreach (var (label, value) in labels) builder.Set(label, value);
        return builder.Build();
    }

    PageCounts Scrape(string page, ExpositionFormat format = ExpositionFormat.Text)
    {
        _timeMs += 1000;
        _batch.Clear();
        _appender.Read(Encoding.UTF8.GetBytes(page), format, _timeMs, _batch);
        _sink.Append(_batch);
        return _appender.Counts;
    }

    /// <summary>Values of the series' samples, in order; a marker is "stale".</summary>
    string Values(Labels series) => string.Join(' ', _sink.SamplesOf(series)
        .Select(s => StaleMarker.IsStale(s.Value) ? "stale" : $"{s.Value}"));

    [Fact]
    public void Read_SamePageAgain_ResolvesNothing()
    {
        Assert.Equal(2, Scrape("# TYPE a counter\na 1\n# TYPE b gauge\nb{x=\"1\"} 2\n").SeriesAdded);
        int resolved = _sink.Resolved;
        var counts = Scrape("# TYPE a counter\na 3\n# TYPE b gauge\nb{x=\"1\"} 4.5\n");
        Assert.Equal(new PageCounts { Scraped = 2, Kept = 2 }, counts);
        Assert.Equal(resolved, _sink.Resolved);
        Assert.Equal("1 3", Values(Series("a")));
        Assert.Equal("2 4.5", Values(Series("b", ("x", "1"))));
    }

    [Theory]
    [InlineData("# TYPE a counter\na{x=\"1\"} 1\na{x=\"2\"} 0.0004856200656151987\nb 1.234567e+06\nc NaN\nd -3\ne 1\n")]
    [InlineData("a{x=\"1\"} 1\na{x=\"1\"} 2\nb 1 1000000\nc 3\nd 4\n")]
    public void Read_PageOfAKnownShape_AllocatesNoManagedMemory(string page)
    {
        byte[] first = Encoding.UTF8.GetBytes(page), second = Encoding.UTF8.GetBytes(page.Replace(" 1", " 7", StringComparison.Ordinal));
        void Read(byte[] bytes)
        {
            _batch.Clear();
            _appender.Read(bytes, ExpositionFormat.Text, _timeMs += 1000, _batch);
        }
        for (int i = 0; i < 20; i++)
        {
            Read(first);
            Read(second);
        }
        Assert.Equal(0, Allocations.Of(() =>
        {
            Read(first);
            Read(second);
        }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_LongPagesThatChangeALittle_AsWhenReadForTheFirstTime(int seed)
    {
        var random = new Random(seed);
        var lines = Enumerable.Range(0, 300).Select(i => $"m{i % 7}{{n=\"{i}\",pad=\"{new string('x', i % 40)}\"}}").ToList();
        for (int scrape = 0; scrape < 30; scrape++)
        {
            switch (random.Next(5))
            {
                case 0: lines.RemoveAt(random.Next(lines.Count)); break;
                case 1: lines.Insert(random.Next(lines.Count), $"new{{n=\"{scrape}\"}}"); break;
                case 2: lines.Reverse(random.Next(lines.Count - 20), 20); break;
            }
            var values = lines.Select(_ => random.Next(4) switch
            {
                0 => $"{random.Next(10)}",
                1 => $"{random.NextDouble():r}",
                2 => $"{random.NextDouble() * 1e7:0.######e+00}",
                _ => $"{random.Next()}",
            }).ToList();
            string page = string.Concat(lines.Zip(values, (line, value) => $"{line} {value}\n"));
            var fresh = AppenderFor(new ScrapeConfig { JobName = "j" });
            var expected = new SampleBatch();
            fresh.Read(Encoding.UTF8.GetBytes(page), ExpositionFormat.Text, _timeMs + 1000, expected);
            Scrape(page);
            int count = expected.Count;
            Assert.Equal(expected.Series.ToArray(), _batch.Series[..count].ToArray());
            Assert.Equal(expected.Values.ToArray(), _batch.Values[..count].ToArray());
            for (int i = count; i < _batch.Count; i++) Assert.True(StaleMarker.IsStale(_batch.Values[i]));
        }
    }

    [Fact]
    public void Read_CreatedLines_BecomeZerosOncePerStart()
    {
        var zeros = new SampleBatch();
        _appender = new PageAppender(_sink, new SampleLabeller(Labels.Of(("job", "j"), ("instance", "i")), new ScrapeConfig { JobName = "j" }), zeros);
        Assert.Equal([999_500L], Zeros("999.5"));
        Assert.Empty(Zeros("999.5"));
        Assert.Equal([1_002_250L], Zeros("1002.25"));       // restarted between two scrapes
        Assert.Empty(Zeros("1002.25"));
        Assert.Empty(Zeros("2000"));                        // from the future
        Assert.Equal("5 5 5 5 5", Values(Series("a_total")));
        Assert.Empty(_sink.SamplesOf(Series("a_created")));

        long[] Zeros(string created)
        {
            Scrape($"# TYPE a counter\na_total 5\na_created {created}\n# TYPE g gauge\ng 1\n# EOF\n", ExpositionFormat.OpenMetrics);
            Assert.All(Enumerable.Range(0, zeros.Count), i => Assert.True(zeros.IsZeroAtStart(i)));
            return zeros.Timestamps.ToArray();
        }
    }

    [Fact]
    public void Read_OtherOrderNewAndVanishedLines_FollowsEachSeries()
    {
        Scrape("a 1\nb 1\nc 1\nd 1\n");
        Scrape("c 2\na 2\nnew 2\nd 2\n");
        Scrape("c 3\na 3\nnew 3\nd 3\n");
        Scrape("new 4\nb 4\n");
        Assert.Equal("1 2 3 stale", Values(Series("a")));
        Assert.Equal("1 stale 4", Values(Series("b")));
        Assert.Equal("1 2 3 stale", Values(Series("c")));
        Assert.Equal("1 2 3 stale", Values(Series("d")));
        Assert.Equal("2 3 4", Values(Series("new")));
    }

    [Fact]
    public void Read_NamesThatAreAPrefixOfEachOther_AreNotConfused()
    {
        Scrape("a 1\na_b 2\n");
        Scrape("a_b 3\na 4\n");
        Scrape("a {x=\"1\"} 5\n");
        Assert.Equal("1 4 stale", Values(Series("a")));
        Assert.Equal("2 3 stale", Values(Series("a_b")));
        Assert.Equal("5", Values(Series("a", ("x", "1"))));
    }

    [Theory]
    [InlineData("a NaN\n", "1 NaN")]
    [InlineData("a +Inf\n", "1 Infinity")]
    [InlineData("a 1e3\n", "1 1000")]
    [InlineData("a 0.1", "1 0.1")]
    [InlineData("a\t2 \n", "1 2")]
    [InlineData("# HELP a new help\na 2\n", "1 2")]
    public void Read_ValuesOfEveryForm_ReachTheSameSeries(string page, string values)
    {
        Scrape("a 1\n");
        Scrape(page);
        Assert.Equal(values, Values(Series("a")));
    }

    [Fact]
    public void Read_SeriesTwiceOnAPage_KeepsTheFirst()
    {
        for (int i = 0; i < 3; i++)
        {
            var counts = Scrape("a 1\na 2\nb 3\n");
            Assert.Equal((3, 3, 1), (counts.Scraped, counts.Kept, counts.Duplicates));
        }
        Scrape("b 4\na 5\n");
        Assert.Equal("1 1 1 5", Values(Series("a")));
        Assert.Equal("3 3 3 4", Values(Series("b")));
    }

    [Fact]
    public void Read_ExplicitTimestamps_AreKeptAndNotTracked()
    {
        Scrape("a 1 5000\nb 1\n");
        Scrape("a 2 6000\nb 2\n");
        Scrape("b 3\n");
        Assert.Equal([(5000L, 1.0), (6000L, 2.0)], _sink.SamplesOf(Series("a")));
        Assert.Equal("1 2 3", Values(Series("b")));
    }

    [Fact]
    public void Read_HonorTimestampsOff_UsesTheScrapeTime()
    {
        _appender = AppenderFor(new ScrapeConfig { JobName = "j", HonorTimestamps = false });
        Scrape("a 1 5000\n");
        Scrape("");
        Assert.Equal("1 stale", Values(Series("a")));
        Assert.Equal(1_001_000, _sink.SamplesOf(Series("a"))[0].TimestampMs);
    }

    [Fact]
    public void Read_TimestampTooFarAhead_IsCountedNotStored()
    {
        Assert.Equal(1, Scrape("a 1 9999999999\n").OutOfBounds);
        Assert.Empty(_sink.SamplesOf(Series("a")));
    }

    [Fact]
    public void MarkAllStale_EndsEverySeries_AndTheNextPageBeginsAnew()
    {
        Scrape("a 1\nb 1\n");
        _timeMs += 1000;
        _batch.Clear();
        _appender.MarkAllStale(_timeMs, _batch);
        _sink.Append(_batch);
        Assert.Equal(2, Scrape("a 2\nb 2\n").SeriesAdded);
        Assert.Equal("1 stale 2", Values(Series("a")));
    }

    [Fact]
    public void Read_AfterRelabelling_TwoTextsOfOneSeries_MarkItOnlyWhenBothAreGone()
    {
        var drop = new RelabelRule { Action = RelabelAction.LabelDrop, Regex = AnchoredRegex.Parse("x") };
        _appender = AppenderFor(new ScrapeConfig { JobName = "j", MetricRelabelRules = [drop] });
        Scrape("a{x=\"1\"} 1\n");
        Scrape("a{x=\"2\"} 2\n");
        Scrape("b 3\n");
        Assert.Equal("1 2 stale", Values(Series("a")));
    }

    [Fact]
    public void Read_DroppedByRelabelling_StaysDroppedWithoutParsing()
    {
        var drop = new RelabelRule { Action = RelabelAction.Drop, SourceLabels = ["__name__"], Regex = AnchoredRegex.Parse("a") };
        _appender = AppenderFor(new ScrapeConfig { JobName = "j", MetricRelabelRules = [drop] });
        Scrape("a 1\nb 1\n");
        var counts = Scrape("a 2\nb 2\n");
        Assert.Equal((2, 1), (counts.Scraped, counts.Kept));
        Assert.Empty(_sink.SamplesOf(Series("a")));
        Assert.Equal("1 2", Values(Series("b")));
    }

    [Fact]
    public void Read_SampleLimit_FailsAndCountsAllSamples()
    {
        _appender = AppenderFor(new ScrapeConfig { JobName = "j", Limits = new ScrapeLimits { SamplesMax = 1 } });
        var problem = Assert.Throws<ScrapeException>(() => Scrape("a 1\nb 1\nc 1\n"));
        Assert.Equal("sample limit exceeded", problem.Message);
        Assert.Equal((3, 3), (_appender.Counts.Scraped, _appender.Counts.Kept));
    }

    [Fact]
    public void Read_BrokenLine_NamesTheLine()
    {
        var problem = Assert.Throws<ScrapeException>(() => Scrape("# HELP a b\na 1\n\nbroken{ 2\n"));
        Assert.Equal("expected label name, got \"2\" (\"INVALID\") while parsing: \"broken{ 2\"", problem.Message);
        Assert.Equal(4, problem.Line);
    }

    [Fact]
    public void Read_SeriesLimit_RefusesTheNewAndKeepsTheOld()
    {
        _sink.SeriesMax = 1;
        Scrape("a 1\nb 1\n");
        Assert.Equal(1, Scrape("a 2\nb 2\n").RefusedBySeriesLimit);
        Assert.Equal("1 2", Values(Series("a")));
        _sink.SeriesMax = 2;
        for (int i = 0; i < 20; i++) Scrape("a 3\nb 3\n");
        Assert.NotEmpty(_sink.SamplesOf(Series("b")));
        Assert.DoesNotContain("stale", Values(Series("a")), StringComparison.Ordinal);
    }

    [Fact]
    public void Adopt_SeriesOfOtherRules_AreMarkedUnlessTheyLiveOn()
    {
        Scrape("a 1\nb 1\n");
        var series = _appender.TakeSeries();
        var drop = new RelabelRule { Action = RelabelAction.Drop, SourceLabels = ["__name__"], Regex = AnchoredRegex.Parse("a") };
        _appender = AppenderFor(new ScrapeConfig { JobName = "j", MetricRelabelRules = [drop] });
        _appender.Adopt(series);
        Scrape("a 2\nb 2\n");
        Assert.Equal("1 stale", Values(Series("a")));
        Assert.Equal("1 2", Values(Series("b")));
    }

    [Fact]
    public void Read_OpenMetrics_ExemplarsAndMetadataArrive()
    {
        Scrape("# TYPE c counter\n# HELP c Things.\nc_total 1 # {trace=\"t\"} 1 5\n# EOF\n", ExpositionFormat.OpenMetrics);
        var (labels, exemplar) = Assert.Single(_sink.Exemplars);
        Assert.Equal(Series("c_total"), labels);
        Assert.Equal((1.0, 5000L), (exemplar.Value, exemplar.TimestampMs));
        Assert.Equal(new MetricMetadata("counter", "Things.", ""), _sink.MetadataOf("c"));
    }

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(30)];

    /// <summary>Pages that change at random: what is stored must be what an appender without memory would store.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Read_RandomlyChangingPages_StoresWhatIsOnThem(ulong seed)
    {
        var random = new SeededRandom(seed);
        var expected = new Dictionary<string, List<string>>();
        var before = new HashSet<string>();
        var names = Enumerable.Range(0, 12).Select(i => $"m{i / 2}{{l=\"{i % 2}\"}}").ToList();
        for (int scrape = 0; scrape < 60; scrape++)
        {
            if (random.Chance(40))
            {
                for (int i = 0; i < 3; i++)
                {
                    int a = random.Next(names.Count), b = random.Next(names.Count);
                    (names[a], names[b]) = (names[b], names[a]);
                }
            }
            int first = random.Chance(30) ? random.Next(6) : 0, count = random.Chance(30) ? random.Next(7) : names.Count - first;
            var now = names.Skip(first).Take(count).ToList();
            var page = new StringBuilder();
            foreach (string name in now)
            {
                int value = random.Next(1000);
                if (random.Chance(20)) page.Append("# a comment\n");
                page.Append(name).Append(' ').Append(value).Append('\n');
                (expected.TryGetValue(name, out var list) ? list : expected[name] = []).Add($"{value}");
            }
            foreach (string gone in before.Except(now)) expected[gone].Add("stale");
            before = [.. now];
            Assert.Equal(now.Count, Scrape(page.ToString()).Scraped);
        }
        foreach (var (name, values) in expected)
        {
            string metric = name[..name.IndexOf('{', StringComparison.Ordinal)], label = name.Split('"')[1];
            Assert.Equal(string.Join(' ', values), Values(Series(metric, ("l", label))));
        }
    }
}
