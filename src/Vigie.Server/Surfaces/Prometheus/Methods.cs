namespace Vigie.Server.Surfaces.Prometheus;

static class Methods
{
    /// <summary>Without HEAD: upstream's API answers it with 405.</summary>
    public static readonly string[] Get = ["GET"];
    public static readonly string[] GetHead = ["GET", "HEAD"];
    public static readonly string[] GetPost = ["GET", "POST"];
    public static readonly string[] PostPut = ["POST", "PUT"];
}
