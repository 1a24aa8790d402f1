namespace Veza.BackendApi;

/// <summary>The price list and orders over HTTP.</summary>
public static class ShopEndpoints
{
    public static void MapShop(this WebApplication app)
    {
        app.MapGet("/api/plans", (Shop shop, Users users, HttpContext http) =>
        {
            users.Authenticate(http);
            shop.Visit();
            return Shop.Plans;
        });

        app.MapPost("/api/orders", async (string plan, Shop shop, Users users, HttpContext http, CancellationToken stopping) =>
        {
            if (users.Authenticate(http) is not { } user) return Results.Unauthorized();
            if (!Shop.Plans.TryGetValue(plan, out var price))
            {
                shop.UnknownPlan();
                return Results.BadRequest(new { error = "no such plan" });
            }
            if (!await shop.OrderAsync(plan, price, stopping)) return Results.Json(new { error = "payment declined" }, statusCode: 402);
            if (plan != "track") users.Upgrade(user);
            return Results.Created("/api/orders", new { plan, price });
        });
    }
}
