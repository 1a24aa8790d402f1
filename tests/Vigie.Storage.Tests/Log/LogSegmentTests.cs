using System.Text;
using Vigie.Testing;

namespace Vigie.Storage.Tests.Log;

public sealed class LogSegmentTests
{
    const byte Kind = 7;

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(50)];

    /// <summary>Records are "r0" to "r9": 10 bytes each, from offset 16.</summary>
    [Theory]
    [InlineData("whole", -1, 0, "0123456789", 0, 0)]
    [InlineData("torn record", 115, -1, "012345678", 1, 9)]
    [InlineData("torn frame", 110, -1, "012345678", 1, 4)]
    [InlineData("cut between records", 106, -1, "012345678", 0, 0)]
    [InlineData("bad checksum", 40, 0xff, "013456789", 1, 10)]
    [InlineData("bad payload", 45, 0xff, "013456789", 1, 10)]
    [InlineData("bad length, too long", 38, 0xff, "013456789", 1, 10)]
    [InlineData("bad length, too short", 36, 1, "013456789", 1, 10)]
    [InlineData("zero length", 36, 0, "013456789", 1, 10)]
    [InlineData("bad last record", 115, 0xff, "012345678", 1, 10)]
    public void TryRead_WithDamage_SkipsIt(string damage, int offset, int poke, string expected, int records, int bytes)
    {
        var disk = Segment(Enumerable.Range(0, 10).Select(i => $"r{i}"));
        if (poke < 0) disk.Cut("log/1", offset);
        else if (offset >= 0) disk.Poke("log/1", offset, (byte)poke);
        var reader = new LogSegmentReader(disk.ReadAll("log/1"));
        var read = new StringBuilder();
        while (reader.TryRead(out var payload)) read.Append((char)payload[1]);
        Assert.Equal((damage, expected, records, (long)bytes), (damage, read.ToString(), reader.DamagedRecords, reader.DamagedBytes));
        Assert.Equal(records == 0 ? -1 : offset >= 106 ? 106 : 36, reader.FirstDamageOffset);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TryRead_AfterRandomDamage_ReturnsOnlyRecordsThatWereWritten(ulong seed)
    {
        var random = new SeededRandom(seed);
        var written = Enumerable.Range(0, 50).Select(_ => random.NextText(random.Next(1, 200))).ToArray();
        var disk = Segment(written);
        for (int i = random.Next(1, 6); i > 0; i--) disk.FlipBit("log/1");
        var reader = new LogSegmentReader(disk.ReadAll("log/1"));
        int at = 0;
        while (reader.TryRead(out var payload))
        {
            string text = Encoding.UTF8.GetString(payload);
            at = Array.IndexOf(written, text, at) + 1;
            Assert.True(at > 0, $"seed {seed}: '{text}' was not written, or not in this place");
        }
    }

    [Fact]
    public void Write_OnAFullDisk_LeavesNothingOfTheRecord()
    {
        var disk = new CrashableFileSystem(1);
        disk.CreateDirectory("log");
        using var writer = LogSegmentWriter.Create(disk, "log/1", Kind, 1);
        disk.Capacity = disk.UsedBytes + 20;
        var records = new LogRecords();
        Add(records, new string('x', 100));
        var problem = Assert.Throws<IOException>(() => writer.Write(records));
        Assert.True(DiskFull.Is(problem));
        Assert.Equal(SegmentHeader.Size, writer.Length);
        Assert.False(writer.IsBroken);
    }

    [Theory]
    [InlineData(0, (byte)'X', "magic")]
    [InlineData(5, (byte)9, "reader of version 9")]
    [InlineData(6, (byte)1, "kind 1")]
    public void Header_Damaged_IsRefusedWithTheReason(int offset, byte value, string expected)
    {
        var disk = Segment([]);
        disk.Poke("log/1", offset, value);
        Assert.False(SegmentHeader.TryRead(disk.ReadAll("log/1"), Kind, out _, out string? problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    static CrashableFileSystem Segment(IEnumerable<string> texts)
    {
        var disk = new CrashableFileSystem(1);
        disk.CreateDirectory("log");
        using var writer = LogSegmentWriter.Create(disk, "log/1", Kind, 1);
        var records = new LogRecords();
        foreach (string text in texts) Add(records, text);
        if (records.Written.Length > 0) writer.Write(records);
        return disk;
    }

    static void Add(LogRecords records, string text)
    {
        records.Begin();
        records.Buffer.WriteBytes(Encoding.UTF8.GetBytes(text));
        records.End();
    }
}
