using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WebChat.Mail;
using WebChat.Storage;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Mail;

public sealed class MailerTests
{
    [Fact]
    public async Task A_letter_that_cannot_even_be_addressed_stops_nobody_elses()
    {
        using var server = new SmtpServer();
        using var mailer = Mailer(server);
        await mailer.StartAsync(default);

        await mailer.PostAsync(To("a..b@example.org"));
        await mailer.PostAsync(To("ann@example.org"));

        Assert.Contains("ann@example.org", await server.NextAsync(), StringComparison.Ordinal);
        Assert.False(mailer.ExecuteTask!.IsCompleted);
        await mailer.StopAsync(default);
    }

    [Fact]
    public async Task A_recipient_refused_for_good_is_not_tried_again_and_one_refused_for_now_waits_while_others_go()
    {
        var busy = 2;
        using var server = new SmtpServer(rcpt =>
            rcpt.Contains("gone@", StringComparison.Ordinal) ? "550 no such mailbox"
            : rcpt.Contains("busy@", StringComparison.Ordinal) && Interlocked.Decrement(ref busy) >= 0 ? "450 later"
            : "250 ok");
        using var mailer = Mailer(server);
        await mailer.StartAsync(default);

        foreach (var to in new[] { "gone@example.org", "busy@example.org", "ann@example.org" })
            await mailer.PostAsync(To(to));

        Assert.Contains("ann@example.org", await server.NextAsync(), StringComparison.Ordinal);
        Assert.Contains("busy@example.org", await server.NextAsync(), StringComparison.Ordinal);
        await mailer.StopAsync(default);
        Assert.Equal(3, server.Recipients.Count(r => r.Contains("busy@", StringComparison.Ordinal)));
        Assert.Single(server.Recipients, r => r.Contains("gone@", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_more_wait_than_there_is_room_for()
    {
        using var server = new SmtpServer();
        using var mailer = Mailer(server);
        for (var i = 0; i < mailer.Most + 10; i++)
            await mailer.PostAsync(To($"p{i}@example.org"));
        await mailer.StartAsync(default);

        for (var i = 0; i < mailer.Most; i++)
            await server.NextAsync();
        await mailer.PostAsync(To("last@example.org"));

        Assert.Contains("last@example.org", await server.NextAsync(), StringComparison.Ordinal);
        await mailer.StopAsync(default);
    }

    private static Mailer Mailer(SmtpServer server) => new(
        Options.Create(new MailOptions { Host = "127.0.0.1", Port = server.Port, From = "chat@example.org" }),
        new Mailbox(new StorageOptions(), TimeProvider.System), new Hurry(), NullLogger<Mailer>.Instance) { Most = 50 };

    private static Letter To(string address) => new() { To = address, Subject = "Your code", Text = "12345678", Sender = "Harbour House" };

    /// <summary>Minutes pass in seconds.</summary>
    private sealed class Hurry : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 20 : dueTime, period);
    }
}
