using System.Diagnostics;
using System.Net;
using Xunit.Abstractions;

namespace WebChat.Tests.Accounts;

/// <summary>How long an answer takes tells nobody who has an account.</summary>
public sealed class TimingTests(ITestOutputHelper output)
{
    private const int Pairs = 500;
    private const int WarmUp = 20;

    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData("/accounts/register?handler=code")]
    [InlineData("/accounts/reset?handler=code")]
    [InlineData("/accounts/sign-in")]
    public async Task A_known_address_takes_as_long_as_an_unknown_one(string address)
    {
        using var app = new App(("WebChat:TrustedProxies", "127.0.0.1, ::1"));
        using var ann = await app.SignUpAsync("ann");
        using var visitor = app.Visitor();
        var token = (await visitor.GetPageAsync(address.Split('?')[0])).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        List<TimeSpan> known = [], unknown = [];

        for (var i = -WarmUp; i < Pairs; i++)
        {
            // Which comes first changes, so that what slows the machine down slows both.
            var knownFirst = i % 2 == 0;
            var first = await AskAsync(knownFirst, 2 * i);
            var second = await AskAsync(!knownFirst, (2 * i) + 1);
            if (i < 0)
                continue;
            known.Add(knownFirst ? first : second);
            unknown.Add(knownFirst ? second : first);
        }

        var (ofKnown, ofUnknown) = (Median(known), Median(unknown));
        output.WriteLine($"Measured: {address}, {Pairs} pairs: known {ofKnown.TotalMilliseconds:0.00} ms, unknown {ofUnknown.TotalMilliseconds:0.00} ms");
        Assert.InRange(ofKnown - ofUnknown, -Most, Most);

        async Task<TimeSpan> AskAsync(bool isKnown, int number)
        {
            var email = isKnown ? ann.Email : $"nobody{number + 1000}@example.org";
            using var request = new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new FormUrlEncodedContent([new("Email", email), new("Login", email), new("Password", "not the password"), new("__RequestVerificationToken", token)]),
            };
            request.Headers.Add("X-Forwarded-For", $"10.1.{(number + 1000) / 250}.{(number + 1000) % 250}"); // nobody is locked, or all but five would be
            var start = Stopwatch.GetTimestamp();
            using var answer = await visitor.Http.SendAsync(request);
            await answer.Content.ReadAsByteArrayAsync();
            var took = Stopwatch.GetElapsedTime(start);
            Assert.Equal(address == "/accounts/sign-in" ? HttpStatusCode.OK : HttpStatusCode.Redirect, answer.StatusCode);
            return took;
        }
    }

    private static TimeSpan Median(List<TimeSpan> all) => all.Order().ElementAt(all.Count / 2);
}
