using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WebChat.Load;

/// <summary>Somebody at the server's own pages: signs in, or makes an account with a mailed code, and posts as the room's script does.</summary>
internal sealed partial class Visitor : IDisposable
{
    private const string Password = "a load of messages";

    private readonly CookieContainer cookies = new();
    private readonly HttpClient http;
    private string token = "";

    private Visitor(Uri server) =>
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = server };

    public HttpClient Http => http;

    /// <summary>What its forms carry, once a page was read.</summary>
    public string Token => token;

    /// <summary>What a socket of this person sends as its <c>Cookie</c> header.</summary>
    public string CookieHeader => cookies.GetCookieHeader(http.BaseAddress!);

    /// <summary>Somebody signed in under this name; an account is made if there is none.</summary>
    public static async Task<Visitor> ComeAsync(Uri server, DirectoryInfo data, string account)
    {
        var visitor = new Visitor(server);
        if (!await visitor.TrySignInAsync(account, Password))
            await visitor.RegisterAsync(data, account);
        return visitor;
    }

    /// <summary>Somebody who has an account.</summary>
    public static async Task<Visitor> ComeBackAsync(Uri server, string account, string password)
    {
        var visitor = new Visitor(server);
        if (await visitor.TrySignInAsync(account, password))
            return visitor;
        visitor.Dispose();
        throw new LoadException($"{account} cannot sign in with this password. WebChat seed says whom it made, and with which.");
    }

    /// <summary>The number of the lobby, and the last change its page shows.</summary>
    public async Task<(long Room, long Rev)> LobbyAsync()
    {
        using var answer = await http.GetAsync("/lobby");
        var address = answer.Headers.Location ?? throw new LoadException("The server has no lobby for this account.");
        var page = await http.GetStringAsync(address);
        token = TokenOf(page);
        var log = Log().Match(page);
        return (long.Parse(log.Groups["room"].ValueSpan), long.Parse(log.Groups["rev"].ValueSpan));
    }

    /// <summary>Posts a message that must be taken. Ends when it is committed, with the room's change that it was.</summary>
    public async Task<long> PostAsync(long room, string content, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/rooms/{room}/messages");
        request.Content = new FormUrlEncodedContent([new("content", content), new("client_id", Guid.NewGuid().ToString("N"))]);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("RequestVerificationToken", token);
        using var answer = await http.SendAsync(request, cancel);
        if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            throw new LoadException("The server's limits are on. Start it with WebChat__Limits__PostsPerSecond=0 and WebChat__Limits__PostsPerMinute=0.");
        if (!answer.IsSuccessStatusCode)
            throw new LoadException($"A post was answered {(int)answer.StatusCode}.");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("rev").GetInt64();
    }

    public void Dispose() => http.Dispose();

    private async Task<bool> TrySignInAsync(string account, string password)
    {
        using var first = await http.GetAsync("/");
        if (first.Headers.Location?.OriginalString.StartsWith("/setup", StringComparison.Ordinal) == true)
            return await SubmitAsync("/setup", "/setup", ("SiteName", "Load"), ("Account", account), ("Email", $"{account}@example.org"), ("Password", password));
        return await SubmitAsync("/accounts/sign-in", "/accounts/sign-in", ("Login", account), ("Password", password));
    }

    private async Task RegisterAsync(DirectoryInfo data, string account)
    {
        var email = $"{account}@example.org";
        await SubmitAsync("/accounts/register", "/accounts/register?handler=code", ("Email", email));
        var isMade = await SubmitAsync("/accounts/register", "/accounts/register",
            ("Code", await CodeAsync(data, email)), ("Account", account), ("Nickname", account), ("Password", Password));
        if (!isMade)
            throw new LoadException($"The account {account} could not be made. Are the server's limits off (WebChat__Limits__SignInsPerMinute and its like = 0)?");
    }

    /// <summary>Sends a form of a page. True when the answer leads on, which is what a page does after success.</summary>
    private async Task<bool> SubmitAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var values = fields.Append(("__RequestVerificationToken", TokenOf(await http.GetStringAsync(page))));
        using var form = new FormUrlEncodedContent(values.Select(v => new KeyValuePair<string, string>(v.Item1, v.Item2)));
        using var answer = await http.PostAsync(action, form);
        return answer.StatusCode == HttpStatusCode.Redirect;
    }

    private static async Task<string> CodeAsync(DirectoryInfo data, string email)
    {
        var folder = new DirectoryInfo(Path.Combine(data.FullName, "mail"));
        FileInfo[] mails = folder.Exists ? folder.GetFiles("*.eml") : [];
        foreach (var mail in mails.OrderByDescending(f => f.Name, StringComparer.Ordinal))
        {
            var text = await File.ReadAllTextAsync(mail.FullName);
            if (text.Contains(email, StringComparison.OrdinalIgnoreCase) && Code().Match(text[text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]) is { Success: true } code)
                return code.Value;
        }
        throw new LoadException($"No mail with a code for {email} in {folder.FullName}. Is --data the server's data directory, and are its limits off?");
    }

    private static string TokenOf(string page) => TokenField().Match(page).Groups["token"].Value;

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenField();

    [GeneratedRegex("""role="log"[^>]*data-room="(?<room>\d+)"[^>]*data-rev="(?<rev>\d+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Log();

    [GeneratedRegex(@"(?<!\d)\d{8}(?!\d)", RegexOptions.None, 1000)]
    private static partial Regex Code();
}

/// <summary>Why a run cannot go on, in a sentence for whoever started it.</summary>
internal sealed class LoadException(string message) : Exception(message);
