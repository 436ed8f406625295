namespace WebChat.Shared;

/// <summary>Where the program's own files are: beside it once it is published, in the repository while one develops.</summary>
internal static class Place
{
    /// <summary>A published program looks beside itself, for its files and for what its settings name by a relative path: it may be started from anywhere.</summary>
    public static WebApplicationOptions Options(string[] args) =>
        Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot"))
            ? new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory, WebRootPath = "wwwroot" }
            : new WebApplicationOptions { Args = args, WebRootPath = Directory.Exists("wwwroot") ? "wwwroot" : "../wwwroot" };

    /// <summary>Without this, every style sheet and script would be answered, and be empty.</summary>
    /// <exception cref="InvalidOperationException">The files are not there.</exception>
    public static void CheckFiles(this WebApplication app)
    {
        if (!app.Environment.WebRootFileProvider.GetFileInfo("css/tokens.css").Exists)
            throw new InvalidOperationException(
                $"The style sheets and scripts are missing: there is no wwwroot with them beside the program in {AppContext.BaseDirectory}, nor one by {Environment.CurrentDirectory}. Publish it anew, or start it with dotnet run.");
    }
}
