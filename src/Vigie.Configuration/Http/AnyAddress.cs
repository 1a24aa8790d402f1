using System.Net;
using System.Net.Sockets;

namespace Vigie.Configuration.Http;

/// <summary>Spreads connections over all addresses of a host name, as <c>round_robin_dns</c> of remote write asks for.</summary>
static class AnyAddress
{
    /// <exception cref="SocketException">None of the addresses can be reached; it is that of the last one tried.</exception>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation).ConfigureAwait(false);
        Random.Shared.Shuffle(addresses);
        for (int i = 0; ; i++)
        {
            if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[i], context.DnsEndPoint.Port, cancellation).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
