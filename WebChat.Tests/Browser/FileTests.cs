using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WebChat.Tests.Media;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>Files between two people, as they choose, drop and record them.</summary>
[Collection(BrowserTests.Name)]
public sealed class FileTests(Chromium chromium)
{
    [Fact]
    public async Task A_picture_is_scaled_shown_to_both_at_its_size_and_opens_large()
    {
        await using var two = await Two.OpenAsync(chromium, 1280, 390);
        await AttachAsync(two.Ann, ("photo.png", "image/png", await two.Ann.PaintAsync(3000, 1500)));
        await Expect(two.Ann.Page.Locator(".upload")).ToContainTextAsync("photo.png");
        await two.Ann.SayAsync("The bay this morning");

        foreach (var screen in new[] { two.Ann, two.Ben })
        {
            var picture = screen.Message("The bay this morning").Locator("figure.photo img");
            await Expect(picture).ToHaveAttributeAsync("width", "2560");
            await Expect(picture).ToHaveAttributeAsync("height", "1280");
            Assert.True(await picture.EvaluateAsync<bool>("i => i.decode().then(() => i.naturalWidth === 720)"));
        }
        await Expect(two.Ann.Page.Locator(".upload")).ToHaveCountAsync(0);
        await two.Ben.Message("The bay this morning").Locator("a[data-picture]").ClickAsync();
        var box = two.Ben.Page.Locator("#lightbox");
        await Expect(box).ToBeVisibleAsync();
        Assert.True(await box.Locator("img").EvaluateAsync<bool>("i => i.decode().then(() => i.naturalWidth === 2560)"));
        await two.Ben.Page.Keyboard.PressAsync("Escape");
        await Expect(box).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Several_files_go_in_their_order_and_one_can_be_taken_away_before()
    {
        await using var two = await Two.OpenAsync(chromium);
        await AttachAsync(two.Ann, ("route.pdf", "application/pdf", [.. "%PDF-1.4 route"u8]), ("wrong.txt", "text/plain", [.. "not this"u8]), ("notes.txt", "text/plain", [.. "boots"u8]));
        await two.Ann.Page.Locator(".upload", new PageLocatorOptions { HasText = "wrong.txt" }).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Take away" }).ClickAsync();
        await two.Ann.SayAsync("for Saturday");

        await Expect(two.Ben.Page.Locator("article .carried .title")).ToHaveTextAsync(["route.pdf", "notes.txt"]);
        await Expect(two.Ben.Message("route.pdf")).ToContainTextAsync("for Saturday");
        var download = await two.Ben.Page.RunAndWaitForDownloadAsync(() => two.Ben.Page.Locator(".carried", new PageLocatorOptions { HasText = "notes.txt" }).ClickAsync());
        Assert.Equal("boots", await File.ReadAllTextAsync(await download.PathAsync()));
        Assert.Equal(0, await two.Ben.Page.Locator("text=wrong.txt").CountAsync());
    }

    [Fact]
    public async Task What_is_refused_says_why_and_stays_to_be_taken_away_or_tried_again()
    {
        await using var two = await Two.OpenAsync(chromium, settings: ("WebChat:Limits:UploadBytes", "1000"));
        await two.Ann.ExpectingAsync(413, async () =>
        {
            await AttachAsync(two.Ann, ("long.txt", "text/plain", new byte[2000]));
            await two.Ann.Button("Send").ClickAsync();
            await Expect(two.Ann.Page.Locator(".upload.failed")).ToContainTextAsync("too big");
        });
        await Expect(two.Ann.Page.Locator(".upload").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Retry" })).ToBeVisibleAsync();
        await two.Ann.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Take away" }).ClickAsync();
        await Expect(two.Ann.Page.Locator(".upload")).ToHaveCountAsync(0);
        Assert.Equal(0, await two.Ben.Page.Locator("article .carried").CountAsync());
    }

    [Fact]
    public async Task A_picture_of_another_kind_goes_as_one_that_all_can_see_or_says_what_to_do()
    {
        await using var two = await Two.OpenAsync(chromium);
        byte[] dot = [.. "BM"u8, 58, .. new byte[7], 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 4, .. new byte[19], 0, 0, 255, 0];
        await AttachAsync(two.Ann, ("dot.bmp", "image/bmp", dot));
        await two.Ann.SayAsync("a dot");
        await Expect(two.Ben.Message("a dot").Locator("figure.photo img")).ToHaveAttributeAsync("alt", "Picture: dot.png");

        await two.Ann.ExpectingAsync(415, async () =>
        {
            await AttachAsync(two.Ann, ("shore.heic", "image/heic", [0, 0, 0, 24, .. "ftypheic\0\0\0\0mif1heic"u8]));
            await two.Ann.Button("Send").ClickAsync();
            await Expect(two.Ann.Page.Locator(".upload.failed")).ToContainTextAsync("Send a picture as JPEG");
        });
        Assert.Equal(1, await two.Ben.Page.Locator("article figure.photo").CountAsync());
    }

    [Fact]
    public async Task A_pasted_picture_and_a_dropped_file_go_with_send()
    {
        await using var two = await Two.OpenAsync(chromium);
        foreach (var (name, transfer) in new[] { ("paste", "clipboardData"), ("drop", "dataTransfer") })
        {
            await two.Ann.Page.EvaluateAsync(
                """
                ([name, transfer]) => { const data = new DataTransfer(); data.items.add(new File([name], name + '.txt', { type: 'text/plain' }));
                  const event = name === 'paste' ? new ClipboardEvent(name, { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true });
                  document.querySelector('form.composer textarea').dispatchEvent(event); }
                """, new[] { name, transfer });
            await Expect(two.Ann.Page.Locator(".upload")).ToContainTextAsync($"{name}.txt");
            await two.Ann.Button("Send").ClickAsync();
            await Expect(two.Ben.Message($"{name}.txt")).ToHaveCountAsync(1);
        }
    }

    [Fact]
    public async Task A_voice_message_is_recorded_heard_before_sent_and_played_by_the_other()
    {
        await using var two = await Two.OpenAsync(chromium, 390, 1280);
        await two.Ann.Context.GrantPermissionsAsync(["microphone"]);
        await two.Ann.Button("Record voice").ClickAsync();
        await Expect(two.Ann.Page.Locator("#recording .number")).ToHaveTextAsync("0:01");
        await two.Ann.Button("Stop").ClickAsync();
        await Expect(two.Ann.Page.Locator(".upload audio")).ToHaveCountAsync(1);
        await two.Ann.Button("Send").ClickAsync();

        var voice = two.Ben.Page.Locator("article .voice");
        await Expect(voice).ToHaveCountAsync(1);
        await Expect(voice.Locator(".number")).ToHaveTextAsync(new Regex("^0:0[1-3]$"));
        Assert.Matches("^(M[0-9 ]+v[0-9]+)+$", await voice.Locator("path").GetAttributeAsync("d") ?? "");
        await voice.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(voice.Locator("use")).ToHaveAttributeAsync("href", new Regex("#pause$"));
        await Expect(voice.Locator("use")).ToHaveAttributeAsync("href", new Regex("#play$")); // it came to its end
        await Expect(two.Ben.Page.Locator("li[aria-current] .last, a[aria-current=page] .last").First).ToContainTextAsync("Voice message, 0:0");
    }

    [Fact]
    public async Task A_recording_that_is_given_up_goes_nowhere()
    {
        await using var two = await Two.OpenAsync(chromium);
        await two.Ann.Context.GrantPermissionsAsync(["microphone"]);
        await two.Ann.Button("Record voice").ClickAsync();
        await two.Ann.Page.Locator("#recording").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Cancel" }).ClickAsync();

        await Expect(two.Ann.Page.Locator("#recording")).ToBeHiddenAsync();
        Assert.Equal(0, await two.Ann.Page.Locator(".upload").CountAsync());
        await two.Ann.SayAsync("in words, then");
        await two.Ben.SeesAsync("in words, then");
        Assert.Equal(0, await two.Ben.Page.Locator("article .voice").CountAsync());
    }

    [Fact]
    public async Task A_recalled_picture_is_gone_from_both_pages_and_from_its_address()
    {
        await using var two = await Two.OpenAsync(chromium);
        await AttachAsync(two.Ann, ("photo.png", "image/png", await two.Ann.PaintAsync(40, 20)));
        await two.Ann.SayAsync("too early");
        var link = two.Ben.Message("too early").Locator("a[data-picture]");
        var address = await link.GetAttributeAsync("href");
        Assert.Equal(200, (await two.Ben.Page.APIRequest.GetAsync(address!)).Status);

        var article = two.Ann.Message("too early");
        await article.HoverAsync();
        await article.GetByLabel("Message actions").ClickAsync();
        await article.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Recall" }).ClickAsync();

        await Expect(two.Ben.Page.Locator("article.recalled")).ToHaveCountAsync(1);
        Assert.Equal(0, await two.Ben.Page.Locator("figure.photo").CountAsync());
        Assert.Equal(404, (await two.Ben.Page.APIRequest.GetAsync(address!)).Status);
    }

    [Fact]
    public async Task A_film_shows_its_first_picture_at_its_size_and_sound_plays_in_place()
    {
        await using var two = await Two.OpenAsync(chromium, 1280, 390);
        await AttachAsync(two.Ann, ("surf.webm", "video/webm", Sample.Read("film.webm")), ("bell.webm", "audio/webm", Sample.Read("voice.webm")));
        await two.Ann.SayAsync("From the pier");

        var film = two.Ben.Message("From the pier").Locator("video");
        await Expect(film).ToHaveAttributeAsync("poster", new Regex("/media/.+[?]small"));
        Assert.Equal(await film.EvaluateAsync<string>("v => v.width + 'x' + v.height"), await film.EvaluateAsync<string>("v => new Promise(done => { v.onloadedmetadata = () => done(v.videoWidth + 'x' + v.videoHeight); v.load(); })"));
        Assert.True(await two.Ben.Page.Locator("article audio").EvaluateAsync<bool>("a => a.play().then(() => true)"));
    }

    [Fact]
    public async Task What_the_line_lost_is_sent_again_by_a_press_and_stands_there_once()
    {
        await using var two = await Two.OpenAsync(chromium);
        await two.Ann.Page.RouteAsync("**/messages", route => route.AbortAsync("connectionfailed"));
        two.Ann.IsServerDown = true;
        await AttachAsync(two.Ann, ("route.txt", "text/plain", [.. "left at the church"u8]));
        await two.Ann.Button("Send").ClickAsync();
        await Expect(two.Ann.Page.Locator(".upload.failed")).ToHaveCountAsync(1);
        await two.Ann.Page.UnrouteAsync("**/messages");
        two.Ann.IsServerDown = false;
        await two.Ann.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Retry" }).ClickAsync();

        await Expect(two.Ben.Message("route.txt")).ToHaveCountAsync(1);
        await Expect(two.Ann.Page.Locator(".upload")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task One_that_is_on_its_way_can_be_given_up()
    {
        await using var two = await Two.OpenAsync(chromium);
        var held = new TaskCompletionSource<IRoute>();
        await two.Ann.Page.RouteAsync("**/messages", held.SetResult);
        await AttachAsync(two.Ann, ("wrong.txt", "text/plain", [.. "not this"u8]));
        await two.Ann.Button("Send").ClickAsync();
        await held.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await two.Ann.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Take away" }).ClickAsync();

        await Expect(two.Ann.Page.Locator(".upload")).ToHaveCountAsync(0);
        await two.Ann.Page.UnrouteAsync("**/messages");
        await two.Ann.SayAsync("in words, then");
        await two.Ben.SeesAsync("in words, then");
        Assert.Equal(0, await two.Ben.Message("wrong.txt").CountAsync());
    }

    [Fact]
    public async Task Arrows_lead_from_one_large_picture_to_the_next_and_no_further()
    {
        await using var two = await Two.OpenAsync(chromium);
        var pictures = (await two.Ann.PaintAsync(40, 20), await two.Ann.PaintAsync(20, 40));
        await AttachAsync(two.Ann, ("one.png", "image/png", pictures.Item1), ("two.png", "image/png", pictures.Item2));
        await two.Ann.Button("Send").ClickAsync();
        await Expect(two.Ben.Page.Locator("a[data-picture]")).ToHaveCountAsync(2);
        await two.Ben.Page.Locator("a[data-picture]").First.ClickAsync();
        var shown = two.Ben.Page.Locator("#lightbox img");
        await Expect(shown).ToHaveAttributeAsync("alt", "Picture: one.png");

        await two.Ben.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(shown).ToHaveAttributeAsync("alt", "Picture: two.png");
        await two.Ben.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(shown).ToHaveAttributeAsync("alt", "Picture: two.png");
        await two.Ben.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(shown).ToHaveAttributeAsync("alt", "Picture: one.png");
        await Expect(two.Ben.Button("Picture before")).ToBeDisabledAsync();
    }

    [Fact]
    public async Task A_picture_that_moves_goes_on_moving()
    {
        await using var two = await Two.OpenAsync(chromium);
        await AttachAsync(two.Ann, ("wave.webp", "image/webp", Sample.MovingWebp(40, 20)));
        await two.Ann.SayAsync("Look, a wave");

        var address = await two.Ben.Message("Look, a wave").Locator("a[data-picture]").GetAttributeAsync("href");
        Assert.True((await (await two.Ben.Page.APIRequest.GetAsync(address!)).BodyAsync()).AsSpan().IndexOf("ANMF"u8) > 0);
    }

    [Fact]
    public async Task A_caption_is_written_anew_for_both_and_may_be_none()
    {
        await using var two = await Two.OpenAsync(chromium, 390);
        await AttachAsync(two.Ann, ("photo.png", "image/png", await two.Ann.PaintAsync(40, 20)));
        await two.Ann.SayAsync("The bya");
        await EditAsync("The bya", "The bay");
        await Expect(two.Ben.Message("The bay").Locator("figcaption")).ToHaveTextAsync("The bay");
        await EditAsync("The bay", "");

        await Expect(two.Ben.Page.Locator("article figcaption")).ToHaveCountAsync(0);
        await Expect(two.Ben.Page.Locator("article:has(.edited) figure.photo img")).ToHaveCountAsync(1);

        async Task EditAsync(string from, string to)
        {
            var article = two.Ann.Message(from);
            await article.HoverAsync();
            await article.GetByLabel("Message actions").ClickAsync();
            await article.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Edit", Exact = true }).ClickAsync();
            await two.Ann.Label("Edit message").FillAsync(to);
            await two.Ann.Button("Save").ClickAsync();
            await Expect(two.Ann.Label("Edit message")).ToHaveCountAsync(0);
        }
    }

    private static Task AttachAsync(Screen screen, params (string Name, string Type, byte[] Bytes)[] files) =>
        screen.Page.GetByLabel("Attach").SetInputFilesAsync(files.Select(f => new FilePayload { Name = f.Name, MimeType = f.Type, Buffer = f.Bytes }));
}
