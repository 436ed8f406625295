using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using WebChat.Accounts;
using WebChat.Backups;
using WebChat.Media;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;
using WebChat.Trial;

namespace WebChat;

/// <summary>What the program does instead of serving, when its first argument is a word.</summary>
internal static class Commands
{
    public static bool IsOne(string[] args) => args is [[>= 'a' and <= 'z', ..], ..] or ["--help" or "-h" or "-?" or "--version", ..];

    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args) =>
        new RootCommand("WebChat. Without a command it serves; its settings are in the README.") { Backup(), Restore(), Copy(), Seed(), Health() }.Parse(args).InvokeAsync();

    private static Command Backup()
    {
        var file = new Argument<string>("file") { Description = "What to write. There must be nothing of that name yet." };
        var backup = new Command("backup", "Writes everything of this installation into one file: rows, the keys of sign-ins, files of messages. Its nodes may go on meanwhile.") { file };
        backup.SetAction((parsed, cancel) => WithFilesAsync((options, media) =>
            new Backup(options, media, TimeProvider.System, Console.Out).RunAsync(Path.GetFullPath(parsed.GetRequiredValue(file)), cancel)));
        return backup;
    }

    private static Command Restore()
    {
        var file = new Argument<string>("file") { Description = "What backup wrote." };
        var restore = new Command("restore", "Fills the empty installation of these settings from a backup, whatever database and file storage that was of. No node may run.") { file };
        restore.SetAction((parsed, cancel) => WithFilesAsync((options, media) =>
            new Restore(options, media, Console.Out).RunAsync(Path.GetFullPath(parsed.GetRequiredValue(file)), cancel)));
        return restore;
    }

    /// <summary>Does something with the rows and the files of messages that the settings name.</summary>
    private static async Task<int> WithFilesAsync(Func<StorageOptions, IMediaFiles, Task> run)
    {
        var builder = Settings();
        builder.Logging.ClearProviders(); // what goes wrong is said in one sentence
        builder.AddStorage();
        builder.AddMediaFiles();
        await using var app = builder.Build();
        try
        {
            await run(app.Services.GetRequiredService<StorageOptions>(), app.Services.GetRequiredService<IMediaFiles>());
            return 0;
        }
        catch (Exception refusal) when (refusal is BackupRefusedException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return 1;
        }
    }

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

    private static Command Seed()
    {
        var users = new Option<int>("--users") { Description = "How many people.", DefaultValueFactory = _ => 50 };
        var rooms = new Option<int>("--rooms") { Description = "How many groups. The first of the people is in 200 of them at most, and has up to 500 friends; the second is in 200 rooms at most, friends' and all.", DefaultValueFactory = _ => 20 };
        var messages = new Option<int>("--messages") { Description = "How many messages, over the last year.", DefaultValueFactory = _ => 5_000 };
        var password = new Option<string?>("--password") { Description = "What all of them sign in with; if it is not given, one is made at random and said at the end.", };
        foreach (var (option, least) in new[] { (users, 1), (rooms, 0), (messages, 0) })
            option.Validators.Add(result => { if (result.GetValueOrDefault<int>() < least) result.AddError(string.Create(CultureInfo.InvariantCulture, $"{result.Option.Name}: at least {least}.")); });
        var seed = new Command("seed", "Fills an empty installation with people, groups and what they said: to try it out, and to measure it. Stop the node first.") { users, rooms, messages, password };
        seed.SetAction(async (parsed, cancel) =>
        {
            var builder = Settings();
            builder.AddStorage();
            await using var app = builder.Build();
            var database = app.Services.GetRequiredService<Database>();
            try
            {
                await database.OpenAsync();
                await new Seed(database, new RoomLog(database), new PasswordHasher<User>(), Console.Out)
                {
                    Users = parsed.GetRequiredValue(users),
                    Rooms = parsed.GetRequiredValue(rooms),
                    Messages = parsed.GetRequiredValue(messages),
                    Password = parsed.GetValue(password) ?? RandomNumberGenerator.GetHexString(16, lowercase: true),
                }.RunAsync(cancel);
                return 0;
            }
            catch (Exception error) when (error is SeedRefusedException or StorageUnavailableException)
            {
                await Console.Error.WriteLineAsync(error.Message);
                return 1;
            }
        });
        return seed;
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
