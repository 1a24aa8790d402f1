using Vigie.Model;
using Vigie.Storage;
using Vigie.Testing;

namespace Vigie.Metrics.Tests.Blocks;

public sealed class BlockWriterTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("vigie-block-").FullName;

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(10)];

    string BlockPath => Path.Combine(_folder, "00000001.block");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Texts that sort otherwise as UTF-16, texts that are name and value, labels shared with the neighbour and not.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Finish_AnyLabelSets_AreThereInOrderAndFoundByEveryPair(ulong seed)
    {
        var random = new SeededRandom(seed);
        string[] texts = ["a", "b", "job", "z", "é", "\uffee", "\U0001f600", "a\nb", new string('x', random.Next(1, 70_000))];
        var sets = new SortedSet<Labels> { Labels.Empty };
        for (int i = random.Next(1, 400); i > 0; i--)
        {
            var builder = new LabelsBuilder();
            for (int labels = random.Next(1, 6); labels > 0; labels--)
                builder.Set(texts[random.Next(texts.Length)], random.Chance(30) ? $"{random.Next(40)}" : texts[random.Next(texts.Length)]);
            sets.Add(builder.Build());
        }
        using (var writer = new BlockWriter(PhysicalFileSystem.Instance, BlockPath, 1))
        {
            foreach (var labels in sets) writer.Add(labels, Samples(labels.Count));
            writer.Finish();
        }

        var block = Block.TryOpen(PhysicalFileSystem.Instance, BlockPath, static () => Assert.Fail("damaged"), out string? problem);
        Assert.Null(problem);
        Assert.NotNull(block);
        Assert.Equal(sets, Enumerable.Range(0, block.SeriesCount).Select(block.LabelsOf));
        Assert.Equal(sets.Select(static labels => labels.StableHash), Enumerable.Range(0, block.SeriesCount).Select(block.HashOf));
        foreach (var (name, value) in sets.SelectMany(static labels => labels).Distinct())
        {
            var found = new List<int>();
            block.Select([new LabelMatcher(Model.MatchType.Equal, name, value)], found, default);
            Assert.Equal(sets.Where(labels => labels[name] == value), found.Select(block.LabelsOf));
        }
        var read = new SampleColumns();
        block.Read(block.SeriesCount - 1, TimeRange.All, read);
        Assert.Equal(sets.Max!.Count, read.Values[^1]);
        block.Release();
    }

    [Fact]
    public void EndSeries_OutOfOrder_IsRefused()
    {
        using var writer = new BlockWriter(PhysicalFileSystem.Instance, BlockPath, 1);
        writer.Add(Labels.Of(("a", "2")), Samples(1));
        Assert.Throws<InvalidOperationException>(() => writer.Add(Labels.Of(("a", "1")), Samples(1)));
        Assert.Throws<InvalidOperationException>(() => writer.Add(Labels.Of(("a", "2")), Samples(1)));
    }

    /// <summary>Writing a block must not fill the managed heap with what it will never need again.</summary>
    [Fact]
    public void EndSeries_OfNeighbours_AllocatesNothing()
    {
        using var writer = new BlockWriter(PhysicalFileSystem.Instance, BlockPath, 1);
        Label[] labels = [new("__name__", "m"), new("i", "")];
        var values = Enumerable.Range(10_000, 10_000).Select(static i => $"{i}").ToArray();
        var samples = Samples(1);
        int next = 0;
        foreach (string _ in values[..5000]) Write();
        Assert.InRange(Allocations.Of(Write), 0, 0);

        void Write()
        {
            labels[1] = new Label("i", values[next++]);
            writer.AddSamples(samples);
            writer.EndSeries(labels, 7);
        }
    }

    static SampleColumns Samples(double value)
    {
        var samples = new SampleColumns();
        for (int i = 0; i < 3; i++) samples.Add(i * 1000, value);
        return samples;
    }
}
