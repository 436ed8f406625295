using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebChat.Shared;
using WebChat.Tests.Messages.Links;

namespace WebChat.Tests.Shared;

/// <summary>Handing things over to other people's servers. What is fetched from them is in the tests of the link cards.</summary>
public sealed class OutsideTests : IAsyncLifetime
{
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Stranger stranger = null!;

    public async Task InitializeAsync() => stranger = await Stranger.StartAsync();

    public async Task DisposeAsync() => await stranger.DisposeAsync();

    [Fact]
    public async Task What_is_handed_over_arrives_with_its_headers_and_nothing_of_ours()
    {
        var taken = "";
        stranger.Answers("/take", async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            taken = $"{http.Request.Method} {await body.ReadToEndAsync()}";
            (http.Response.StatusCode, http.Response.Headers.RetryAfter, http.Response.Headers.SetCookie) = (429, "7", "who=ann; Path=/");
            await http.Response.WriteAsync("later");
        });
        stranger.Answers("/again", _ => Task.CompletedTask);
        using var outside = Stranger.Reached();

        var answer = await PostAsync(outside, stranger.At("/take"), headers => headers.TryAddWithoutValidation("TTL", "60"));
        await PostAsync(outside, stranger.At("/again"));

        Assert.Equal("POST hello", taken);
        Assert.Equal((OutsideOutcome.Answered, 429, "later", 7, false), (answer.Outcome, answer.Status, Encoding.UTF8.GetString(answer.Body), answer.RetryAfter!.Delta!.Value.TotalSeconds, answer.IsSuccess));
        var asked = stranger.Asked.First();
        Assert.Equal(("60", Outside.SenderAgent), (asked.Headers["TTL"], asked.Headers["User-Agent"]));
        Assert.Equal(["Accept-Encoding", "Content-Length", "Content-Type", "Host", "TTL", "User-Agent"], asked.Headers.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("Cookie", stranger.Asked.Last().Headers.Keys);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0177.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://192.168.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://user:secret@127.0.0.2:{0}/")]
    [InlineData("ftp://127.0.0.2:{0}/")]
    [InlineData("file:///etc/passwd")]
    public async Task Nothing_is_handed_over_to_an_address_that_is_not_the_publics(string address)
    {
        var there = new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, address, stranger.Port));
        using var outside = Stranger.Reached();
        using var real = new Outside(PublicNetwork.Has, _ => true, Dns.GetHostAddressesAsync);

        Assert.NotEqual(OutsideOutcome.Answered, (await PostAsync(outside, there)).Outcome);
        Assert.NotEqual(OutsideOutcome.Answered, (await PostAsync(real, there)).Outcome);
        if (IPAddress.TryParse(there.IdnHost, out _))
            Assert.False(real.MayAsk(there)); // an address without a name is known for what it is before anything is asked
        Assert.Empty(stranger.Asked);
    }

    [Fact]
    public async Task A_name_that_turns_private_between_two_posts_is_not_followed_there()
    {
        var asked = 0;
        using var outside = Stranger.Reached(_ => asked++ == 0 ? [Stranger.Public] : [Stranger.Private]);
        var there = new Uri($"http://turns.example:{stranger.Port}/");

        Assert.Equal(OutsideOutcome.Answered, (await PostAsync(outside, there)).Outcome);
        Assert.Equal(OutsideOutcome.NoAnswer, (await PostAsync(outside, there)).Outcome);

        Assert.Equal(2, asked);
        Assert.Empty(stranger.AskedInPrivate);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_an_answer_and_is_not_followed(int status)
    {
        stranger.Sends("/", "/elsewhere", status);
        using var outside = Stranger.Reached();

        var answer = await PostAsync(outside, stranger.At("/"));

        Assert.Equal((OutsideOutcome.Answered, status, false), (answer.Outcome, answer.Status, answer.IsSuccess));
        Assert.Equal(["/"], stranger.Asked.Select(a => a.Path));
    }

    [Fact]
    public async Task An_answer_without_end_is_read_no_further_than_its_limit()
    {
        stranger.Answers("/", async http =>
        {
            try
            {
                while (true)
                    await http.Response.Body.WriteAsync(new byte[4096], http.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                gone.TrySetResult();
            }
        });
        stranger.Answers("/exact", new string('x', 100), "text/plain");
        using var outside = Stranger.Reached();

        Assert.Equal(OutsideOutcome.TooLong, (await PostAsync(outside, stranger.At("/"))).Outcome);
        await gone.Task;
        Assert.Equal(100, (await PostAsync(outside, stranger.At("/exact"))).Body.Length);
    }

    [Fact]
    public async Task Who_answers_too_late_or_not_at_all_is_not_waited_for()
    {
        stranger.Answers("/silent", http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        stranger.Answers("/slow", async http =>
        {
            await http.Response.WriteAsync("beginning");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var hasty = new Outside(Stranger.Public.Equals, _ => true, (_, _) => throw new System.Net.Sockets.SocketException(), TimeSpan.FromMilliseconds(200));

        Assert.Equal(OutsideOutcome.TooSlow, (await PostAsync(hasty, stranger.At("/silent"))).Outcome);
        Assert.Equal(OutsideOutcome.TooSlow, (await PostAsync(hasty, stranger.At("/slow"))).Outcome);
        Assert.Equal(OutsideOutcome.NoAnswer, (await PostAsync(hasty, new Uri("http://nobody.example/"))).Outcome);
        Assert.Equal(TimeSpan.FromSeconds(5), Outside.Patience);
    }

    [Fact]
    public async Task A_name_that_nobody_resolves_is_waited_for_no_longer_than_anything_else()
    {
        var asked = new TaskCompletionSource();
        using var hasty = new Outside(Stranger.Public.Equals, _ => true, (_, _) =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource<IPAddress[]>().Task; // as the system's does, it heeds no cancellation
        }, TimeSpan.FromMilliseconds(200));

        Assert.NotEqual(OutsideOutcome.Answered, (await PostAsync(hasty, new Uri("http://slow.example/")).WaitAsync(TimeSpan.FromSeconds(10))).Outcome);
        await asked.Task;
        Assert.NotNull(await Record.ExceptionAsync(() => hasty.GetAsync(new Uri("http://slow.example/"), "text/html", CancellationToken.None)).WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Who_no_longer_wants_to_hand_over_is_told_so()
    {
        stranger.Answers("/", http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        using var outside = Stranger.Reached();
        using var cancellation = new CancellationTokenSource();
        using var content = new StringContent("hello");
        var post = outside.PostAsync(stranger.At("/"), content, null, 0, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
    }

    private static async Task<OutsideAnswer> PostAsync(Outside outside, Uri address, Action<HttpRequestHeaders>? headers = null)
    {
        using var content = new StringContent("hello");
        return await outside.PostAsync(address, content, headers, most: 100, CancellationToken.None);
    }
}
