using System.Globalization;
using System.Net;
using System.Text.Json;
using Vigie.Testing;

namespace Vigie.EndToEnd.Tests.Durability;

/// <summary>
/// Writes samples whose values follow from series and time, notes which requests were acknowledged, and compares them with what the server
/// says it has: all that were acknowledged, none twice, none altered, and nothing that was never sent.
/// </summary>
sealed class AcknowledgedWriter(string name, long startMs)
{
    const int Series = 12, StepMs = 1000, ChurnEvery = 40;
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    readonly SortedDictionary<int, bool> _requests = [];    // by number: acknowledged, or sent without an answer
    int _next;

    public int Acknowledged => _requests.Count(static pair => pair.Value);
    public int AcknowledgedSamples => Acknowledged * Series;

    /// <summary>Sends one request after the other until <paramref name="stop"/>, or until the server is gone.</summary>
    public async Task WriteAsync(string url, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            int number = _next++;
            _requests[number] = false;
            using var body = new ByteArrayContent(WriteRequest.Encode(SamplesOf(number)));
            body.Headers.ContentType = new("application/x-protobuf");
            body.Headers.ContentEncoding.Add("snappy");
            try
            {
                using var answer = await Http.PostAsync(url + "/api/v1/write", body, CancellationToken.None);
                if (answer.StatusCode == HttpStatusCode.NoContent) _requests[number] = true;
                else if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                    throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
            }
            catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException)
            {
                return;
            }
            await Task.Delay(Pace, CancellationToken.None);
        }
    }

    /// <summary>Compares the requests from a number on.</summary>
    public async Task<int> VerifyAsync(string url, int fromRequest)
    {
        const int Slice = 3000;
        for (int from = Math.Max(0, fromRequest); from < _next; from += Slice) await VerifyAsync(url, from, Math.Min(_next, from + Slice));
        return _next;
    }

    async Task VerifyAsync(string url, int from, int to)
    {
        var expected = new Dictionary<(string Series, long Time), (double Value, bool Acknowledged)>();
        for (int number = from; number < to; number++)
            foreach (var (_, label, time, value) in SamplesOf(number)) expected[(label, time)] = (value, _requests[number]);
        string window = $"{(to - from) * StepMs}ms";
        string at = ((startMs + ((to - 1L) * StepMs)) / 1000.0).ToString(CultureInfo.InvariantCulture);
        await using var answer = await Http.GetStreamAsync($"{url}/api/v1/query?query={name}[{window}]&time={at}");
        using var json = await JsonDocument.ParseAsync(answer);
        foreach (var series in json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            string label = series.GetProperty("metric").GetProperty("series").GetString()!;
            foreach (var sample in series.GetProperty("values").EnumerateArray())
            {
                long time = (long)Math.Round(sample[0].GetDouble() * 1000);
                double value = double.Parse(sample[1].GetString()!, CultureInfo.InvariantCulture);
                Assert.True(expected.Remove((label, time), out var sent), $"{name} {label} has a sample at {time} twice, or one that was never sent");
                Assert.True(sent.Value.Equals(value), $"{name} {label} at {time}: found {value:R}, sent {sent.Value:R}");
            }
        }
        var lost = expected.Where(static pair => pair.Value.Acknowledged).Select(static pair => pair.Key).ToList();
        Assert.True(lost.Count == 0, $"{name}: {lost.Count} acknowledged samples are gone, the first {lost.FirstOrDefault()}");
    }

    IEnumerable<(string Name, string Label, long TimestampMs, double Value)> SamplesOf(int number)
    {
        long time = startMs + ((long)number * StepMs);
        for (int i = 0; i < Series; i++)
        {
            // The last one is another series every now and then.
            string label = i < Series - 1 ? $"s{i}" : $"churn{number / ChurnEvery}";
            yield return (name, label, time, ValueOf(i, number));
        }
    }

    /// <summary>Counters, decimals, values that rest, and noise.</summary>
    static double ValueOf(int series, int number) => (series % 4) switch
    {
        0 => number * (series + 1),
        1 => Math.Round(new SeededRandom((ulong)(series * 1_000_003 + number)).Next(100_000) / 1000.0, 3),
        2 => number / 50,
        _ => BitConverter.Int64BitsToDouble(0x3ff0_0000_0000_0000 | (long)(new SeededRandom((ulong)(series * 7919 + number)).NextUInt64() >> 12)),
    };
}
