using System.Net;
using System.Text.RegularExpressions;
using WebChat.Tests.Media;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Backups;

/// <summary>A house is backed up while people write in it, and restored elsewhere: on either engine, with either kind of file storage.</summary>
public sealed partial class BackupTests : IDisposable
{
    private static readonly (string, string)[] Unlimited =
        [.. new[] { "PostsPerSecond", "PostsPerMinute", "UploadsPerHour", "SearchesPerMinute" }.Select(l => ($"WebChat__Limits__{l}", "0")), ("WebChat__Shutdown__PauseSeconds", "0")];

    /// <summary>As a node of several has it, and as whoever develops: then every part is looked at that it has been given.</summary>
    private static readonly (string, string)[] AsDotnetRun = [("ASPNETCORE_ENVIRONMENT", "Development"), ("WebChat__Redis", "127.0.0.1:1")];

    private readonly string folder = Directory.CreateTempSubdirectory("webchat-backup-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(Engine.Sqlite, Engine.Postgres)]
    [InlineData(Engine.Postgres, Engine.Sqlite)]
    public async Task What_was_taken_while_people_wrote_opens_elsewhere_with_the_same_sign_ins(Engine from, Engine to)
    {
        var (file, cookies, bens) = (Path.Combine(folder, "house.webchat"), new CookieContainer(), new CookieContainer());
        var old = await HouseAsync(from, "old", isInObjects: from == Engine.Postgres);
        var house = await HouseAsync(to, "new", isInObjects: to == Engine.Postgres);
        long room, before, after;
        await using (var node = await Instance.StartAsync(Instance.Built, Instance.Project, old))
        {
            using var ann = new Person(node.Address, "ann", cookies: cookies);
            await ann.SetUpAsync();
            using var ben = new Person(node.Address, "ben", cookies: bens);
            await ben.RegisterAsync(Path.Combine(folder, "old"));
            room = await ann.NewGroupAsync("Harbour 港");
            await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
            await ann.SayAsync(room, "the lighthouse 灯塔 is lit");
            Assert.Equal(HttpStatusCode.OK, (await ann.PostFileAsync(room, Sample.Png, "first.png")).StatusCode);
            before = await ann.SayAsync(room, "before");

            using var end = new CancellationTokenSource();
            var writing = Task.WhenAll(WriteAsync(ann, room, end.Token), SendFilesAsync(ann, room, end.Token));
            using var backup = Errand.Start(["backup", file], [.. old, .. AsDotnetRun]);
            Assert.Equal((0, ""), await backup.EndAsync());
            await end.CancelAsync();
            await writing;
            after = await ann.SayAsync(room, "after");
        }
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        using (var restore = Errand.Start(["restore", file], [.. house, .. AsDotnetRun]))
            Assert.Equal((0, ""), await restore.EndAsync());

        await using var there = await Instance.StartAsync(Instance.Built, Instance.Project, house);
        using var annThere = new Person(there.Address, "ann", cookies: cookies);
        var seqs = new List<long>();
        var pictures = new HashSet<string>(StringComparer.Ordinal);
        for (string? page = $"/rooms/{room}"; page is not null;)
        {
            var document = await annThere.GetPageAsync(page);
            seqs.AddRange(document.QuerySelectorAll("article[data-seq]").Select(a => long.Parse(a.GetAttribute("data-seq")!, System.Globalization.CultureInfo.InvariantCulture)));
            pictures.UnionWith(Picture().Matches(document.Body!.InnerHtml).Select(m => m.Value));
            page = document.QuerySelectorAll("a").FirstOrDefault(a => a.TextContent.Trim() == "Older messages")?.GetAttribute("href");
        }
        var last = seqs.Max();
        Assert.InRange(last, before, after - 1);
        Assert.Equal(last, seqs.Distinct().Count()); // one moment: no message without those before it
        Assert.NotEmpty(pictures);
        foreach (var picture in pictures)
            Assert.Equal(Sample.Png, await annThere.Http.GetByteArrayAsync(picture));
        Assert.NotEmpty((await annThere.GetPageAsync("/search?q=" + Uri.EscapeDataString("灯塔"))).QuerySelectorAll($"a[href*='/rooms/{room}']"));
        using var benThere = new Person(there.Address, "ben", cookies: bens);
        Assert.Contains($"{(last - 2 > 99 ? "99+" : $"{last - 2}")} unread", (await benThere.GetPageAsync("/rooms")).QuerySelector($"li[data-room='{room}']")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(last + 1, await annThere.SayAsync(room, "here we are"));
        using var nobody = new Person(there.Address, "nobody");
        Assert.NotEqual(HttpStatusCode.OK, (await nobody.Http.GetAsync(pictures.First())).StatusCode);

        using var again = Errand.Start(["restore", file], house);
        Assert.Equal(1, (await again.EndAsync()).Code); // while a node runs, and where somebody lives
    }

    [Fact]
    public async Task The_help_tells_of_both()
    {
        using var help = Errand.Start(["--help"]);
        Assert.Equal(0, (await help.EndAsync()).Code);
        var said = string.Join('\n', help.Said);
        Assert.Contains("backup <file>", said, StringComparison.Ordinal);
        Assert.Contains("restore <file>", said, StringComparison.Ordinal);
    }

    private async Task<(string, string)[]> HouseAsync(Engine engine, string name, bool isInObjects)
    {
        (string, string)[] settings = [.. Unlimited, ("WebChat__Data", Path.Combine(folder, name))];
        if (engine == Engine.Postgres)
            settings = [.. settings, ("WebChat__Storage__Postgres", await (await PostgresServer.SharedAsync()).NewDatabaseAsync())];
        if (isInObjects)
            settings = [.. settings, .. (await S3Server.StartNewAsync()).Settings.Select(s => (s.Name.Replace(":", "__", StringComparison.Ordinal), s.Value))];
        return settings;
    }

    private static async Task WriteAsync(Person person, long room, CancellationToken end)
    {
        var token = await person.TokenAsync();
        for (var i = 0; !end.IsCancellationRequested; i++)
            await person.SayAsync(room, $"while it is taken {i}", token);
    }

    private static async Task SendFilesAsync(Person person, long room, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
            Assert.Equal(HttpStatusCode.OK, (await person.PostFileAsync(room, Sample.Png, "more.png")).StatusCode);
    }

    [GeneratedRegex("/media/[A-Za-z0-9_-]+/[a-z]+\\.png", RegexOptions.None, 1000)]
    private static partial Regex Picture();
}
