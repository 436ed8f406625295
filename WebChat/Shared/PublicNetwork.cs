using System.Net;
using System.Net.Sockets;

namespace WebChat.Shared;

/// <summary>
/// Which addresses are the public's: what people name may be fetched from there, and from nowhere else. Everything that IANA's
/// registries of special-purpose addresses keep for machines, private networks, documentation, multicast, or as another way to write
/// an address of the other family, is not.
/// </summary>
internal static class PublicNetwork
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("224.0.0.0/3"), // multicast, reserved, broadcast
    ];

    // All that is public so far is in here: mapped addresses, NAT64, local, link-local and multicast ones are not.
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialV6 =
    [
        IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"), // Teredo and others, documentation, 6to4
        IPNetwork.Parse("3fff::/20"),
    ];

    public static bool Has(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Array.Exists(SpecialV4, n => n.Contains(address)),
        // Of a mapped address a network looks at the IPv4 part alone, and finds ::ffff:10.0.0.1 in 2000::/3.
        AddressFamily.InterNetworkV6 => !address.IsIPv4MappedToIPv6 && GlobalV6.Contains(address) && !Array.Exists(SpecialV6, n => n.Contains(address)),
        _ => false,
    };
}
