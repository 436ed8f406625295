using Microsoft.AspNetCore.DataProtection;

namespace WebChat.Storage;

internal static class Setup
{
    /// <summary>The database, and the keys that protect cookies and forms, in the data directory.</summary>
    public static void AddStorage(this WebApplicationBuilder builder)
    {
        var data = Path.GetFullPath(builder.Configuration["WebChat:Data"] ?? "data", builder.Environment.ContentRootPath);
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(new StorageOptions { Data = data }));
        builder.Services.AddSingleton<Database>();
        builder.Services.AddDataProtection()
            .SetApplicationName("WebChat")
            .PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(data, "keys")));
    }
}
