using System.Net;
using Vigie.EndToEnd.Tests.Harness;
using Vigie.Testing;

namespace Vigie.EndToEnd.Tests.Durability;

/// <summary>
/// A series that is written and deleted while blocks are made and cleaned at random: what an answered delete took must never come back.
/// </summary>
sealed class DeletedSeries(ulong seed, long startMs)
{
    const string Name = "kill_victim";
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    readonly SeededRandom _random = new(seed);
    int _written;
    int _deleted;

    public async Task DisturbAsync(string url, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                switch (_random.Next(3))
                {
                    case 0:
                        await PostAsync(url, "snapshot");
                        break;
                    case 1:
                        await PostAsync(url, "clean_tombstones");
                        break;
                    default:
                        using (var body = new ByteArrayContent(WriteRequest.Encode([(Name, "v", startMs + (++_written * 1000L), _written)])))
                        using (await Http.PostAsync(url + "/api/v1/write", body, CancellationToken.None)) { }
                        int upTo = _written;
                        await PostAsync(url, "delete_series?match[]=" + Name);
                        _deleted = upTo;
                        break;
                }
                await Task.Delay(_random.Next(50, 400), CancellationToken.None);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException)
        {
            // Killed.
        }
    }

    public async Task VerifyAsync(VigieServer server)
    {
        var oldest = await server.QueryAsync($"min_over_time({Name}[5d])");
        Assert.All(oldest.Values, value => Assert.True(double.Parse(value, System.Globalization.CultureInfo.InvariantCulture) > _deleted,
            $"deleted sample {value} is back; deleted were those up to {_deleted}"));
    }

    static async Task PostAsync(string url, string call)
    {
        using var answer = await Http.PostAsync($"{url}/api/v1/admin/tsdb/{call}", null, CancellationToken.None);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent, $"{call}: {answer.StatusCode}");
    }
}
