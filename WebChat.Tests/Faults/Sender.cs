using System.Net;
using System.Text.Json;

namespace WebChat.Tests.Faults;

/// <summary>
/// Somebody who writes one message after the other, and asks again with the same client id when the answer says nothing. When
/// they are told that it is not stored they sometimes leave it at that: it must not be there.
/// </summary>
internal sealed class Sender(Person person, string token, long room, Ledger ledger, Func<int, Uri> nodeOf)
{
    private const int MostTries = 12;

    /// <summary>Given the answer, may lose it on the way.</summary>
    public Action<HttpResponseMessage>? OnTheWay { get; init; }

    /// <summary>Between two posts.</summary>
    public Func<TimeSpan> Pause { get; init; } = () => TimeSpan.Zero;

    /// <summary>False for one who asks again whatever they are told.</summary>
    public bool TakesNo { get; init; } = true;

    /// <summary>How often an answer was not the one hoped for.</summary>
    public int Retries { get; private set; }

    /// <summary>How often it was told that nothing was stored.</summary>
    public int Refusals { get; private set; }

    /// <summary>The most tries that one post took.</summary>
    public int MostTriesNeeded { get; private set; }

    public async Task WriteUntilAsync(string name, CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            await PostAsync($"post-{name}-{i}");
            await Task.Delay(Pause(), CancellationToken.None);
        }
    }

    private async Task PostAsync(string body)
    {
        ledger.Note(body, room, Outcome.Unknown);
        var isUncertain = false;
        for (var tries = 0; tries < MostTries; tries++)
        {
            var (outcome, seq) = await TryAsync(body, tries);
            if (outcome == Outcome.Acknowledged)
            {
                ledger.Note(body, room, outcome, seq);
                MostTriesNeeded = Math.Max(MostTriesNeeded, tries + 1);
                return;
            }
            // Once unknown, unknown until it is acknowledged: a later refusal says nothing of the earlier try.
            isUncertain |= outcome == Outcome.Unknown;
            ledger.Note(body, room, isUncertain ? Outcome.Unknown : Outcome.Refused);
            Retries++;
            Refusals += outcome == Outcome.Refused ? 1 : 0;
            if (TakesNo && !isUncertain && Random.Shared.Next(2) == 0)
                return;
            await Task.Delay(Random.Shared.Next(20, 60) * (tries + 1));
        }
    }

    private async Task<(Outcome Outcome, long Seq)> TryAsync(string body, int tries)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(nodeOf(tries), $"/rooms/{room}/messages"))
        {
            Content = new FormUrlEncodedContent([new("content", body), new("client_id", body)]),
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("RequestVerificationToken", token);
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            using var answer = await person.Http.SendAsync(request, limit.Token);
            OnTheWay?.Invoke(answer);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(limit.Token));
                return (Outcome.Acknowledged, json.RootElement.GetProperty("seq").GetInt64());
            }
            return ((int)answer.StatusCode is >= 400 and < 500 or 503 ? Outcome.Refused : Outcome.Unknown, 0);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            return (Outcome.Unknown, 0);
        }
    }
}
