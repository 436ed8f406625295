namespace WebChat.Shared;

/// <summary>
/// An administrator reads in a room that is not theirs: only after they have said why, and for a while. That they said so is a line of the audit
/// log, and nothing but that line lets them.
/// </summary>
internal static class Looking
{
    /// <summary>The act, as the audit log has it.</summary>
    public const string Act = "room.read";

    /// <summary>For how long one reason is good.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    /// <summary>Reasons that were given after this moment are good still, in UTC Unix milliseconds.</summary>
    public static long Since(long now) => now - (long)Lasts.TotalMilliseconds;

    /// <summary>The SQL condition that <c>@userId</c> may look into a room, by a reason given after <c>@since</c>.</summary>
    public static string Into(string room) =>
        $"""
        EXISTS (SELECT 1 FROM audit a JOIN users looks ON looks.id = a.actor_id AND looks.is_admin = 1 AND looks.disabled_at IS NULL AND looks.deleted_at IS NULL
                WHERE a.room = {room} AND a.actor_id = @userId AND a.act = '{Act}' AND a.at > @since)
        """;
}
