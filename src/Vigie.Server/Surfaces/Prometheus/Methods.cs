namespace Vigie.Server.Surfaces.Prometheus;

static class Methods
{
    public static readonly string[] Get = ["GET", "HEAD"];
    public static readonly string[] GetPost = ["GET", "POST"];
    public static readonly string[] PostPut = ["POST", "PUT"];
}
