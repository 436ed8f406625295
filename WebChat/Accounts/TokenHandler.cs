using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>Lets programs in by a token. It is no way in by default: who takes tokens asks for it by its name.</summary>
internal sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Sessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Token.Of(Request, Token.Personal) is { } token && await sessions.FindOwnerAsync(token) is { } owner
            ? AuthenticateResult.Success(new AuthenticationTicket(owner, Scheme.Name))
            : AuthenticateResult.NoResult();
}
