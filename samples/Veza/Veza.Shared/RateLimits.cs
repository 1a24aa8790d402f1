using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Veza.Shared;

/// <summary>Bounds the calls of one client address; what lies above is answered 429 and counted.</summary>
public sealed class RateLimits : IConfigureOptions<RateLimiterOptions>
{
    const int BurstMax = 60;
    const int CallsPerSecond = 10;

    readonly Counter<long> _violations;

    public RateLimits(IMeterFactory meters)
    {
        _violations = meters.Create("Veza.RateLimits")
            .CreateCounter<long>("veza_rate_limit_violations_total", null, "Total number of rate limit violations.");
        _violations.Add(0);
    }

    public void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = (_, _) =>
        {
            _violations.Add(1);
            return ValueTask.CompletedTask;
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            RateLimitPartition.GetTokenBucketLimiter(ClientAddress.Of(context), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = BurstMax,
                TokensPerPeriod = CallsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }));
    }

    public static void Add(IServiceCollection services)
    {
        services.AddRateLimiter(_ => { });
        services.AddSingleton<IConfigureOptions<RateLimiterOptions>, RateLimits>();
    }
}
