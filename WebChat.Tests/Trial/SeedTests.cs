using System.Net;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Trial;

/// <summary>An empty installation is filled to try it out.</summary>
public sealed class SeedTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("webchat-seed-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public Task What_was_asked_for_is_there_with_SQLite_and_its_first_person_can_sign_in() => CheckAsync(("WebChat__Data", data));

    [Fact]
    public async Task What_was_asked_for_is_there_with_PostgreSQL_and_its_first_person_can_sign_in() =>
        await CheckAsync(("WebChat__Data", data), ("WebChat__Storage__Postgres", await (await PostgresServer.SharedAsync()).NewDatabaseAsync()));

    [Theory]
    [InlineData("--users", "0", "--users: at least 1.")]
    [InlineData("--messages", "-1", "--messages: at least 0.")]
    public async Task Numbers_that_make_no_sense_are_refused_with_a_sentence(string option, string value, string sentence)
    {
        using var seed = Errand.Start(["seed", option, value], ("WebChat__Data", data));
        var (code, said) = await seed.EndAsync();
        Assert.NotEqual(0, code);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(data));
    }

    private async Task CheckAsync(params (string, string)[] settings)
    {
        using (var seed = Errand.Start(["seed", "--users", "30", "--rooms", "6", "--messages", "900", "--password", App.Password], settings))
            Assert.Equal((0, ""), await seed.EndAsync());
        using (var again = Errand.Start(["seed"], settings))
        {
            var (code, refusal) = await again.EndAsync();
            Assert.Equal(1, code);
            Assert.StartsWith("Somebody has an account here already,", refusal, StringComparison.Ordinal);
        }

        await using var node = await Instance.StartAsync(Instance.Built, Instance.Project, [.. settings]);
        using var ben = new Person(node.Address, "ben1");
        Assert.Equal(HttpStatusCode.Redirect, (await ben.SignInAsync()).StatusCode);
        var rooms = (await ben.GetPageAsync("/rooms")).QuerySelectorAll("li[data-room]");
        Assert.Equal(1 + 6 + 29, rooms.Length); // the lobby, the groups, and a friend each
        Assert.Equal(900, rooms.Sum(room => int.Parse(room.GetAttribute("data-seq")!, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(29, (await ben.GetPageAsync("/contacts")).QuerySelectorAll("[aria-labelledby=friends] li, ul.people li").Length);
        var group = rooms.First(room => !room.HasAttribute("data-direct") && room.GetAttribute("data-seq") != "0").GetAttribute("data-room")!;
        Assert.Equal(50, (await ben.GetPageAsync($"/rooms/{group}")).QuerySelectorAll("article.message").Length);
        Assert.NotEqual(0, await ben.SayAsync(long.Parse(group, System.Globalization.CultureInfo.InvariantCulture), "goes on from here"));
        using var nobody = new Person(node.Address, "cas2");
        Assert.Equal(HttpStatusCode.OK, (await nobody.SignInAsync(password: "another password")).StatusCode);
    }
}
