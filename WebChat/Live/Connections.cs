using System.Collections.Concurrent;

namespace WebChat.Live;

/// <summary>Every open socket of this node, by user. Knows no feature.</summary>
internal sealed class Connections
{
    /// <summary>True while the user has at least one socket open.</summary>
    public bool IsOnline(long userId) => false;

    /// <summary>The users who have a socket open, in no order.</summary>
    public IReadOnlyCollection<long> Online => [];

    /// <summary>Puts one framed message into every tab of the user.</summary>
    public void Send(long userId, ReadOnlyMemory<byte> frame) { }

    /// <summary>Tells every tab of the user that a list they may show has changed: <c>{"changed":"rooms"}</c>.</summary>
    public void Changed(long userId, string list) { }

    /// <summary>Closes the sockets of one signed-out session with 4401, at once.</summary>
    public void EndSession(string sessionId) { }

    /// <summary>Closes every socket of the user with 4401, but those of <paramref name="exceptSession"/>.</summary>
    public void EndUser(long userId, string? exceptSession = null) { }

    /// <summary>Ends the feed of a room in every tab of a user who may not read it any more.</summary>
    public void CloseRoom(long userId, long room) { }

    /// <summary>Ends the feed of a room for everybody: it is gone.</summary>
    public void CloseRoom(long room) { }
}
