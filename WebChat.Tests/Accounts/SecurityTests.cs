using System.Net;

namespace WebChat.Tests.Accounts;

public sealed class SecurityTests(App app) : IClassFixture<App>
{
    private const string NewPassword = "another good one";

    private static string NewName() => "p" + Guid.NewGuid().ToString("N")[..8];

    private async Task<Person> DeviceAsync(Person of)
    {
        var device = app.Visitor();
        await device.SignInAsync(of.Account);
        return device;
    }

    private static async Task<bool> IsInAsync(Person person) => (await person.Http.GetAsync("/me")).StatusCode == HttpStatusCode.OK;

    [Fact]
    public async Task A_changed_password_keeps_this_session_under_a_new_id_and_ends_all_others()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var other = await DeviceAsync(ann);
        using var copy = app.Visitor();
        copy.Cookies.Add(ann.Cookies.GetAllCookies());

        var answer = await ann.SubmitAsync("/me/security", "Change password", ("Current password", App.Password), ("New password", NewPassword));

        Assert.Equal("/me/security", answer.Headers.Location?.OriginalString);
        Assert.True(await IsInAsync(ann));
        Assert.False(await IsInAsync(other));
        Assert.False(await IsInAsync(copy));
    }

    [Theory]
    [InlineData("not my password", NewPassword, "currentpassword-error")]
    [InlineData(App.Password, "too short", "newpassword-error")]
    public async Task A_wrong_or_a_weak_one_changes_nothing(string current, string wanted, string error)
    {
        using var ann = await app.SignUpAsync(NewName());

        var page = await Person.ReadAsync(await ann.SubmitAsync("/me/security", "Change password", ("Current password", current), ("New password", wanted)));

        Assert.NotNull(page.GetElementById(error));
        using var device = await DeviceAsync(ann);
        Assert.True(await IsInAsync(device));
    }

    [Fact]
    public async Task One_device_is_signed_out_and_the_others_stay()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var second = await DeviceAsync(ann);

        await ann.SubmitAsync("/me/security", "Sign out");

        Assert.True(await IsInAsync(ann));
        Assert.False(await IsInAsync(second));
    }

    [Fact]
    public async Task A_device_that_was_signed_out_meanwhile_is_said_to_be_so()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var second = await DeviceAsync(ann);
        var page = await ann.GetPageAsync("/me/security");
        await second.SubmitAsync("/me", "Sign out");

        var said = await ann.FollowAsync(await ann.SubmitAsync(page, "Sign out"));

        Assert.Contains("It was signed out already.", said.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Signed out there.", said.Body.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everywhere_else_is_everywhere_but_here()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var second = await DeviceAsync(ann);
        using var third = await DeviceAsync(ann);
        using var ben = await app.SignUpAsync(NewName());

        await ann.SubmitAsync("/me/security", "Sign out everywhere else");

        Assert.True(await IsInAsync(ann));
        Assert.False(await IsInAsync(second));
        Assert.False(await IsInAsync(third));
        Assert.True(await IsInAsync(ben));
    }

    [Fact]
    public async Task Nobody_signs_another_persons_device_out()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var second = await DeviceAsync(ann);
        using var mallory = await app.SignUpAsync(NewName());
        using var extra = await DeviceAsync(mallory);
        var hers = (await ann.GetPageAsync("/me/security")).QuerySelector("input[name=session]")!.GetAttribute("value")!;

        await mallory.Http.PostAsync("/me/security?handler=signOut", new FormUrlEncodedContent([new("session", hers), new("__RequestVerificationToken", await mallory.TokenAsync())]));

        Assert.True(await IsInAsync(second));
        Assert.True(await IsInAsync(extra));
    }
}
