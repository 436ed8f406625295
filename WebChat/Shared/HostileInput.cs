using Microsoft.AspNetCore.Connections;

namespace WebChat.Shared;

/// <summary>Refuses, before any page sees it, what no form of ours sends: NUL in a field or in the query, a form that cannot be read, and a body that is too long.</summary>
internal static class HostileInput
{
    /// <summary>Longest request body, in bytes, where a page does not allow more.</summary>
    public const long MostBytes = 64 * 1024;

    public static void UseHostileInput(this IApplicationBuilder app) =>
        app.Use(async (http, next) =>
        {
            if (http.GetEndpoint() is not null && await IsHostileAsync(http.Request))
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
            else
                await next(http);
        });

    private static async Task<bool> IsHostileAsync(HttpRequest request)
    {
        if (request.Query.Any(q => HasNul(q.Key) || q.Value.Any(HasNul)))
            return true;
        if (!request.HasFormContentType)
            return false;
        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return form.Any(f => HasNul(f.Key) || f.Value.Any(HasNul)) || form.Files.Any(f => HasNul(f.FileName));
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or (IOException and not (BadHttpRequestException or ConnectionResetException)))
        {
            return true; // too many fields, no end, letters of no encoding we know, or no form at all
        }
    }

    private static bool HasNul(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;
}
