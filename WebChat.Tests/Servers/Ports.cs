using System.Net;
using System.Net.Sockets;

namespace WebChat.Tests.Servers;

internal static class Ports
{
    /// <summary>A port below those the system hands out by itself: nobody takes it while its server is down.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                continue; // taken
            }
        }
    }
}
