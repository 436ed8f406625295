using System.Globalization;

namespace WebChat.Shared;

/// <summary>The command <c>health</c>: what a container without a shell asks to know whether its node is ready.</summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <returns>0 when the node is ready, else 1.</returns>
    public static async Task<int> AskAsync(IConfiguration settings, TextWriter output, CancellationToken cancel)
    {
        var address = AddressOf(settings);
        using var http = new HttpClient { BaseAddress = address, Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancel);
            await output.WriteLineAsync(await answer.Content.ReadAsStringAsync(cancel));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            await output.WriteLineAsync($"Nobody answers at {address}: {error.Message}");
            return 1;
        }
    }

    /// <summary>The address that a node with these settings listens at, as this machine reaches it.</summary>
    internal static Uri AddressOf(IConfiguration settings)
    {
        var first = First(settings["urls"])
            ?? (First(settings["http_ports"]) is { } port ? $"http://+:{port}" : null)
            ?? (First(settings["https_ports"]) is { } securePort ? $"https://+:{securePort}" : null)
            ?? settings.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).FirstOrDefault(u => u is not null)
            ?? Setup.DefaultAddress;
        var address = BindingAddress.Parse(first);
        var host = address.Host is "+" or "*" or "0.0.0.0" ? "127.0.0.1" : address.Host is "[::]" ? "[::1]" : address.Host;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{host}:{address.Port}"));
    }

    // One without TLS if there is one: a certificate would be for another name than this.
    private static string? First(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).OrderBy(a => a.StartsWith("https", StringComparison.OrdinalIgnoreCase)).FirstOrDefault();
}
