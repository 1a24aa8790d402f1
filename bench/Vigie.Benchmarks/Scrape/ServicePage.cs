using System.Globalization;
using System.Text;

namespace Vigie.Benchmarks.Scrape;

/// <summary>Pages as a service with counters, gauges and histograms shows them: about 90 bytes a line, half of the values move.</summary>
static class ServicePage
{
    const int Families = 10;

    /// <param name="target">Makes the values differ from target to target.</param>
    /// <param name="turn">Number of the scrape.</param>
    public static byte[] Render(int series, int target, int turn)
    {
        var random = new Random(target);
        var page = new StringBuilder();
        for (int i = 0; i < series; i++)
        {
            int family = i * Families / series;
            if (i == 0 || family != (i - 1) * Families / series)
            {
                page.Append(CultureInfo.InvariantCulture, $"# HELP service_requests_{family}_total Requests of kind {family}.\n");
                page.Append(CultureInfo.InvariantCulture, $"# TYPE service_requests_{family}_total counter\n");
            }
            page.Append(CultureInfo.InvariantCulture,
                $"service_requests_{family}_total{{method=\"GET\",endpoint=\"/api/v1/things/{i % 97}\",status=\"{200 + (i % 5)}\",n=\"{i}\"}} ");
            page.Append(ValueOf(random, i, turn)).Append('\n');
        }
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    static string ValueOf(Random random, int i, int turn)
    {
        int start = random.Next(1, 1000), speed = random.Next(1, 40);
        double moving = start + (speed * (double)turn);
        return (i % 10) switch
        {
            0 or 1 or 2 or 3 or 4 => start.ToString(CultureInfo.InvariantCulture),
            5 or 6 or 7 => moving.ToString(CultureInfo.InvariantCulture),
            8 => (moving * 1e4).ToString("0.######e+00", CultureInfo.InvariantCulture),
            _ => (moving / 7).ToString("r", CultureInfo.InvariantCulture),
        };
    }
}
