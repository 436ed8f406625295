using System.Net;
using System.Net.Mail;
using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace WebChat.Mail;

/// <summary>
/// Sends mail: by SMTP in the background, so that how long an answer takes tells nobody whether a mail was sent; or, without a
/// server, into <see cref="Mailbox"/>. A mail that has to wait steps aside for the others.
/// </summary>
internal sealed partial class Mailer(IOptions<MailOptions> options, Mailbox mailbox, TimeProvider clock, ILogger<Mailer> logger) : BackgroundService
{
    /// <summary>Most mails that wait for the server, be it for their turn or for another try.</summary>
    public int Most { get; init; } = 1000;

    private const int FirstLasting = 500; // RFC 5321, section 4.2.1: what a server answers with 5xx it will answer again

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];

    private readonly Channel<Try> due = Channel.CreateUnbounded<Try>(new UnboundedChannelOptions { SingleReader = true });
    private int held;

    /// <summary>True where mail reaches people; false where it waits in the mailbox.</summary>
    public bool HasServer => !string.IsNullOrEmpty(options.Value.Host);

    /// <summary>Sends the letter, or takes it to be sent.</summary>
    public async Task PostAsync(Letter letter)
    {
        if (!HasServer)
        {
            await mailbox.AddAsync(letter, options.Value.From);
        }
        else if (Interlocked.Increment(ref held) > Most)
        {
            Interlocked.Decrement(ref held);
            Log.TooMany(logger);
        }
        else
        {
            due.Writer.TryWrite(new Try(letter, 0));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var next in due.Reader.ReadAllAsync(stoppingToken))
        {
            if (await TrySendAsync(next, stoppingToken) is { } wait)
                _ = ReturnAsync(next with { Before = next.Before + 1 }, wait, stoppingToken);
            else
                Interlocked.Decrement(ref held);
        }
    }

    /// <returns>After how long to try again, or null when the letter is sent or given up.</returns>
    private async Task<TimeSpan?> TrySendAsync(Try next, CancellationToken stopping)
    {
        SmtpStatusCode status;
        using var patience = new CancellationTokenSource(Patience, clock); // the client's own timeout does not count here
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        try
        {
            await SendAsync(next.Letter, ends.Token);
            return null;
        }
        catch (SmtpException error)
        {
            status = error.StatusCode;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            status = SmtpStatusCode.GeneralFailure;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Log.Unsendable(logger, error.GetType().Name); // its words may hold the address
            return null;
        }
        if ((int)status >= FirstLasting || next.Before >= Waits.Length)
        {
            Log.GivenUp(logger, status);
            return null;
        }
        Log.Failed(logger, status, Waits[next.Before]);
        return Waits[next.Before];
    }

    private async Task SendAsync(Letter letter, CancellationToken ends)
    {
        using var client = new SmtpClient(options.Value.Host, options.Value.Port);
        if (!string.IsNullOrEmpty(options.Value.User))
        {
            client.EnableSsl = true;
            client.Credentials = new NetworkCredential(options.Value.User, options.Value.Password);
        }
        using var message = Message(letter);
        await client.SendMailAsync(message, ends);
    }

    private async Task ReturnAsync(Try next, TimeSpan wait, CancellationToken stopping)
    {
        await Task.Delay(wait, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        due.Writer.TryWrite(next);
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

    /// <summary>A letter and how often it was tried before.</summary>
    private sealed record Try(Letter Letter, int Before);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server did not take a mail ({Status}); trying again in {Wait}")]
        public static partial void Failed(ILogger logger, SmtpStatusCode status, TimeSpan wait);

        [LoggerMessage(Level = LogLevel.Error, Message = "The mail server did not take a mail ({Status}); it is given up. Check WebChat__Mail__*")]
        public static partial void GivenUp(ILogger logger, SmtpStatusCode status);

        [LoggerMessage(Level = LogLevel.Error, Message = "A mail could not be sent ({Error}); it is given up")]
        public static partial void Unsendable(ILogger logger, string error);

        [LoggerMessage(Level = LogLevel.Error, Message = "Too many mails wait for the mail server; one was dropped. Check WebChat__Mail__*")]
        public static partial void TooMany(ILogger logger);
    }
}
