using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace WebChat.Tests.Browser;

/// <summary>A person at a browser. Whatever the console complains of fails the test when it ends.</summary>
internal sealed class Screen : IAsyncDisposable
{
    private readonly List<string> complaints = [];
    private int expected;

    private Screen(IBrowserContext context, IPage page)
    {
        Context = context;
        Page = page;
    }

    public IBrowserContext Context { get; }
    public IPage Page { get; private set; }

    /// <summary>Set while the server is down on purpose: refused connections are no complaint then.</summary>
    public bool IsServerDown { get; set; }

    public static async Task<Screen> CreateAsync(IBrowserContext context)
    {
        var screen = new Screen(context, await context.NewPageAsync());
        screen.Watch(screen.Page);
        return screen;
    }

    /// <summary>Does what the server will refuse with this status: the browser's remark about that is no complaint.</summary>
    public async Task ExpectingAsync(int status, Func<Task> act)
    {
        expected = status;
        await act();
        expected = 0;
    }

    /// <summary>A second tab of the same person.</summary>
    public async Task<IPage> NewTabAsync()
    {
        var page = await Context.NewPageAsync();
        Watch(page);
        return page;
    }

    public ILocator Label(string name) => Page.GetByLabel(name, new PageGetByLabelOptions { Exact = true });
    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });
    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>Makes the administrator of an empty installation.</summary>
    public async Task SetUpAsync(string account)
    {
        await Page.GotoAsync("/");
        await Label("Name of this chat").FillAsync("Harbour House");
        await Label("Account").FillAsync(account);
        await Label("E-mail").FillAsync($"{account}@example.org");
        await Label("Password").FillAsync(App.Password);
        await Button("Create").ClickAsync();
        await Page.WaitForURLAsync("**/rooms");
    }

    /// <summary>Signs in somebody who has an account.</summary>
    public async Task SignInAsync(string account)
    {
        await Page.GotoAsync("/accounts/sign-in");
        await Label("Account or e-mail").FillAsync(account);
        await Label("Password").FillAsync(App.Password);
        await Button("Sign in").ClickAsync();
        await Page.WaitForURLAsync("**/rooms");
    }

    /// <summary>Takes the cookies of a person who signed in over HTTP.</summary>
    public Task BeAsync(Person person, Uri address) =>
        Context.AddCookiesAsync(person.Cookies.GetCookies(address).Select(c => new Cookie { Name = c.Name, Value = c.Value, Url = address.ToString() }));

    /// <summary>Writes and sends, as a person does.</summary>
    public async Task SayAsync(string text)
    {
        await Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Message", Exact = true }).FillAsync(text);
        await Button("Send").ClickAsync();
    }

    /// <summary>A picture of this size, painted by the browser.</summary>
    public async Task<byte[]> PaintAsync(int width, int height) =>
        Convert.FromBase64String((await Page.EvaluateAsync<string>(
            """
            ([width, height]) => { const canvas = Object.assign(document.createElement('canvas'), { width, height }); const pen = canvas.getContext('2d');
              pen.fillStyle = 'teal'; pen.fillRect(0, 0, width, height); pen.fillStyle = 'orange'; pen.fillRect(width / 4, height / 4, width / 2, height / 2); return canvas.toDataURL('image/png'); }
            """, new[] { width, height })).Split(',')[1]);

    /// <summary>The message of the log with this text, once the server has given it its place.</summary>
    public ILocator Message(string text) =>
        Page.GetByRole(AriaRole.Log, new PageGetByRoleOptions { Name = "Messages" }).Locator("article[data-seq]").Filter(new LocatorFilterOptions { HasText = text });

    public Task SeesAsync(string text) => Message(text).WaitForAsync();

    /// <summary>The log as it stands, without what only a fresh arrival carries, and without presence, which comes a moment after the page.</summary>
    public Task<string> LogAsync() => LogAsync(Page);

    /// <inheritdoc cref="LogAsync()"/>
    public static Task<string> LogAsync(IPage page) => page.EvaluateAsync<string>(
        """
        () => { const log = document.querySelector('[role=log]').cloneNode(true);
          for (const e of log.querySelectorAll('.arrived')) e.classList.remove('arrived');
          for (const e of log.querySelectorAll('.line-new, .here')) e.remove();
          return [...log.querySelectorAll('article, h2')].map(e => e.outerHTML).join('\n'); }
        """);

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>Fails when axe finds anything on the page, at rest: what comes has come, and nothing leaves while it is looked at.</summary>
    public async Task AxeAsync(string where)
    {
        await Page.EvaluateAsync(
            """
            () => { for (const animation of document.getAnimations()) {
              if (animation.animationName === 'leave') animation.cancel();
              else if (animation.effect.getComputedTiming().endTime < Infinity) animation.finish(); } }
            """);
        // In the page itself: the package's own way opens another page for every look, to gather what it found in frames, and there are none.
        Assert.Equal(0, await Page.Locator("iframe, frame").CountAsync());
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
            await Page.EvaluateAsync(Axe);
        var found = await Page.EvaluateAsync<string[]>("() => axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(', ')}`))");
        Assert.True(found.Length == 0, $"{where}: {string.Join("; ", found)}");
    }

    /// <summary>Fails when the page is wider than its window.</summary>
    public async Task FitsAsync() =>
        Assert.True(await Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{Page.Url} overflows");

    public async ValueTask DisposeAsync()
    {
        await Context.CloseAsync();
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    private void Watch(IPage page)
    {
        page.Console += (_, message) =>
        {
            var isRefused = IsServerDown && (message.Text.Contains("ERR_CONNECTION", StringComparison.Ordinal) || message.Text.Contains("WebSocket", StringComparison.Ordinal) || message.Text.Contains("ERR_EMPTY", StringComparison.Ordinal));
            if (message.Text.Contains("the server responded with a status of 404", StringComparison.Ordinal) && page.Url.EndsWith("/nowhere", StringComparison.Ordinal))
                return; // the browser's own remark about a page that is meant to be missing
            if (message.Text.Contains("Push API in incognito mode", StringComparison.Ordinal))
                return; // each context is a private window, and those are reached by no push
            if (expected > 0 && message.Text.Contains($"the server responded with a status of {expected}", StringComparison.Ordinal))
                return;
            if (message.Type is "error" or "warning" && !isRefused)
                complaints.Add($"{page.Url}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => complaints.Add($"{page.Url}: {error}");
    }
}
