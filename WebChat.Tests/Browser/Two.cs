using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace WebChat.Tests.Browser;

/// <summary>Two friends at their screens, in the room they share.</summary>
internal sealed record Two(App App, Screen Ann, Screen Ben) : IAsyncDisposable
{
    /// <param name="chromium">Where they look.</param>
    /// <param name="anns">How wide Ann's screen is: 390 is a phone.</param>
    /// <param name="bens">How wide Ben's is.</param>
    /// <param name="replace">Puts something in place of what the app is made of.</param>
    /// <param name="settings">Its environment.</param>
    public static async Task<Two> OpenAsync(Chromium chromium, int anns = 1280, int bens = 1280, Action<IServiceCollection>? replace = null, params (string, string)[] settings)
    {
        var app = new App(replace, settings);
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        return new Two(app, await LookAsync(a, anns), await LookAsync(b, bens));

        async Task<Screen> LookAsync(Person person, int width)
        {
            var screen = await chromium.OpenAsync(app.Address, o => o.ViewportSize = new ViewportSize { Width = width, Height = 800 });
            await screen.BeAsync(person, app.Address);
            await screen.Page.GotoAsync($"/rooms/{room}");
            return screen;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Ann.DisposeAsync();
        await Ben.DisposeAsync();
        await App.DisposeAsync();
    }
}
