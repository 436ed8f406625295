using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace WebChat.Shared;

/// <summary>Whose <c>X-Forwarded-*</c> headers are believed: the addresses and networks of <c>WebChat:TrustedProxies</c>, and nobody else's.</summary>
internal static class Proxies
{
    public static void UseProxies(this WebApplication app)
    {
        var trusted = (app.Configuration["WebChat:TrustedProxies"] ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (trusted.Length == 0)
            return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null, // through as many trusted ones as there are
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in trusted)
        {
            if (IPAddress.TryParse(proxy, out var address))
                options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
                options.KnownIPNetworks.Add(network);
            else
                throw new InvalidOperationException($"WebChat__TrustedProxies holds \"{proxy}\", which is neither an address such as 10.0.0.2 nor a network such as 10.0.0.0/8.");
        }
        app.UseForwardedHeaders(options);
    }
}
