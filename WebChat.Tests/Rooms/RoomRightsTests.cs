using WebChat.Rooms;

namespace WebChat.Tests.Rooms;

/// <summary>All roles, all actions, all kinds of room: what is allowed is written out here and nowhere else but in <see cref="Standing.May(RoomAction)"/>.</summary>
public sealed class RoomRightsTests
{
    // A column for each who; "x" is allowed. Somebody who was removed is an outsider, and so is a bot in a room that is not its own.
    private const string Group =
        """
                         outsider  member  muted  bot  administrator  owner
        Read             -         x       x      -    x              x
        SeeMembers       -         x       x      -    x              x
        SeeReaders       -         x       x      -    x              x
        Report           -         x       x      -    x              x
        Post             -         x       -      x    x              x
        Edit             -         x       -      -    x              x
        React            -         x       -      -    x              x
        GiveLucky        -         x       -      -    x              x
        OpenLucky        -         x       x      -    x              x
        RecallOwn        -         x       x      -    x              x
        RecallAny        -         -       -      -    x              x
        Pin              -         -       -      -    x              x
        CallAll          -         -       -      -    x              x
        Join             x         -       -      -    -              -
        Ask              -         -       -      -    -              -
        Leave            -         x       x      -    x              -
        Invite           -         -       -      -    x              x
        ManageInvites    -         -       -      -    x              x
        Admit            -         -       -      -    x              x
        Remove           -         -       -      -    x              x
        Mute             -         -       -      -    x              x
        Promote          -         -       -      -    -              x
        Demote           -         -       -      -    -              x
        HandOver         -         -       -      -    -              x
        ChangeSettings   -         -       -      -    x              x
        Announce         -         -       -      -    x              x
        ManageBots       -         -       -      -    x              x
        Dissolve         -         -       -      -    -              x
        """;

    /// <summary>The lobby has members alone; who leads the installation has pages of their own for it.</summary>
    private const string Lobby =
        """
                         outsider  member  muted  bot  administrator  owner
        Read             -         x       x      -    x              x
        SeeMembers       -         x       x      -    x              x
        SeeReaders       -         x       x      -    x              x
        Report           -         x       x      -    x              x
        Post             -         x       -      -    x              x
        Edit             -         x       -      -    x              x
        React            -         x       -      -    x              x
        GiveLucky        -         x       -      -    x              x
        OpenLucky        -         x       x      -    x              x
        RecallOwn        -         x       x      -    x              x
        RecallAny        -         -       -      -    -              -
        Pin              -         -       -      -    -              -
        CallAll          -         -       -      -    -              -
        Join             -         -       -      -    -              -
        Ask              -         -       -      -    -              -
        Leave            -         -       -      -    -              -
        Invite           -         -       -      -    -              -
        ManageInvites    -         -       -      -    -              -
        Admit            -         -       -      -    -              -
        Remove           -         -       -      -    -              -
        Mute             -         -       -      -    -              -
        Promote          -         -       -      -    -              -
        Demote           -         -       -      -    -              -
        HandOver         -         -       -      -    -              -
        ChangeSettings   -         -       -      -    -              -
        Announce         -         -       -      -    -              -
        ManageBots       -         -       -      -    -              -
        Dissolve         -         -       -      -    -              -
        """;

    private static readonly string Direct = Lobby.Replace(
        "Pin              -         -       -      -    -              -",
        "Pin              -         x       x      -    x              x", StringComparison.Ordinal);

    /// <summary>Whom one may do something to: who acts in the rows, to whom in the columns.</summary>
    private const string ToOthers =
        """
                                  member  bot  administrator  owner
        member Remove             -       -    -              -
        member Mute               -       -    -              -
        member Promote            -       -    -              -
        member Demote             -       -    -              -
        member HandOver           -       -    -              -
        administrator Remove      x       -    -              -
        administrator Mute        x       -    -              -
        administrator Promote     -       -    -              -
        administrator Demote      -       -    -              -
        administrator HandOver    -       -    -              -
        owner Remove              x       -    x              -
        owner Mute                x       -    x              -
        owner Promote             x       -    -              -
        owner Demote              -       -    x              -
        owner HandOver            x       -    x              -
        """;

    [Fact]
    public void Everybody_may_do_what_the_table_says_in_a_group() => AssertTable(Group, new Standing { Kind = RoomKind.Group });

    [Fact]
    public void Everybody_may_do_what_the_table_says_in_the_lobby() => AssertTable(Lobby, new Standing { Kind = RoomKind.Lobby });

    [Fact]
    public void Everybody_may_do_what_the_table_says_in_a_direct_room() => AssertTable(Direct, new Standing { Kind = RoomKind.Direct });

    [Fact]
    public void A_muted_administrator_does_not_speak_by_settings_pins_or_bots_either()
    {
        var muted = new Standing { Kind = RoomKind.Group, Role = Role.Administrator, IsMuted = true };

        Assert.All([RoomAction.Post, RoomAction.Pin, RoomAction.ChangeSettings, RoomAction.Announce, RoomAction.ManageBots], action => Assert.False(muted.May(action)));
        Assert.All([RoomAction.Read, RoomAction.Admit, RoomAction.Remove], action => Assert.True(muted.May(action)));
    }

    [Fact]
    public void Where_only_administrators_write_members_say_nothing_and_bots_do() =>
        AssertTable(Changed(Group,
            "Post             -         -       -      x    x              x",
            "Edit             -         -       -      -    x              x",
            "GiveLucky        -         -       -      -    x              x"), new Standing { Kind = RoomKind.Group, OnlyAdministratorsPost = true });

    [Fact]
    public void Where_members_may_invite_the_muted_and_bots_may_not() =>
        AssertTable(Changed(Group, "Invite           -         x       -      -    x              x"), new Standing { Kind = RoomKind.Group, MembersInvite = true });

    [Fact]
    public void One_asks_to_join_by_approval() =>
        AssertTable(Changed(Group,
            "Join             -         -       -      -    -              -",
            "Ask              x         -       -      -    -              -"), new Standing { Kind = RoomKind.Group, Joining = JoinPolicy.ByApproval });

    [Fact]
    public void One_neither_joins_nor_asks_where_links_lead_in() =>
        AssertTable(Changed(Group, "Join             -         -       -      -    -              -"), new Standing { Kind = RoomKind.Group, Joining = JoinPolicy.ByInvite });

    [Fact]
    public void Who_has_blocked_the_other_reads_and_reports_what_was_before_and_does_nothing_else()
    {
        var who = new Standing { Kind = RoomKind.Direct, Role = Role.Member, HasBlocked = true };

        Assert.Equal([RoomAction.Read, RoomAction.SeeMembers, RoomAction.SeeReaders, RoomAction.Report], Enum.GetValues<RoomAction>().Where(who.May));
    }

    [Fact]
    public void Nobody_reaches_those_who_stand_as_high_or_higher()
    {
        var lines = ToOthers.Split('\n');
        var columns = Words(lines[0]);
        foreach (var line in lines.Skip(1))
        {
            var (words, who) = (Words(line), Words(line)[0]);
            var action = Enum.Parse<RoomAction>(words[1]);
            for (var i = 0; i < columns.Length; i++)
            {
                var to = new Member { Account = "", Nickname = "", Role = RoleOf(columns[i])!.Value, IsBot = columns[i] is "bot" };
                var may = new Standing { Kind = RoomKind.Group, Role = RoleOf(who) }.May(action, to);
                Assert.True(may == words[i + 2] is "x", $"{who} {action} {columns[i]}: {may}");
                foreach (var kind in new[] { RoomKind.Lobby, RoomKind.Direct })
                    Assert.False(new Standing { Kind = kind, Role = RoleOf(who) }.May(action, to), $"{who} {action} {columns[i]} in {kind}");
                Assert.False(new Standing { Kind = RoomKind.Group }.May(action, to), $"an outsider {action} {columns[i]}");
            }
        }
    }

    [Fact]
    public void What_is_not_about_another_is_done_to_nobody()
    {
        var owner = new Standing { Kind = RoomKind.Group, Role = Role.Owner };
        var done = Enum.GetValues<RoomAction>().Where(action => owner.May(action, new Member { Account = "", Nickname = "" }));

        Assert.Equal([RoomAction.Remove, RoomAction.Mute, RoomAction.Promote, RoomAction.HandOver], done);
    }

    private static void AssertTable(string table, Standing room)
    {
        var lines = table.Split('\n');
        var columns = Words(lines[0]);
        Assert.Equal(Enum.GetNames<RoomAction>(), lines.Skip(1).Select(line => Words(line)[0])); // each action has its line
        foreach (var words in lines.Skip(1).Select(Words))
        {
            for (var i = 0; i < columns.Length; i++)
            {
                var may = (room with { Role = RoleOf(columns[i]), IsMuted = columns[i] is "muted", IsBot = columns[i] is "bot" }).May(Enum.Parse<RoomAction>(words[0]));
                Assert.True(may == words[i + 1] is "x", $"{columns[i]} {words[0]}: {may}");
            }
        }
    }

    private static string Changed(string table, params string[] lines)
    {
        foreach (var line in lines)
        {
            var at = table.IndexOf(line[..17], StringComparison.Ordinal);
            table = table[..at] + line + table[(at + line.Length)..];
        }
        return table;
    }

    private static Role? RoleOf(string column) => column switch
    {
        "outsider" => null,
        "administrator" => Role.Administrator,
        "owner" => Role.Owner,
        _ => Role.Member,
    };

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
