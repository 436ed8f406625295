using System.Collections.Concurrent;
using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebChat.Storage;

namespace WebChat.Tests.Shared;

public sealed class LogsTests
{
    [Fact]
    public async Task Nothing_that_people_write_or_sign_in_with_stands_in_the_log_even_where_it_goes_wrong()
    {
        var logged = new ConcurrentQueue<string>();
        using var app = new App(services => services.AddSingleton(_ => LoggerFactory.Create(logging =>
            logging.SetMinimumLevel(LogLevel.Trace).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddProvider(new Lines(logged))))); // the framework as appsettings.json has it
        using var admin = await app.SignUpAsync("admin");
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        var seq = await ann.SayAsync(room, "kingfisher");
        await ann.ActAsync(room, seq, "edit", ("content", "kingfisher again"));
        await ann.PostFileAsync(room, Media.Sample.Png, "kingfisher.png", "kingfisher there");
        await ben.GetPageAsync("/search?q=kingfisher");
        await ben.ActAsync(room, seq, "report", ("reason", "kingfisher?"));
        await ann.SubmitAsync("/me", "Save", ("Signature", "kingfisher"));
        var token = await ann.MakeTokenAsync("kingfisher");
        using var visitor = app.Visitor();
        await visitor.SubmitAsync("/accounts/reset", "Send code", ("E-mail", ben.Email));
        await visitor.SignInAsync("ann", "kingfisher, not my password");

        await app.Get<Database>().WriteAsync(c => c.ExecuteAsync("ALTER TABLE messages RENAME TO elsewhere"));
        Assert.Equal(HttpStatusCode.InternalServerError, (await ann.PostMessageAsync(room, "kingfisher lost")).StatusCode);

        Assert.Contains(logged, line => line.Contains("messages", StringComparison.Ordinal)); // what went wrong does
        foreach (var secret in new[] { "kingfisher", App.Password, token, app.CodeFor(ben.Email), ben.Email })
            Assert.DoesNotContain(logged, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }
}
