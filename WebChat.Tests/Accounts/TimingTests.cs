using System.Diagnostics;
using System.Net;
using Xunit.Abstractions;

namespace WebChat.Tests.Accounts;

/// <summary>How long an answer takes tells nobody who has an account.</summary>
public sealed class TimingTests(ITestOutputHelper output)
{
    private const int Pairs = 500;
    private const int WarmUp = 20;
    private const string SignIn = "/accounts/sign-in";

    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData("/accounts/register?handler=code")]
    [InlineData("/accounts/reset?handler=code")]
    [InlineData(SignIn)]
    public async Task A_known_address_takes_as_long_as_an_unknown_one(string address)
    {
        using var house = await House.OpenAsync(address);

        await CompareAsync(address, TimeSpan.MaxValue, (isKnown, number) =>
            house.AskAsync(isKnown ? house.Known : $"nobody{number + 1000}@example.org", AddressOf(number))); // nobody is locked, or all but five would be
    }

    /// <summary>All pairs take a minute, which is much for one sentence: as many as take half of that say it too.</summary>
    [Fact]
    public async Task A_locked_account_takes_as_long_as_an_unknown_one()
    {
        const string Locked = "10.9.9.9";
        using var house = await House.OpenAsync(SignIn);
        for (var i = 0; i < 5; i++)
            await house.AskAsync(house.Known, Locked);
        await house.AskAsync(house.Known, Locked, App.Password); // is not let in either: it is locked

        await CompareAsync("a locked account", TimeSpan.FromSeconds(30), (isKnown, number) =>
            isKnown ? house.AskAsync(house.Known, Locked) : house.AskAsync($"nobody{number + 1000}@example.org", AddressOf(number)));
    }

    private async Task CompareAsync(string what, TimeSpan within, Func<bool, int, Task<TimeSpan>> ask)
    {
        List<TimeSpan> known = [], unknown = [];
        var start = Stopwatch.GetTimestamp();
        for (var i = -WarmUp; i < Pairs && Stopwatch.GetElapsedTime(start) < within; i++)
        {
            // Which comes first changes, so that what slows the machine down slows both.
            var knownFirst = i % 2 == 0;
            var first = await ask(knownFirst, 2 * i);
            var second = await ask(!knownFirst, (2 * i) + 1);
            if (i < 0)
                continue;
            known.Add(knownFirst ? first : second);
            unknown.Add(knownFirst ? second : first);
        }
        var (ofKnown, ofUnknown) = (Median(known), Median(unknown));
        output.WriteLine($"Measured: {what}, {known.Count} pairs: known {ofKnown.TotalMilliseconds:0.00} ms, unknown {ofUnknown.TotalMilliseconds:0.00} ms");
        Assert.InRange(ofKnown - ofUnknown, -Most, Most);
    }

    private static string AddressOf(int number) => $"10.1.{(number + 1000) / 250}.{(number + 1000) % 250}";

    private static TimeSpan Median(List<TimeSpan> all) => all.Order().ElementAt(all.Count / 2);

    /// <summary>A house with one account, and a stranger at one of its doors.</summary>
    private sealed class House : IDisposable
    {
        private readonly App app = new(("WebChat:TrustedProxies", "127.0.0.1, ::1"));
        private readonly Person visitor;
        private readonly string address;
        private string token = "";

        private House(string address)
        {
            visitor = app.Visitor();
            this.address = address;
        }

        /// <summary>The e-mail address of somebody who has an account.</summary>
        public string Known { get; private set; } = "";

        public static async Task<House> OpenAsync(string address)
        {
            var house = new House(address);
            using var ann = await house.app.SignUpAsync("ann");
            house.Known = ann.Email;
            house.token = await house.visitor.TokenAsync(address.Split('?')[0]);
            return house;
        }

        /// <summary>Asks, and is not let in.</summary>
        public async Task<TimeSpan> AskAsync(string email, string from, string password = "not the password")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new FormUrlEncodedContent([new("Email", email), new("Login", email), new("Password", password), new("__RequestVerificationToken", token)]),
            };
            request.Headers.Add("X-Forwarded-For", from);
            var start = Stopwatch.GetTimestamp();
            using var answer = await visitor.Http.SendAsync(request);
            await answer.Content.ReadAsByteArrayAsync();
            var took = Stopwatch.GetElapsedTime(start);
            Assert.Equal(address == SignIn ? HttpStatusCode.OK : HttpStatusCode.Redirect, answer.StatusCode);
            return took;
        }

        public void Dispose()
        {
            visitor.Dispose();
            app.Dispose();
        }
    }
}
