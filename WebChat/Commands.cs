using System.CommandLine;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat;

/// <summary>What the program does instead of serving, when its first argument is a word.</summary>
internal static class Commands
{
    public static bool IsOne(string[] args) => args is [[>= 'a' and <= 'z', ..], ..];

    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args) =>
        new RootCommand("WebChat. Without a command it serves; its settings are in the README.") { Copy(), Health() }.Parse(args).InvokeAsync();

    private static Command Copy()
    {
        var from = new Option<string>("--from") { Description = "What holds the installation now.", Required = true };
        var to = new Option<string>("--to") { Description = "What is to hold it.", Required = true };
        from.AcceptOnlyFromAmong("sqlite");
        to.AcceptOnlyFromAmong("postgres");
        var copy = new Command("copy", "Brings an installation over from the SQLite file in WebChat__Data to the empty PostgreSQL of WebChat__Storage__Postgres. Stop the node first.") { from, to };
        copy.SetAction(async (_, cancel) =>
        {
            try
            {
                await new Copy(Settings().StorageOptions(), Console.Out).RunAsync(cancel);
                return 0;
            }
            catch (CopyRefusedException refusal)
            {
                await Console.Error.WriteLineAsync(refusal.Message);
                return 1;
            }
        });
        return copy;
    }

    private static Command Health()
    {
        var health = new Command("health", "Asks the node that listens on this machine with these settings whether it is ready; the exit code says it.");
        health.SetAction((_, cancel) => Shared.Health.AskAsync(Settings().Configuration, Console.Out, cancel));
        return health;
    }

    private static WebApplicationBuilder Settings()
    {
        var builder = WebApplication.CreateBuilder(Place.Options([]));
        builder.AddOwnSettings();
        return builder;
    }
}
