using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebChat.Storage;
using WebChat.Tests.Servers;
using WebChat.Tests.Storage;

namespace WebChat.Tests;

/// <summary>
/// The whole app on a temporary data directory, behind real Kestrel on a loopback port. Limits are off unless a test sets
/// one. The first person who signs up is the administrator.
/// </summary>
public class App : WebApplicationFactory<Program>
{
    public const string Password = "tides at ten o'clock";

    private static readonly string[] Limits =
    [
        "PostsPerSecond", "PostsPerMinute", "RequestsPerMinute", "ProfilesPerMinute", "SearchesPerMinute", "NamesPerMinute", "UploadsPerHour", "SignInsPerMinute", "RegistrationsPerHour",
        "CodesPerHour", "CodeChecksPerHour", "HandshakesPerMinute", "SocketsPerUser", "OpeningsPerSecond", "GroupsPerUser", "MembersPerGroup", "ExportsPerHour", "ReportsPerHour",
    ];

    private readonly SemaphoreSlim first = new(1, 1);
    private readonly (string Name, string Value)[] settings;
    private readonly Action<IServiceCollection>? replace;
    private bool isSetUp;

    public App() : this([])
    {
    }

    internal App(params (string Name, string Value)[] settings) : this(null, settings)
    {
    }

    /// <param name="replace">Puts something in place of what the app is made of.</param>
    /// <param name="settings">Its environment. A limit that is empty there is not in it at all.</param>
    internal App(Action<IServiceCollection>? replace, params (string Name, string Value)[] settings)
    {
        this.replace = replace;
        this.settings = settings;
        UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        StartServer();
        Address = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Its data directory.</summary>
    public string Data { get; } = Directory.CreateTempSubdirectory("webchat-test-").FullName;

    /// <summary>Somebody with a browser and no account.</summary>
    internal Person Visitor(string language = "en") => new(this, "", language);

    /// <summary>Somebody who has an account of this name, made through the pages, and is signed in.</summary>
    internal async Task<Person> SignUpAsync(string account, string language = "en")
    {
        await first.WaitAsync();
        try
        {
            var person = new Person(this, account, language);
            if (!isSetUp)
            {
                await person.SetUpAsync();
                isSetUp = true;
            }
            else
            {
                await person.RegisterAsync();
            }
            return person;
        }
        finally
        {
            first.Release();
        }
    }

    /// <summary>Two friends and the number of their room.</summary>
    internal async Task<(Person Ann, Person Ben, long Room)> FriendsAsync(string ann, string ben)
    {
        var a = await SignUpAsync(ann);
        var b = await SignUpAsync(ben);
        return (a, b, await a.BefriendAsync(b));
    }

    internal T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>The newest code mailed to the address.</summary>
    internal string CodeFor(string email) => CodeFor(Data, email);

    /// <summary>The newest code mailed to the address from this data directory.</summary>
    internal static string CodeFor(string data, string email)
    {
        var mail = Directory.GetFiles(Path.Combine(data, "mail"), "*.eml")
            .Select(file => (Written: File.GetLastWriteTimeUtc(file), Name: file, Text: File.ReadAllText(file)))
            .Where(m => m.Text.Contains(email, StringComparison.OrdinalIgnoreCase) && Code.IsMatch(Decode(m.Text)))
            .OrderByDescending(m => m.Written).ThenByDescending(m => m.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        Assert.True(mail.Text is not null, $"no mail with a code for {email}");
        return Code.Match(Decode(mail.Text!)).Value;
    }

    /// <summary>How many mails went to the address.</summary>
    internal int MailsTo(string email) =>
        Directory.Exists(Path.Combine(Data, "mail"))
            ? Directory.GetFiles(Path.Combine(Data, "mail"), "*.eml").Count(f => File.ReadAllText(f).Contains(email, StringComparison.OrdinalIgnoreCase))
            : 0;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("WebChat:Data", Data);
        if (Environment.GetEnvironmentVariable("WEBCHAT_TESTS_ENGINE") is "postgres")
            builder.UseSetting("WebChat:Storage:Postgres", PostgresServer.NewSharedDatabase());
        builder.UseSetting("WebChat:Shutdown:PauseSeconds", "0");
        foreach (var limit in Limits.Select(name => $"WebChat:Limits:{name}").Except(settings.Select(s => s.Name), StringComparer.Ordinal))
            builder.UseSetting(limit, "0");
        foreach (var (name, value) in settings.Where(s => s.Value.Length > 0 || !s.Name.StartsWith("WebChat:Limits:", StringComparison.Ordinal)))
            builder.UseSetting(name, value);
        if (replace is not null)
            builder.ConfigureServices(replace);
        builder.ConfigureServices(services =>
        {
            if (services.Any(s => s.ImplementationType == typeof(SqliteDatabase)))
                services.AddSingleton<Database, OverheardDatabase>();
        });
        builder.ConfigureLogging(logging => logging.ClearProviders());
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        first.Dispose();
        if (!Directory.Exists(Data))
            return;
        Directory.Move(Data, Data + "-gone"); // what was under way when it ended puts no file into what is being deleted
        Directory.Delete(Data + "-gone", recursive: true);
    }

    private static readonly Regex Code = new(@"(?<!\d)\d{8}(?!\d)", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static string Decode(string mail)
    {
        var body = mail.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var at and >= 0 ? mail[(at + 4)..] : mail;
        if (mail.Contains("base64", StringComparison.OrdinalIgnoreCase))
            return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(string.Concat(body.Where(c => !char.IsWhiteSpace(c)))));
        return body.Replace("=\r\n", "", StringComparison.Ordinal);
    }
}
