using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace WebChat.Storage;

internal static class Setup
{
    /// <summary>The database, and beside it the keys that protect cookies and forms: in the data directory, or in PostgreSQL for all nodes.</summary>
    public static void AddStorage(this WebApplicationBuilder builder)
    {
        var options = builder.StorageOptions();
        builder.Services.AddSingleton(options);
        MakeDataDirectory(options.Data);
        builder.Services.TryAddSingleton(TimeProvider.System); // commands have nothing else
        if (options.Redis is not null)
            builder.Services.AddSingleton<Redis>();
        var keys = builder.Services.AddDataProtection().SetApplicationName("WebChat");
        if (Given(builder, "WebChat:Keys:Certificate") is { } certificate)
            keys.ProtectKeysWithCertificate(X509CertificateLoader.LoadPkcs12FromFile(certificate, builder.Configuration["WebChat:Keys:Password"]));
        if (options.Postgres is null)
        {
            builder.Services.AddSingleton<Database, SqliteDatabase>();
            keys.PersistKeysToFileSystem(Directory.CreateDirectory(options.KeysDirectory));
        }
        else
        {
            builder.Services.AddSingleton<Database, PostgresDatabase>();
            builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>, DatabaseKeys>();
        }
    }

    /// <summary>What is in it is nobody else's on this machine: rows, keys, mails with codes. One that is there stays as its owner made it.</summary>
    private static void MakeDataDirectory(string path)
    {
        if (Directory.Exists(path))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>What the settings say.</summary>
    public static StorageOptions StorageOptions(this WebApplicationBuilder builder) => new()
    {
        Data = Path.GetFullPath(builder.Configuration["WebChat:Data"] ?? "data", builder.Environment.ContentRootPath),
        Postgres = Given(builder, "WebChat:Storage:Postgres"),
        Redis = Given(builder, "WebChat:Redis"),
        RedisPrefix = Given(builder, "WebChat:RedisPrefix") ?? "webchat",
    };

    private static string? Given(WebApplicationBuilder builder, string name) => builder.Configuration[name] is { Length: > 0 } value ? value : null;
}
