using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace WebChat.Tests.Accounts.Proof;

/// <summary>What changes how one signs in asks for the password again, when the last time was a while ago.</summary>
public sealed class PasswordProofTests : IDisposable
{
    private readonly ShiftedClock clock = new();
    private readonly App app;

    public PasswordProofTests() => app = new App(services => services.AddSingleton<TimeProvider>(clock));

    public void Dispose() => app.Dispose();

    public static TheoryData<string> Pages => ["/me/security/two-step", "/me/security/passkeys", "/me/email", "/me/tokens"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_sign_in_of_a_quarter_of_an_hour_ago_is_no_proof(string page)
    {
        using var ann = await app.SignUpAsync("ann");
        clock.Pass(TimeSpan.FromMinutes(14));
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync(page)).StatusCode);
        clock.Pass(TimeSpan.FromMinutes(2));
        var address = $"/me/confirm?returnUrl={Uri.EscapeDataString(page)}";

        Assert.Equal(address, (await ann.Http.GetAsync(page)).Headers.Location!.OriginalString);
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", await ann.TokenAsync())]);
        Assert.Equal(address, (await ann.Http.PostAsync(page, form)).Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync("/me/security")).StatusCode);
    }

    [Fact]
    public async Task The_password_leads_back_and_is_good_for_this_session_alone()
    {
        using var ann = await app.SignUpAsync("ann");
        using var other = app.Visitor();
        await other.SignInAsync("ann");
        clock.Pass(TimeSpan.FromMinutes(16));

        var wrong = await Person.ReadAsync(await ConfirmAsync(ann, "not my password", "/me/email?again=true"));
        Assert.NotNull(wrong.GetElementById("password-error"));
        Assert.Equal(HttpStatusCode.Redirect, (await ann.Http.GetAsync("/me/email")).StatusCode);

        Assert.Equal("/me/email?again=true", (await ConfirmAsync(ann, App.Password, "/me/email?again=true")).Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync("/me/email")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await other.Http.GetAsync("/me/email")).StatusCode);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    public async Task It_leads_to_addresses_of_this_house_only(string wanted)
    {
        using var ann = await app.SignUpAsync("ann");

        Assert.Equal("/me/security", (await ConfirmAsync(ann, App.Password, wanted)).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Five_wrong_ones_lock_it_for_this_session_and_no_other()
    {
        using var ann = await app.SignUpAsync("ann");
        using var other = app.Visitor();
        await other.SignInAsync("ann");
        for (var i = 0; i < 5; i++)
            await ConfirmAsync(ann, "not my password", "/me/email");

        Assert.NotNull((await Person.ReadAsync(await ConfirmAsync(ann, App.Password, "/me/email"))).GetElementById("password-error"));
        Assert.NotNull((await Person.ReadAsync(await ann.SubmitAsync("/me/security", "Change password", ("Current password", App.Password), ("New password", "quite another phrase")))).GetElementById("currentpassword-error"));
        Assert.Equal(HttpStatusCode.Redirect, (await ConfirmAsync(other, App.Password, "/me/email")).StatusCode);
    }

    [Fact]
    public async Task A_script_is_told_where_to_go()
    {
        using var ann = await app.SignUpAsync("ann");
        var token = await ann.TokenAsync();
        clock.Pass(TimeSpan.FromMinutes(16));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/me/security/passkeys?handler=ask");
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("RequestVerificationToken", token);

        var answer = await ann.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("\"confirm\":\"/me/confirm?returnUrl=%2Fme%2Fsecurity%2Fpasskeys\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> ConfirmAsync(Person person, string password, string then) =>
        person.SubmitAsync($"/me/confirm?returnUrl={Uri.EscapeDataString(then)}", "Continue", ("Password", password));
}
