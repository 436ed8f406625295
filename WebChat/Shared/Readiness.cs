using Dapper;
using WebChat.Storage;

namespace WebChat.Shared;

/// <summary>
/// What <c>/readyz</c> answers: 503 while this node is leaving, and while its database does not answer. With <c>?of=node</c> only the first is asked,
/// by a proxy whose other nodes have the same database: passing all of them over would leave nobody to say that it comes back.
/// </summary>
internal sealed class Readiness(Database database, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    /// <summary>How long the database is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer of it is good, whoever asks how often.</summary>
    private const long GoodForMs = 500;

    private readonly Lock gate = new();
    private Task<bool>? asked;
    private long askedAt;

    public async Task<IResult> AnswerAsync(HttpRequest request)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return No("stopping");
        return request.Query["of"] == "node" || await AnswersAsync() ? Results.Text("ready") : No("the database does not answer");
    }

    private static IResult No(string why) => Results.Text(why, statusCode: StatusCodes.Status503ServiceUnavailable);

    private Task<bool> AnswersAsync()
    {
        lock (gate)
        {
            // One that is not answered yet is not asked again: a database that hangs has enough to do.
            if (asked is null || (asked.IsCompleted && clock.Now() - askedAt > GoodForMs))
                (asked, askedAt) = (AskAsync(), clock.Now());
            return asked;
        }
    }

    private async Task<bool> AskAsync()
    {
        try
        {
            return await database.ReadAsync(c => c.ExecuteScalarAsync<int>("SELECT 1")).WaitAsync(Patience, clock) == 1;
        }
        catch (Exception error) when (error is StorageUnavailableException or TimeoutException)
        {
            return false;
        }
    }
}
