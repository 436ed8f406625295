using System.Net;
using System.Net.Mail;
using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace WebChat.Mail;

/// <summary>
/// Sends mail: by SMTP in the background, so that how long an answer takes tells nobody whether a mail was sent; or, without a
/// server, into <see cref="Mailbox"/>.
/// </summary>
internal sealed partial class Mailer(IOptions<MailOptions> options, Mailbox mailbox, TimeProvider clock, ILogger<Mailer> logger) : BackgroundService
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];

    private readonly Channel<Letter> waiting = Channel.CreateBounded<Letter>(new BoundedChannelOptions(1000) { SingleReader = true });

    /// <summary>True where mail reaches people; false where it waits in the mailbox.</summary>
    public bool HasServer => !string.IsNullOrEmpty(options.Value.Host);

    /// <summary>Sends the letter, or takes it to be sent.</summary>
    public async Task PostAsync(Letter letter)
    {
        if (!HasServer)
            await mailbox.AddAsync(letter, options.Value.From);
        else if (!waiting.Writer.TryWrite(letter))
            Log.TooMany(logger);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var letter in waiting.Reader.ReadAllAsync(stoppingToken))
            await SendAsync(letter, stoppingToken);
    }

    private async Task SendAsync(Letter letter, CancellationToken stopping)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new SmtpClient(options.Value.Host, options.Value.Port) { Timeout = 15_000 };
                if (!string.IsNullOrEmpty(options.Value.User))
                {
                    client.EnableSsl = true;
                    client.Credentials = new NetworkCredential(options.Value.User, options.Value.Password);
                }
                using var message = Message(letter);
                await client.SendMailAsync(message, stopping);
                return;
            }
            catch (SmtpException error) when (attempt < Waits.Length)
            {
                Log.Failed(logger, error.StatusCode, Waits[attempt]);
                await Task.Delay(Waits[attempt], clock, stopping);
            }
            catch (SmtpException error)
            {
                Log.GivenUp(logger, error.StatusCode);
                return;
            }
        }
    }

    private MailMessage Message(Letter letter)
    {
        var from = new MailAddress(options.Value.From);
        return new MailMessage
        {
            From = from.DisplayName.Length > 0 ? from : new MailAddress(from.Address, letter.Sender),
            To = { letter.To },
            Subject = letter.Subject,
            Body = letter.Text,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server did not take a mail ({Status}); trying again in {Wait}")]
        public static partial void Failed(ILogger logger, SmtpStatusCode status, TimeSpan wait);

        [LoggerMessage(Level = LogLevel.Error, Message = "The mail server did not take a mail ({Status}); it is given up. Check WebChat__Mail__*")]
        public static partial void GivenUp(ILogger logger, SmtpStatusCode status);

        [LoggerMessage(Level = LogLevel.Error, Message = "Too many mails wait for the mail server; one was dropped. Check WebChat__Mail__*")]
        public static partial void TooMany(ILogger logger);
    }
}
