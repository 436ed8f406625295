using WebChat.Accounts.Leaving;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>
/// Tells open pages what somebody is called and looks like now: <c>{"person":{"id":7,"account":"ann","name":"Ann","initials":"AN","picture":"…"}}</c>.
/// Everybody shares the lobby with everybody, so all are told; a page that does not show the person does nothing.
/// </summary>
internal sealed class Profiles(Connections connections)
{
    public void Tell(User user) => Tell(user, was: null);

    /// <summary>Tells them that somebody is gone: <c>was</c> is how their links led to them.</summary>
    public void TellGone(User before) =>
        Tell(new User { Id = before.Id, Account = FormattableString.Invariant($"~{before.Id}"), Nickname = LeavingStore.Nickname }, before.Account);

    private void Tell(User user, string? was) =>
        connections.SendToAll(Frame.Json(json =>
        {
            json.WriteStartObject("person");
            json.WriteNumber("id", user.Id);
            json.WriteString("account", user.Account);
            json.WriteString("name", user.Nickname);
            json.WriteString("initials", Face.Initials(user.Nickname));
            json.WriteString("picture", user.Picture);
            if (was is not null)
                json.WriteString("was", was);
            json.WriteEndObject();
        }));
}
