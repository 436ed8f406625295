using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using System.Text.RegularExpressions;
using WebChat.Shared;
using WebChat.Tests.Architecture;

namespace WebChat.Tests.Shared;

/// <summary>Settings that nothing reads are named, and those of the README are not.</summary>
public sealed partial class SettingNamesTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData("WebChat:Limits:PostPerSecond", "WebChat__Limits__PostPerSecond is set, and nothing reads a setting of that name. Is WebChat__Limits__PostsPerSecond meant?")]
    [InlineData("WebChat:Strorage:Postgres", "Is WebChat__Storage__Postgres meant?")]
    [InlineData("WebChat:S3:Endpoint", "Is WebChat__Media__S3__Endpoint meant?")]
    public async Task A_slip_of_the_pen_is_named_with_what_may_be_meant(string name, string said) =>
        Assert.Contains(said, Assert.Single(await SaidAsync(name)), StringComparison.Ordinal);

    [Fact]
    public async Task What_the_README_lists_is_read_however_it_is_written()
    {
        var names = File.ReadLines(Path.Combine(LayersTests.Root, "README.md")).Where(l => l.StartsWith("| `WebChat__", StringComparison.Ordinal)).SelectMany(Names).ToArray();
        Assert.True(names.Length > 40, "the table was not found");
        Assert.Empty(await SaidAsync(names));
        Assert.Empty(await SaidAsync("webchat:DATA", "WebChat:Limits:postspersecond", "Logging:LogLevel:Anything", "WebChatty:Data"));
    }

    private async Task<List<string>> SaidAsync(params string[] names)
    {
        using var log = new Kept();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        var settings = new ConfigurationBuilder().AddInMemoryCollection(names.Select(n => KeyValuePair.Create(n, (string?)"7"))).Build();
        await new SettingNames(settings, app.Services.GetServices<KnownSettings>(), factory.CreateLogger<SettingNames>()).StartAsync(CancellationToken.None);
        return log.Said;
    }

    /// <summary>The names in a line of the table; one that has no section of its own is of the first one's.</summary>
    private static IEnumerable<string> Names(string line)
    {
        var names = Quoted().Matches(line.Split('|')[1]).Select(m => m.Groups[1].Value).ToList();
        var section = names[0][..(names[0].LastIndexOf("__", StringComparison.Ordinal) + 2)];
        return names.Select(n => (n.StartsWith("__", StringComparison.Ordinal) ? section + n[2..] : n.StartsWith("WebChat", StringComparison.Ordinal) ? n : section + n).Replace("__", ":", StringComparison.Ordinal));
    }

    [GeneratedRegex("`([^`]+)`", RegexOptions.None, 1000)]
    private static partial Regex Quoted();

    private sealed class Kept : ILoggerProvider, ILogger
    {
        public List<string> Said { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Said.Add(formatter(state, exception));

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
