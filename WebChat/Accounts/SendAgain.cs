namespace WebChat.Accounts;

/// <summary>The small form below a code's field: another code, or another address.</summary>
/// <param name="Page">The address of the page.</param>
/// <param name="Email">Where the code goes.</param>
/// <param name="Seconds">How long to wait for the next; 0 is not at all.</param>
internal sealed record SendAgain(string Page, string Email, int Seconds);
