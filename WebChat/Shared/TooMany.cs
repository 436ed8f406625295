using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace WebChat.Shared;

/// <summary>The answer to one who does something too often: 429, and after how long to try again.</summary>
internal static class TooMany
{
    /// <summary>The plain page, sentence or JSON of a 429.</summary>
    public static IActionResult Answer(HttpContext http, TimeSpan wait)
    {
        Say(http, wait);
        return new StatusCodeResult(StatusCodes.Status429TooManyRequests);
    }

    /// <summary>Sets the status and Retry-After, for an answer with a body of its own.</summary>
    /// <returns>The wait in whole seconds.</returns>
    public static int Say(HttpContext http, TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds;
    }

    /// <summary>The client's address, as rates are counted by: an IPv6 network of 64 bits is one client.</summary>
    public static string Address(this HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : address.ToString();
    }
}
