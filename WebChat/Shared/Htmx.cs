namespace WebChat.Shared;

/// <summary>The few htmx headers the app reads and writes (https://htmx.org/reference).</summary>
internal static class Htmx
{
    /// <summary>True where htmx asks for a part of a page; a history restore asks for the whole one.</summary>
    public static bool IsHtmx(this HttpRequest request) =>
        request.Headers.ContainsKey("HX-Request") &&
        !request.Headers.ContainsKey("HX-History-Restore-Request") &&
        request.Headers["HX-Request-Type"] != "full";

    /// <summary>True where a script asked for JSON and nothing else.</summary>
    public static bool WantsJson(this HttpRequest request) =>
        request.Headers.Accept.ToString().StartsWith("application/json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Sends the whole page elsewhere after an htmx request.</summary>
    public static void HtmxRedirect(this HttpResponse response, string address) => response.Headers["HX-Redirect"] = address;
}
