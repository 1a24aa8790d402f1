using Microsoft.AspNetCore.Http;

namespace Veza.Shared;

/// <summary>The kind of user who makes a request: "anonymous", "free" or "premium".</summary>
public static class UserType
{
    static readonly object s_key = new();

    public static string Of(HttpContext context) => context.Items[s_key] as string ?? "anonymous";

    public static void Set(HttpContext context, bool isPremium) => context.Items[s_key] = isPremium ? "premium" : "free";
}
