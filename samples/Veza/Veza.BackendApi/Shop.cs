using System.Diagnostics.Metrics;
using Veza.Shared;
using static Veza.Shared.MeterNames;

namespace Veza.BackendApi;

/// <summary>Plans and orders: revenue and conversion.</summary>
public sealed class Shop
{
    const double DeclinedShare = 0.03;

    /// <summary>Prices in euros.</summary>
    public static readonly IReadOnlyDictionary<string, double> Plans = new Dictionary<string, double>
    {
        ["track"] = 1.29,
        ["premium"] = 9.99,
        ["family"] = 14.99,
    };

    readonly Database _database;
    readonly RollingSum _revenueOfDay;
    readonly RollingSum _visits;
    readonly RollingSum _ordersOfHour;
    readonly Counter<double> _revenue;
    readonly Counter<long> _transactions;
    readonly Counter<long> _errors;

    public Shop(IMeterFactory meters, Database database, TimeProvider clock)
    {
        _database = database;
        _revenueOfDay = new RollingSum(clock, TimeSpan.FromDays(1), slots: 1440);
        _visits = new RollingSum(clock, TimeSpan.FromHours(1));
        _ordersOfHour = new RollingSum(clock, TimeSpan.FromHours(1));
        var meter = meters.Create("Veza.Shop");
        meter.Gauge("Revenue of the last 24 hours in euros.", () => _revenueOfDay.Sum, "revenue_per_day");
        meter.Gauge("Share of visitors of the price list in the last hour who ordered.",
            () => _visits.Sum is > 0 and var visits ? Math.Min(1, _ordersOfHour.Sum / visits) : 0, "conversion_rate");
        _revenue = meter.CreateCounter<double>("veza_revenue_total", null, "Revenue in euros, by plan.");
        _transactions = meter.CreateCounter<long>("business_transactions_total", null, "Total number of business transactions, by type.");
        _errors = meter.CreateCounter<long>("business_errors_total", null, "Business transactions that failed, by reason.");
        _errors.Add(0, Tag("reason", "payment_declined"));
        _errors.Add(0, Tag("reason", "unknown_plan"));
    }

    public void Visit() => _visits.Add(1);

    public void UnknownPlan() => _errors.Add(1, Tag("reason", "unknown_plan"));

    /// <summary>False when the payment was declined.</summary>
    public async Task<bool> OrderAsync(string plan, double price, CancellationToken cancellationToken)
    {
        var isPaid = Random.Shared.NextDouble() >= DeclinedShare;
        await _database.InsertAsync("orders", () => isPaid, cancellationToken);
        if (!isPaid)
        {
            _errors.Add(1, Tag("reason", "payment_declined"));
            return false;
        }
        _revenue.Add(price, Tag("plan", plan));
        _revenueOfDay.Add(price);
        _ordersOfHour.Add(1);
        _transactions.Add(1, Tag("type", "order"));
        return true;
    }
}
