using System.CommandLine;
using Vigie.Metrics;
using Vigie.Model;

namespace Vigie.Commands;

/// <summary>`vigie tsdb list`: the blocks of a store, with the columns of `promtool tsdb list`.</summary>
static class TsdbListCommand
{
    public static Command Create()
    {
        var path = TsdbStore.PathArgument();
        var readable = new Option<bool>("--human-readable", "-r") { Description = "Print human readable values." };
        var command = new Command("list", "List store blocks.") { path, readable };
        command.SetAction(parsed => TsdbStore.Run(() =>
        {
            using var store = TsdbStore.Open(parsed.GetValue(path)!);
            Print(store, parsed.GetValue(readable));
            return 0;
        }));
        return command;
    }

    internal static void Print(MetricStore store, bool human)
    {
        Console.WriteLine($"{"BLOCK",-10}{"MIN TIME",-22}{"MAX TIME",-22}{"DURATION",-15}{"NUM SAMPLES",-13}{"NUM SERIES",-12}SIZE");
        foreach (var block in store.BlockList())
        {
            Console.WriteLine($"{block.Number,-10:d8}{Time(block.Range.StartMs, human),-22}{Time(block.Range.EndMs, human),-22}"
                + $"{GoDuration.Format(block.Range.EndMs - block.Range.StartMs),-15}{block.Samples,-13}{block.Series,-12}{block.Bytes}");
        }
    }

    static string Time(long timestampMs, bool human) => human
        ? DateTimeOffset.FromUnixTimeMilliseconds(timestampMs).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", System.Globalization.CultureInfo.InvariantCulture)
        : timestampMs.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
