using Microsoft.Playwright;
using WebChat.Accounts.Factors;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>What stands beside the password, at a desk and on a phone.</summary>
[Collection(BrowserTests.Name)]
public sealed class FactorTests(Chromium chromium)
{
    [Fact]
    public async Task A_second_step_is_set_up_used_and_replaced_by_a_recovery_code()
    {
        const int width = 390;
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        await using var ann = await chromium.OpenAsync(app, a, "/me/security", width);
        await ann.Link("Set it up").ClickAsync();
        await ann.AxeAsync($"setting up a second step at {width}");
        await ann.FitsAsync();
        var key = (await ann.Page.Locator("#key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await Expect(ann.Page.GetByRole(AriaRole.Img, new PageGetByRoleOptions { Name = "The key as a picture" })).ToBeVisibleAsync();
        await ann.Label("Code").FillAsync(CodeAt(key, 0));
        await ann.Button("Turn on").ClickAsync();
        var codes = await ann.Page.Locator("#recovery-codes code").AllInnerTextsAsync();
        Assert.Equal(10, codes.Count);
        await Expect(ann.Button("Copy")).ToBeVisibleAsync();
        await Expect(ann.Button("Print")).ToBeVisibleAsync();
        await ann.AxeAsync($"recovery codes at {width}");
        await ann.FitsAsync();
        await ann.Link("I have kept them").ClickAsync();
        await Expect(ann.Page.GetByText("10 recovery codes left.")).ToBeVisibleAsync();
        await ann.AxeAsync($"security at {width}");
        await ann.FitsAsync();

        await using var device = await chromium.OpenAsync(app.Address, o => o.ViewportSize = new ViewportSize { Width = width, Height = 844 });
        await PasswordAsync(device);
        await device.AxeAsync($"the second step at {width}");
        await device.Label("Code").FillAsync(CodeAt(key, 30));
        await device.Button("Sign in").ClickAsync();
        await device.Page.WaitForURLAsync("**/rooms");

        await using var lost = await chromium.OpenAsync(app.Address, o => o.ViewportSize = new ViewportSize { Width = width, Height = 844 });
        await PasswordAsync(lost);
        await lost.Link("Use a recovery code").ClickAsync();
        await lost.Label("Recovery code").FillAsync(codes[0]);
        await lost.Button("Sign in").ClickAsync();
        await lost.Page.WaitForURLAsync("**/rooms");
    }

    [Fact]
    public async Task A_passkey_is_made_lets_in_alone_and_lets_in_no_more_once_it_is_removed()
    {
        const int width = 1280;
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        var house = new UriBuilder(app.Address) { Host = "localhost" }.Uri; // a passkey is made for a name
        await using var ann = await chromium.OpenAsync(house, o => o.ViewportSize = new ViewportSize { Width = width, Height = 844 });
        var devices = await ann.Context.NewCDPSessionAsync(ann.Page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["options"] = new { protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true, automaticPresenceSimulation = true },
        });
        await ann.SignInAsync("ann");
        await ann.Page.GotoAsync("/me/security/passkeys");
        await ann.Label("Name").FillAsync("Ann's telephone");
        await ann.Button("Add a passkey").ClickAsync();
        await Expect(ann.Page.GetByText("The passkey is added.")).ToBeVisibleAsync();
        await Expect(ann.Page.GetByRole(AriaRole.List, new PageGetByRoleOptions { Name = "Passkeys" })).ToContainTextAsync("never used");
        await Expect(ann.Button("Add a passkey")).ToBeEnabledAsync(); // by its script, and in its colours a moment later
        await ann.Page.WaitForFunctionAsync("() => !document.querySelector('form[data-passkey] button').getAnimations().length");
        await ann.AxeAsync($"passkeys at {width}");
        await ann.FitsAsync();

        await SignOutAsync(ann);
        await ann.AxeAsync($"the door with a passkey at {width}");
        await ann.Button("Use a passkey").ClickAsync();
        await ann.Page.WaitForURLAsync("**/rooms");
        await ann.Page.GotoAsync("/me/security/passkeys");
        await Expect(ann.Page.GetByRole(AriaRole.List, new PageGetByRoleOptions { Name = "Passkeys" })).ToContainTextAsync("last used");

        await ann.Button("Remove").ClickAsync();
        await Expect(ann.Page.GetByText("The passkey is removed.")).ToBeVisibleAsync();
        await SignOutAsync(ann);
        await ann.ExpectingAsync(400, async () =>
        {
            await ann.Button("Use a passkey").ClickAsync();
            await Expect(ann.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("opens no account here");
        });
    }

    private static async Task SignOutAsync(Screen ann)
    {
        await ann.Page.GotoAsync("/me");
        await ann.Button("Sign out").ClickAsync();
        await ann.Page.WaitForURLAsync("**/accounts/sign-in");
    }

    private static async Task PasswordAsync(Screen screen)
    {
        await screen.Page.GotoAsync("/accounts/sign-in");
        await screen.Label("Account or e-mail").FillAsync("ann");
        await screen.Label("Password").FillAsync(App.Password);
        await screen.Button("Sign in").ClickAsync();
        await screen.Page.WaitForURLAsync("**/accounts/sign-in/code*");
    }

    private static string CodeAt(string key, int seconds) => Totp.CodeAt(key, DateTimeOffset.UtcNow.AddSeconds(seconds));
}
