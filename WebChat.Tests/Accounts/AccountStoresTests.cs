using Dapper;
using Microsoft.AspNetCore.Identity;
using WebChat.Accounts;
using WebChat.Accounts.Factors;
using WebChat.Media;

namespace WebChat.Tests.Accounts;

public sealed class AccountStoresOnSqlite() : AccountStoresTests(Engine.Sqlite);

public sealed class AccountStoresOnPostgres() : AccountStoresTests(Engine.Postgres);

/// <summary>Users, sessions, faces and the house's name, as each engine keeps them.</summary>
public abstract class AccountStoresTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private UserStore users = null!;
    private SessionStore sessions = null!;
    private PictureStore pictures = null!;
    private SiteStore site = null!;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        users = new UserStore(rows.Database, new NewUsers(), new IdentityErrorDescriber(), clock);
        sessions = new SessionStore(rows.Database, clock);
        pictures = new PictureStore(rows.Database);
        site = new SiteStore(rows.Database);
    }

    public async Task DisposeAsync()
    {
        users.Dispose();
        await rows.DisposeAsync();
    }

    [Fact]
    public async Task The_first_who_comes_names_the_house_and_no_other_does()
    {
        Assert.Equal(new SiteState(), await site.FindAsync());

        Assert.True((await users.CreateAsync(Somebody("ann", founds: "Harbour House"), default)).Succeeded);
        Assert.False((await users.CreateAsync(Somebody("eve", founds: "Eve's House"), default)).Succeeded);

        Assert.Equal(new SiteState { Name = "Harbour House", IsSetUp = true }, await site.FindAsync());
        Assert.True((await users.FindByNameAsync("ANN", default))!.IsAdmin);
        Assert.Null(await users.FindByNameAsync("EVE", default));
    }

    [Fact]
    public async Task An_account_and_an_address_are_one_persons_even_for_two_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => users.CreateAsync(Somebody("ann"), default)));

        Assert.Single(answers, a => a.Succeeded);
        var other = Somebody("other");
        other.EmailKey = "ANN@EXAMPLE.ORG";
        Assert.Equal("DuplicateEmail", Assert.Single((await users.CreateAsync(other, default)).Errors).Code);
    }

    [Fact]
    public async Task Of_two_who_change_a_password_at_once_one_does_and_the_other_is_told()
    {
        await users.CreateAsync(Somebody("ann"), default);
        var (one, other) = ((await users.FindByNameAsync("ANN", default))!, (await users.FindByNameAsync("ANN", default))!);

        var changed = await Task.WhenAll(users.SetPasswordAsync(one, "hash of one"), users.SetPasswordAsync(other, "hash of the other"));

        Assert.Single(changed, c => c);
        Assert.Equal(changed[0] ? "hash of one" : "hash of the other", (await users.FindByNameAsync("ANN", default))!.PasswordHash);
        one.PasswordHash = "the old one, made anew";
        Assert.False((await users.UpdateAsync(one, default)).Succeeded);
        Assert.False(await users.SetPasswordAsync((await users.FindByNameAsync("ANN", default))!, "by a device that was signed out", acting: "no such session"));
    }

    [Fact]
    public async Task Nothing_is_written_back_into_the_row_of_who_has_left()
    {
        var ann = Somebody("ann");
        await users.CreateAsync(ann, default);
        await rows.Database.WriteAsync(c => c.ExecuteAsync("UPDATE users SET deleted_at = 1, nickname = 'Deleted user', email = '', email_key = '~' WHERE id = @Id", ann));

        await users.UpdateProfileAsync(ann, null);
        Assert.False(await users.SetEmailAsync(ann.Id, "device", ann.Email, ann.EmailKey));
        Assert.False(await users.SetPasswordAsync(ann, "hash"));
        Assert.Equal(("Deleted user", ""), await rows.Database.ReadAsync(c => c.QuerySingleAsync<(string, string)>("SELECT nickname, email FROM users WHERE id = @Id", ann)));
    }

    [Fact]
    public async Task A_passkeys_answer_that_is_shown_again_is_none()
    {
        var ann = Somebody("ann");
        await users.CreateAsync(ann, default);
        var keys = new PasskeyStore(rows.Database, clock);
        var key = new UserPasskeyInfo([1, 2, 3], [4], clock.GetUtcNow(), 0, [], true, true, true, [5], [6]);
        Assert.True(await keys.AddAsync(ann.Id, key));
        var asked = clock.GetUtcNow().ToUnixTimeMilliseconds();
        clock.Pass(TimeSpan.FromSeconds(5));

        Assert.True(await keys.UseAsync(ann.Id, key, asked));
        Assert.False(await keys.UseAsync(ann.Id, key, asked));
        clock.Pass(TimeSpan.FromSeconds(5));
        Assert.True(await keys.UseAsync(ann.Id, key, clock.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    [Fact]
    public async Task A_user_comes_back_as_they_were_stored_and_as_they_changed()
    {
        var ann = Somebody("ann");
        await users.CreateAsync(ann, default);
        (ann.Nickname, ann.Sex, ann.Signature, ann.Language, ann.Picture) = ("Änn 安", Sex.Female, "by the sea", "zh-Hans", "face-1");

        await users.UpdateProfileAsync(ann, new NewPicture("face-1", new Picture { Type = "image/png", Bytes = [1, 0, 255] }));

        var stored = (await users.FindByEmailAsync("ANN@EXAMPLE.ORG", default))!;
        Assert.Equal(("Änn 安", Sex.Female, "by the sea", "zh-Hans", "face-1"), (stored.Nickname, stored.Sex, stored.Signature, stored.Language, stored.Picture));
        Assert.Equal([1, 0, 255], (await pictures.FindAsync("face-1"))!.Bytes);
        Assert.Equal(ann.Id, (await users.FindAsync(ann.Id))!.Id);
        Assert.Null(await users.FindAsync(ann.Id + 1));
    }

    [Fact]
    public async Task A_picture_is_unused_when_nobody_has_it_and_only_then()
    {
        var ann = Somebody("ann");
        await users.CreateAsync(ann, default);
        foreach (var face in new[] { "old", "new" })
        {
            ann.Picture = face;
            await users.UpdateProfileAsync(ann, new NewPicture(face, new Picture { Type = "image/png", Bytes = [1] }));
        }

        Assert.Equal(["old"], await pictures.UnusedAsync());
        await pictures.RemoveAsync(["old"]);
        Assert.Null(await pictures.FindAsync("old"));
        Assert.NotNull(await pictures.FindAsync("new"));
        Assert.Empty(await pictures.UnusedAsync());
    }

    [Fact]
    public async Task A_session_lives_while_it_is_used_a_month_at_most_and_is_its_users_alone()
    {
        var (ann, eve) = (Somebody("ann"), Somebody("eve"));
        await users.CreateAsync(ann, default);
        await users.CreateAsync(eve, default);
        await sessions.AddAsync(Session("used", ann), ann.Stamp, replaced: null);
        await sessions.AddAsync(Session("idle", ann), ann.Stamp, replaced: null);
        Assert.Equal("ann", (await sessions.FindAsync("used"))!.Account);
        Assert.False(await sessions.RemoveAsync("used", eve.Id));

        for (var week = 0; week < 5; week++)
        {
            clock.Pass(TimeSpan.FromDays(6));
            if (week == 4)
                break;
            await sessions.TouchAsync("used", ann.Id);
        }

        Assert.Null(await sessions.FindAsync("idle"));
        Assert.Null(await sessions.FindAsync("used")); // thirty days old
        Assert.Empty(await sessions.AliveAsync(["used", "idle"]));
    }

    [Fact]
    public async Task A_new_session_takes_the_place_of_the_old_and_a_new_password_of_all()
    {
        var ann = Somebody("ann");
        await users.CreateAsync(ann, default);
        foreach (var id in new[] { "one", "two", "three" })
            await sessions.AddAsync(Session(id, ann), ann.Stamp, replaced: null);

        await sessions.AddAsync(Session("four", ann), ann.Stamp, replaced: "one");
        Assert.Equal(["four", "three", "two"], (await sessions.ListAsync(ann.Id)).Select(s => s.Id).Order(StringComparer.Ordinal));
        await sessions.RemoveOthersAsync("four", ann.Id);
        Assert.False(await users.SetPasswordAsync(ann, "by one who was signed out"));
        ann = (await users.FindAsync(ann.Id))!;
        Assert.Equal(["four"], await sessions.AliveAsync(["one", "two", "three", "four"]));
        await users.SetPasswordAsync(ann, "hash", "four", Session("five", ann));

        Assert.Equal(["five"], (await sessions.ListAsync(ann.Id)).Select(s => s.Id));
        Assert.Equal("hash", (await users.FindAsync(ann.Id))!.PasswordHash);
    }

    [Fact]
    public async Task Who_uses_a_session_while_the_password_changes_waits_for_nobody_in_a_circle()
    {
        var ann = Somebody("ann");
        await users.CreateAsync(ann, default);
        await sessions.AddAsync(Session("0", ann), ann.Stamp, replaced: null);

        for (var i = 1; i <= 40; i++)
        {
            var touches = Enumerable.Range(0, 8).Select(_ => sessions.TouchAsync($"{i - 1}", ann.Id));
            await Task.WhenAll([users.SetPasswordAsync((await users.FindAsync(ann.Id))!, "hash", $"{i - 1}", Session($"{i}", ann)), .. touches]);
        }

        Assert.Equal(["40"], (await sessions.ListAsync(ann.Id)).Select(s => s.Id));
    }

    private Session Session(string id, User user)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return new Session { Id = id, UserId = user.Id, Agent = "a browser", CreatedAt = now, SeenAt = now };
    }

    private static User Somebody(string account, string? founds = null) => new()
    {
        Account = account, AccountKey = account.ToUpperInvariant(), Email = $"{account}@example.org", EmailKey = $"{account}@example.org".ToUpperInvariant(), PasswordHash = "x", Stamp = "x",
        Nickname = account, IsAdmin = founds is not null, Founds = founds,
    };
}
