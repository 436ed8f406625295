using System.Net;

namespace WebChat.Tests.Accounts;

public sealed class MeTests(App app) : IClassFixture<App>
{
    private static string NewName() => "p" + Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task What_is_saved_is_shown()
    {
        using var ann = await app.SignUpAsync(NewName());

        await ann.SubmitAsync("/me", "Save", ("Nickname", "Ann Lee"), ("Sex", "Female"), ("Signature", "By the sea"));

        var page = await ann.GetPageAsync("/me");
        Assert.Equal("Ann Lee", page.GetElementById("nickname")!.GetAttribute("value"));
        Assert.Equal("By the sea", page.GetElementById("signature")!.GetAttribute("value"));
        Assert.Equal("Female", page.QuerySelector("#sex option[selected]")!.GetAttribute("value"));
        Assert.Contains(ann.Email, page.QuerySelector(".facts")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chosen_language_is_stronger_than_the_browsers()
    {
        using var ann = await app.SignUpAsync(NewName());

        await ann.SubmitAsync("/me", "Save", ("Nickname", "Ann"), ("Language", "zh-Hans"));

        var page = await ann.GetPageAsync("/me");
        Assert.Equal("zh-Hans", page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("已保存", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_choice_or_too_long_is_said_beside_the_field_and_nothing_is_lost()
    {
        using var ann = await app.SignUpAsync(NewName());

        var page = await Person.ReadAsync(await ann.SubmitAsync("/me", "Save",
            ("Nickname", new string('x', 41)), ("Sex", "9"), ("Signature", new string('y', 141)), ("Language", "tlh")));

        foreach (var field in new[] { "nickname", "sex", "signature", "language" })
            Assert.NotNull(page.GetElementById(field + "-error"));
        Assert.Equal(new string('y', 141), page.GetElementById("signature")!.GetAttribute("value"));
        Assert.Equal(ann.Account, (await ann.GetPageAsync("/me")).GetElementById("nickname")!.GetAttribute("value"));
    }

    [Theory]
    [InlineData("\u200D")]
    [InlineData("\u3164")]
    public async Task Nobody_is_called_nothing(string nickname)
    {
        using var ann = await app.SignUpAsync(NewName());

        var page = await Person.ReadAsync(await ann.SubmitAsync("/me", "Save", ("Nickname", nickname)));

        Assert.Equal("Say what you are called.", page.GetElementById("nickname-error")!.TextContent.Trim());
    }

    [Fact]
    public async Task Fields_nobody_asked_for_change_nothing()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var ben = await app.SignUpAsync(NewName());

        await ben.Http.PostAsync("/me", new FormUrlEncodedContent(
        [
            new("Nickname", "Ben"), new("IsAdmin", "true"), new("Account", "root"), new("Mine.Id", "1"), new("Mine.IsAdmin", "true"), new("Id", "1"),
            new("__RequestVerificationToken", await ben.TokenAsync()),
        ]));

        var facts = (await ben.GetPageAsync("/me")).QuerySelector(".facts")!.TextContent;
        Assert.Contains(ben.Account, facts, StringComparison.Ordinal);
        Assert.DoesNotContain("root", facts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Saving_again_and_again_is_refused_and_the_last_allowed_stands()
    {
        using var slow = new App(("WebChat:Limits:ProfilesPerMinute", "2"));
        using var ann = await slow.SignUpAsync("ann");
        using var ben = await slow.SignUpAsync("ben");
        foreach (var name in new[] { "first", "second" })
            Assert.Equal(HttpStatusCode.Redirect, (await ann.SubmitAsync("/me", "Save", ("Nickname", name))).StatusCode);

        var refused = await ann.SubmitAsync("/me", "Save", ("Nickname", "third"));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.StartsWith("Too many changes.", (await Person.ReadAsync(refused)).GetElementById("nickname-error")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal("second", (await ann.GetPageAsync("/me")).GetElementById("nickname")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.Redirect, (await ben.SubmitAsync("/me", "Save", ("Nickname", "of my own"))).StatusCode); // another's allowance
    }

    [Fact]
    public async Task Others_hear_of_a_name_and_of_nothing_that_they_do_not_see()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var ben = await app.SignUpAsync(NewName());
        await using var socket = await ben.ConnectAsync();
        await socket.RoundTripAsync();

        await ann.SubmitAsync("/me", "Save", ("Signature", "By the sea"));
        await ann.SubmitAsync("/me", "Save", ("Nickname", "Ann of the sea"));
        await socket.NextAsync(f => f.Contains("Ann of the sea", StringComparison.Ordinal));

        Assert.Single(socket.All, f => f.Contains("\"person\"", StringComparison.Ordinal));
    }
}
