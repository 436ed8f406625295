using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using WebChat.Messages.Bots;
using WebChat.Shared;
using WebChat.Tests.Messages.Links;

namespace WebChat.Tests.Messages.Bots;

/// <summary>A group that Ann leads, for bots to work in. The world outside is a stranger on this machine.</summary>
internal sealed class Kitchen : IAsyncDisposable
{
    private Kitchen(Stranger stranger, Outside? outside) =>
        (Stranger, App) = (stranger, new App(services => Reach(services, outside)));

    public Stranger Stranger { get; }
    public App App { get; }
    public Person Ann { get; private set; } = null!;
    public long Room { get; private set; }

    /// <param name="outside">How the world is reached; else as <see cref="Stranger.Reached"/>.</param>
    public static async Task<Kitchen> OpenAsync(Outside? outside = null)
    {
        var kitchen = new Kitchen(await Stranger.StartAsync(), outside);
        kitchen.Ann = await kitchen.App.SignUpAsync("ann");
        kitchen.Room = await kitchen.Ann.NewGroupAsync("Kitchen");
        return kitchen;
    }

    /// <summary>Lets an app call strangers, who know no https.</summary>
    public static void Reach(IServiceCollection services, Outside? outside = null)
    {
        services.AddSingleton(outside ?? Stranger.Reached());
        services.AddSingleton(s => new WebhookRule(s.GetRequiredService<Outside>(), s.GetRequiredService<IStringLocalizer<WebChat.Messages.Texts>>()) { Schemes = ["http", "https"] });
    }

    public async ValueTask DisposeAsync()
    {
        Ann.Dispose();
        await App.DisposeAsync();
        await Stranger.DisposeAsync();
    }

    /// <summary>Makes a bot, as who leads a group does.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="hook">The path at the stranger's where it is called.</param>
    /// <param name="on">Who makes it, if not Ann.</param>
    /// <param name="group">Where, if not here.</param>
    /// <param name="address">Where it is called, if not at the stranger's.</param>
    public async Task<(string Token, string Secret)> MakeAsync(string name, string? hook = null, Person? on = null, long? group = null, string? address = null)
    {
        var answer = await (on ?? Ann).SubmitAsync($"/rooms/{group ?? Room}/bots", "Make bot", ("Name", name), ("Webhook address", address ?? (hook is null ? "" : Stranger.At(hook).AbsoluteUri)));
        var page = await Person.ReadAsync(answer);
        Assert.True(page.QuerySelector("#token") is not null, page.QuerySelector("main")!.TextContent);
        return (page.QuerySelector("#token")!.TextContent, page.QuerySelector("#secret")!.TextContent);
    }

    public async Task<Bot> BotAsync(string name) => (await App.Get<BotStore>().FindAsync(await Ann.IdAsync(), Room, name))!;

    /// <summary>How the last call of a bot failed, as its page says once it does.</summary>
    public async Task<string> FailureAsync(string name, Person? who = null, long? group = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (true)
        {
            if ((await (who ?? Ann).GetPageAsync($"/rooms/{group ?? Room}/bots/{name}")).QuerySelector("p.error") is { } failure)
            {
                Assert.NotNull((await (who ?? Ann).GetPageAsync($"/rooms/{group ?? Room}/bots")).QuerySelector(".rows .error"));
                return failure.Text();
            }
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>Says something as a bot does.</summary>
    public Task<HttpResponseMessage> PostAsync(string? token, object what, long? where = null, App? at = null) => SendAsync(token, JsonContent.Create(what), where, at);

    public async Task<HttpResponseMessage> SendAsync(string? token, HttpContent content, long? where = null, App? at = null)
    {
        using var program = (at ?? App).Visitor();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/rooms/{where ?? Room}/bot") { Content = content };
        if (token is { Length: > 0 })
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await program.Http.SendAsync(request);
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
