namespace WebChat.Live;

/// <summary>Why a socket was closed (RFC 6455, section 7.4, and our own of the 4000s).</summary>
internal static class CloseCode
{
    public const int ShuttingDown = 1001;
    public const int Misuse = 1008;
    public const int TooBig = 1009;
    public const int TooFarBehind = 1013;
    public const int SignIn = 4401;
    public const int TooManySockets = 4408;
}
