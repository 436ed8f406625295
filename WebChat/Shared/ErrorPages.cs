using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Extensions.Localization;
using WebChat.Storage;

namespace WebChat.Shared;

/// <summary>What an answer without a body says.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What happened, in a few words.</param>
/// <param name="Words">What that means, and what to do.</param>
/// <param name="Again">Where "Try again" leads; null where trying again is of no use.</param>
/// <param name="Request">How the log calls this request.</param>
internal sealed record Lost(int Status, string Title, string Words, string? Again, string Request);

/// <summary>
/// Gives every refusal and failure its words: a page, one sentence for htmx, or <c>{"error":"…"}</c> where JSON was asked. It reads
/// no row, so it works while the database does not.
/// </summary>
internal sealed partial class ErrorPages(RequestDelegate next, IHostApplicationLifetime lifetime, ILogger<ErrorPages> logger)
{
    private const string RetryAfterSeconds = "2";

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception error) when (IsGone(error, http))
        {
            return; // nobody waits for an answer: they went, or we are going
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            http.Response.StatusCode = StatusOf(error);
            if (error is StorageUnavailableException)
                http.Response.Headers.RetryAfter = RetryAfterSeconds;
            if (http.Response.StatusCode == StatusCodes.Status500InternalServerError)
                Log.Failed(logger, error, http.TraceIdentifier);
        }
        if (http.Response is { HasStarted: false, StatusCode: >= 500, ContentType: null })
            Meters.Errors.Add(1);
        if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null } && !HttpMethods.IsHead(http.Request.Method))
            await SayAsync(http);
    }

    // The body may end in a cancellation before the request says that it was aborted.
    private bool IsGone(Exception error, HttpContext http) =>
        error is ConnectionAbortedException or ConnectionResetException ||
        (error is OperationCanceledException && (http.RequestAborted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested));

    private static int StatusOf(Exception error) => error switch
    {
        StorageUnavailableException => StatusCodes.Status503ServiceUnavailable,
        BadHttpRequestException refused => refused.StatusCode,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static async Task SayAsync(HttpContext http)
    {
        Languages.Speak(http); // the language set further in was for that part of the flow only
        var lost = Describe(http, http.RequestServices.GetRequiredService<IStringLocalizer<Texts>>());
        if (http.Request.WantsJson())
            await http.Response.WriteAsJsonAsync(new { error = lost.Words });
        else if (http.Request.IsHtmx() || !TakesPages(http.Request))
            await Results.Text(lost.Words, statusCode: lost.Status).ExecuteAsync(http);
        else
            await new ViewResult
            {
                ViewName = "/Shared/Lost.cshtml",
                StatusCode = lost.Status,
                ViewData = new ViewDataDictionary<Lost>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = lost },
            }.ExecuteResultAsync(new ActionContext(http, new RouteData(), new ActionDescriptor()));
    }

    private static bool TakesPages(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Length == 0 || accept.StartsWith("*/*", StringComparison.Ordinal) || accept.Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    private static Lost Describe(HttpContext http, IStringLocalizer<Texts> text)
    {
        var status = http.Response.StatusCode;
        var (title, words) = status switch
        {
            401 => ("Sign in to go on", "You are not signed in, or no longer."),
            403 => ("This is not for you", "You may not do this here."),
            404 => ("Nothing at this address", "It may have moved, or it was never open to you. The link may also be incomplete."),
            405 => ("Nothing at this address", "This address does not take that kind of request."),
            408 => ("That took too long", "What you sent did not arrive in time. Try again, perhaps on a better line."),
            413 => ("That is too big", "What you sent is larger than this chat takes."),
            429 => ("A little slower", "You did this too often in a short time. Wait a moment, then try again."),
            503 => ("Back in a moment", "The house cannot store or read anything right now. Nothing was changed; try again in a few seconds."),
            < 500 => ("That did not work", "The form may be too old, or something in it is not allowed. Go back, reload the page and try again."),
            _ => ("Something went wrong", "The fault is ours, and it has been noted. Try again, or come back a little later."),
        };
        var again = status is 429 or >= 500 && HttpMethods.IsGet(http.Request.Method) ? $"{http.Request.Path}{http.Request.QueryString}" : null;
        return new Lost(status, text[title], text[words], again, http.TraceIdentifier);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Request {Request} failed")]
        public static partial void Failed(ILogger logger, Exception error, string request);
    }
}
