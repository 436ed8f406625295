using System.Globalization;
using System.Net;
using AngleSharp;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace WebChat.Tests;

/// <summary>Somebody at the app's pages: cookies of their own, forms sent as a browser without scripts sends them.</summary>
internal sealed class Person : IDisposable
{
    private readonly Uri house;
    private readonly App? app;

    public Person(App app, string account, string language) : this(app.Address, account, language) => this.app = app;

    public Person(Uri house, string account, string language = "en", CookieContainer? cookies = null, SocketsHttpHandler? line = null)
    {
        this.house = house;
        Account = account;
        Cookies = cookies ?? new CookieContainer();
        line ??= new SocketsHttpHandler();
        line.CookieContainer = Cookies;
        line.AllowAutoRedirect = false;
        Http = new HttpClient(line) { BaseAddress = house };
        Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
    }

    public string Account { get; }
    public string Email => $"{Account}@example.org";
    public CookieContainer Cookies { get; }
    public HttpClient Http { get; }

    public void Dispose() => Http.Dispose();

    /// <summary>The same browser at another node.</summary>
    public Person At(App node) => new(node.Address, Account, cookies: Cookies);

    /// <summary>One's own user id.</summary>
    public async Task<long> IdAsync() => long.Parse((await GetPageAsync("/me")).QuerySelector("[data-me]")!.GetAttribute("data-me")!, CultureInfo.InvariantCulture);

    /// <summary>Makes a group.</summary>
    /// <returns>Its number.</returns>
    public async Task<long> NewGroupAsync(string name)
    {
        var answer = await SubmitAsync("/rooms/new", "Create group", ("Name", name));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return long.Parse(answer.Headers.Location!.OriginalString.Split('/')[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>Makes the administrator of an empty installation.</summary>
    public async Task SetUpAsync()
    {
        var answer = await SubmitAsync("/setup", "Create", ("Name of this chat", "Harbour House"), ("Account", Account), ("E-mail", Email), ("Password", App.Password));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    /// <summary>Registers with a mailed code.</summary>
    /// <param name="data">The data directory of the node, where its mails are.</param>
    public async Task RegisterAsync(string? data = null)
    {
        var sent = await FollowAsync(await SubmitAsync("/accounts/register", "Send code", ("E-mail", Email)));
        var answer = await SubmitAsync(sent, "Create account",
            ("Code", App.CodeFor(data ?? app!.Data, Email)), ("Account", Account), ("Nickname", Account), ("Password", App.Password));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    public Task<HttpResponseMessage> SignInAsync(string? login = null, string password = App.Password) =>
        SubmitAsync("/accounts/sign-in", "Sign in", ("Account or e-mail", login ?? Account), ("Password", password));

    /// <summary>Asks, and is accepted.</summary>
    /// <returns>The number of the two's room.</returns>
    public async Task<long> BefriendAsync(Person other)
    {
        await SubmitAsync($"/people/{other.Account}/request", "Send request", ("Message", "It is me"));
        await other.SubmitAsync("/contacts", "Accept");
        var room = (await GetPageAsync("/rooms")).QuerySelectorAll("li[data-room][data-direct]").Last();
        return long.Parse(room.GetAttribute("data-room")!, CultureInfo.InvariantCulture);
    }

    /// <summary>A page that must be there.</summary>
    public async Task<IHtmlDocument> GetPageAsync(string address)
    {
        var answer = await Http.GetAsync(address);
        if (answer.StatusCode == HttpStatusCode.Redirect)
            answer = await Http.GetAsync(answer.Headers.Location);
        Assert.True(answer.IsSuccessStatusCode, $"{address} answered {(int)answer.StatusCode}");
        return await ReadAsync(answer);
    }

    /// <summary>The page that an answer leads to, or is.</summary>
    public async Task<IHtmlDocument> FollowAsync(HttpResponseMessage answer) =>
        answer.Headers.Location is { } next ? await ReadAsync(await Http.GetAsync(new Uri(house, next))) : await ReadAsync(answer);

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage answer)
    {
        var document = await new HtmlParser(new HtmlParserOptions(), BrowsingContext.New()).ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
        document.Body!.SetAttribute("data-address", answer.RequestMessage!.RequestUri!.PathAndQuery);
        return document;
    }

    /// <summary>Opens the page, fills the labelled fields of the form that has the button, and sends it.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string address, string button, params (string Label, string Value)[] fields) =>
        await SubmitAsync(await GetPageAsync(address), button, fields);

    /// <inheritdoc cref="SubmitAsync(string, string, (string, string)[])"/>
    public async Task<HttpResponseMessage> SubmitAsync(IHtmlDocument page, string button, params (string Label, string Value)[] fields)
    {
        var pressed = page.QuerySelectorAll("button").FirstOrDefault(b => string.Equals(Name(b), button, StringComparison.Ordinal));
        Assert.True(pressed is not null, $"no button \"{button}\" on {page.Title}; there are: {string.Join(", ", page.QuerySelectorAll("button").Select(Name))}");
        var form = (IHtmlFormElement)(pressed.Closest("form") ?? page.GetElementById(pressed.GetAttribute("form") ?? ""))!;
        var values = form.QuerySelectorAll("input[name], textarea[name], select[name]")
            .Where(e => e is not IHtmlInputElement { Type: "file" or "submit" } and not IHtmlInputElement { Type: "radio" or "checkbox", IsChecked: false })
            .ToDictionary(e => e.GetAttribute("name")!, e => e switch { IHtmlInputElement i => i.Value, IHtmlTextAreaElement t => t.Value, IHtmlSelectElement s => s.Value ?? "", _ => "" }, StringComparer.Ordinal);
        foreach (var (label, value) in fields)
            values[FieldOf(form, label)] = value;
        if (pressed.GetAttribute("name") is { Length: > 0 } own)
            values[own] = pressed.GetAttribute("value") ?? "";
        var address = new Uri(new Uri(house, page.Body!.GetAttribute("data-address")!), pressed.GetAttribute("formaction") ?? form.GetAttribute("action") ?? "");
        if (string.Equals(form.Method, "get", StringComparison.OrdinalIgnoreCase))
            return await Http.GetAsync($"{address}?{await new FormUrlEncodedContent(values).ReadAsStringAsync()}");
        using HttpContent body = string.Equals(form.Enctype, "multipart/form-data", StringComparison.OrdinalIgnoreCase) ? Multipart(values) : new FormUrlEncodedContent(values);
        return await Http.PostAsync(address, body);
    }

    /// <summary>A token for posts without a form at hand.</summary>
    public async Task<string> TokenAsync(string page = "/me") =>
        (await GetPageAsync(page)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;

    /// <summary>Posts as the page's script does: JSON back, token in a header.</summary>
    public async Task<HttpResponseMessage> PostMessageAsync(long room, string content, string? clientId = null, string? token = null)
    {
        token ??= await TokenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/rooms/{room}/messages")
        {
            Content = new FormUrlEncodedContent([new("content", content), new("client_id", clientId ?? Guid.NewGuid().ToString("N"))]),
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("RequestVerificationToken", token);
        return await Http.SendAsync(request);
    }

    /// <summary>Posts, and must succeed.</summary>
    public async Task<long> SayAsync(long room, string content, string? token = null)
    {
        var answer = await PostMessageAsync(room, content, token: token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var json = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("seq").GetInt64();
    }

    /// <summary>Posts a file as the page's script does: one form for each, JSON back.</summary>
    public async Task<HttpResponseMessage> PostFileAsync(long room, byte[] file, string name, string caption = "", string? clientId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/rooms/{room}/messages")
        {
            Content = new MultipartFormDataContent { { new StringContent(caption), "content" }, { new StringContent(clientId ?? Guid.NewGuid().ToString("N")), "client_id" }, { new ByteArrayContent(file), "file", name } },
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("RequestVerificationToken", await TokenAsync());
        return await Http.SendAsync(request);
    }

    /// <summary>Does something to a message, as the page's script does: <c>edit</c>, <c>recall</c>, <c>reactions</c>, <c>pin</c>.</summary>
    public async Task<HttpResponseMessage> ActAsync(long room, long seq, string what, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/rooms/{room}/messages/{seq}/{what}")
        {
            Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("RequestVerificationToken", await TokenAsync());
        return await Http.SendAsync(request);
    }

    /// <summary>A token for a program of this person, made on their page.</summary>
    public async Task<string> MakeTokenAsync(string name = "script") =>
        (await FollowAsync(await SubmitAsync("/me/tokens", "Make token", ("Name", name)))).QuerySelector("#token")!.TextContent;

    /// <summary>A program's socket, as this person.</summary>
    public async Task<LiveSocket> RunProgramAsync() => await LiveSocket.ProgramAsync(house, await MakeTokenAsync());

    /// <summary>A tab's socket, as this person.</summary>
    public Task<LiveSocket> ConnectAsync() => house.Scheme == "https" ? LiveSocket.ConnectAsync(house, Http) : LiveSocket.ConnectAsync(house, Cookies);

    private static string Name(AngleSharp.Dom.IElement button) => button.GetAttribute("aria-label") ?? button.TextContent.Trim();

    private static string FieldOf(IHtmlFormElement form, string label)
    {
        var element = form.QuerySelectorAll("label").FirstOrDefault(l => l.TextContent.Trim() == label);
        var field = element is null
            ? form.QuerySelector($"[aria-label='{label}']")
            : form.QuerySelector($"#{element.GetAttribute("for")}") ?? element.QuerySelector("input, textarea, select");
        Assert.True(field is not null, $"no field \"{label}\" in the form; labels: {string.Join(", ", form.QuerySelectorAll("label").Select(l => l.TextContent.Trim()))}");
        return field.GetAttribute("name")!;
    }

    private static MultipartFormDataContent Multipart(Dictionary<string, string> values)
    {
        var body = new MultipartFormDataContent();
        foreach (var (name, value) in values)
            body.Add(new StringContent(value), name);
        return body;
    }
}
