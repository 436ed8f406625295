using WebChat.Live;

namespace WebChat.Contacts;

/// <summary>Asking, answering, parting and blocking, and telling the open pages whose lists it changes.</summary>
internal sealed class Friendships(ContactStore contacts, Connections connections)
{
    public const int LongestMessage = 200;
    public const int LongestRemark = 40;

    /// <summary>Asks a person for friendship; accepts where they have asked.</summary>
    public async Task<RequestOutcome> RequestAsync(long userId, Person person, string message)
    {
        var outcome = await contacts.RequestAsync(userId, person.Account, message);
        if (outcome is RequestOutcome.Friends)
            TellBoth(userId, person.Id);
        // One who is blocked asks in vain: a changed list would show nothing new.
        else if (outcome is RequestOutcome.Sent && !person.Hides)
            connections.Changed(person.Id, "requests");
        return outcome;
    }

    public async Task<bool> AcceptAsync(long userId, Person person) =>
        TellBoth(userId, person.Id, await contacts.AcceptAsync(userId, person.Account));

    /// <summary>Declines silently: only the tabs of the one who declined change.</summary>
    public async Task<bool> DeclineAsync(long userId, Person person) =>
        TellOne(userId, await contacts.DeclineAsync(userId, person.Account));

    public async Task<bool> DeleteAsync(long userId, Person person) =>
        TellBoth(userId, person.Id, await contacts.DeleteAsync(userId, person.Account));

    public async Task<bool> BlockAsync(long userId, Person person) =>
        TellOne(userId, await contacts.BlockAsync(userId, person.Account));

    public async Task<bool> UnblockAsync(long userId, Person person) =>
        TellOne(userId, await contacts.UnblockAsync(userId, person.Account));

    public async Task<bool> SetRemarkAsync(long userId, Person person, string remark) =>
        TellOne(userId, await contacts.SetRemarkAsync(userId, person.Account, remark));

    private bool TellBoth(long userId, long otherId, bool isDone = true) => TellOne(userId, isDone) && TellOne(otherId, isDone);

    private bool TellOne(long userId, bool isDone)
    {
        if (!isDone)
            return false;
        connections.Changed(userId, "contacts");
        connections.Changed(userId, "requests");
        connections.Changed(userId, "rooms");
        return true;
    }
}
