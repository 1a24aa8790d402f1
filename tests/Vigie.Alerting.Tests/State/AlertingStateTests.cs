using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Alerting.Tests.State;

public sealed class AlertingStateTests
{
    static List<object> Read(CrashableFileSystem disk)
    {
        var records = new List<object>();
        AlertingState.Open(disk, "state", NullLogger.Instance, records.Add).Dispose();
        return records;
    }

    static AlertingState Open(CrashableFileSystem disk)
    {
        var state = AlertingState.Open(disk, "state", NullLogger.Instance, static _ => { });
        state.Rewrite(static () => [], static () => [], static () => []);
        return state;
    }

    static ActiveAlert NewAlert(int number) => new(
        Labels.Of(("alertname", "A" + number), ("é", "\"\n")), Labels.Of(("summary", "s")), DateTimeOffset.UnixEpoch.AddTicks(number),
        DateTimeOffset.UnixEpoch.AddHours(number), number % 2 == 0, DateTimeOffset.UnixEpoch, "http://g/");

    static Silence NewSilence(int number) => new(
        "id" + number, [new LabelMatcher(MatchType.Regex, "a", "b|c"), new LabelMatcher(MatchType.NotEqual, "d", "")], DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch.AddHours(1), DateTimeOffset.UnixEpoch, "me", "why");

    static NotificationLogEntry NewEntry(int number) => new(
        new NotificationLogKey("{}:{a=\"b\"}", "r/webhook/" + number), new HashSet<ulong> { 1, ulong.MaxValue }, new HashSet<ulong>(), DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch.AddHours(1));

    [Fact]
    public void Records_ReadAsWritten()
    {
        var disk = new CrashableFileSystem(1);
        using var state = Open(disk);
        state.Write(NewAlert(1));
        state.Write(NewSilence(2));
        state.Write(NewEntry(3));
        var records = Read(disk.AfterKill());
        Assert.Equal(NewAlert(1), records[0]);
        var silence = Assert.IsType<Silence>(records[1]);
        Assert.Equal(NewSilence(2).Matchers, silence.Matchers);
        Assert.Equal("id2 me why", $"{silence.Id} {silence.CreatedBy} {silence.Comment}");
        var entry = Assert.IsType<NotificationLogEntry>(records[2]);
        Assert.Equal(NewEntry(3).Key, entry.Key);
        Assert.Equal([1ul, ulong.MaxValue], entry.Firing.Order().ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void PowerCut_SilencesAreThere_TheRestIsWhole(ulong seed)
    {
        var disk = new CrashableFileSystem(seed);
        using var state = Open(disk);
        for (int i = 0; i < 20; i++)
        {
            state.Write(NewAlert(i));
            if (i == 10) state.Write(NewSilence(i));
        }
        var records = Read(disk.AfterPowerCut(unsyncedSurvivesPercent: 50));
        Assert.Contains(records, static record => record is Silence { Id: "id10" });
        var alerts = records.OfType<ActiveAlert>().ToArray();
        Assert.True(alerts.Length >= 11);
        Assert.Equal(Enumerable.Range(0, alerts.Length).Select(NewAlert), alerts);
    }

    [Fact]
    public void Rewrite_DiesAnywhere_NothingIsLost()
    {
        for (int steps = 0; steps < 12; steps++)
        {
            var disk = new CrashableFileSystem(7);
            using var state = Open(disk);
            for (int i = 0; i < 5; i++) state.Write(NewAlert(i));
            state.Sync();
            disk.DiesAfter = steps;
            state.Rewrite(static () => Enumerable.Range(0, 5).Select(NewAlert), static () => [], static () => []);
            var survivors = Read(disk.AfterPowerCut(unsyncedSurvivesPercent: 50)).OfType<ActiveAlert>().Distinct();
            Assert.Equal(5, survivors.Count());
        }
    }

    [Fact]
    public void Damage_CutsTheRestOnly()
    {
        var disk = new CrashableFileSystem(1);
        using (var state = Open(disk))
            for (int i = 0; i < 10; i++) state.Write(NewAlert(i));
        string path = Path.Combine("state", disk.ListFiles("state")[0]);
        disk.Cut(path, (int)disk.SizeOf(path) - 5);
        Assert.Equal(9, Read(disk).Count);
    }
}
