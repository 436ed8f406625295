using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Media;
using WebChat.Tests.Media;

namespace WebChat.Tests.Messages.Links;

/// <summary>The card that a message gets which is an address.</summary>
public sealed class LinkCardsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private Stranger stranger = null!;

    public async Task InitializeAsync() => stranger = await Stranger.StartAsync();

    public async Task DisposeAsync() => await stranger.DisposeAsync();

    [Fact]
    public async Task Where_there_are_to_be_no_cards_nobody_is_asked()
    {
        stranger.Answers("/walk", "<title>The island causeway</title>");
        using var silent = Open(("WebChat:Links:Cards", "false"));
        using var usual = Open();
        using var ann = await silent.SignUpAsync("ann");
        using var ben = await usual.SignUpAsync("ben");

        var room = await ann.NewGroupAsync("Walkers");
        var seq = await ann.SayAsync(room, stranger.At("/silent").AbsoluteUri);
        var other = await ben.NewGroupAsync("Walkers");
        await CardAsync(ben, other, await ben.SayAsync(other, stranger.At("/walk").AbsoluteUri));

        Assert.Equal(["/walk"], stranger.Asked.Select(a => a.Path));
        Assert.Null((await ann.GetPageAsync($"/rooms/{room}")).QuerySelector($"#m-{room}-{seq} a.carried"));
    }

    [Fact]
    public async Task The_picture_of_a_card_is_kept_and_that_of_a_message_taken_back_meanwhile_is_not()
    {
        using var app = Open();
        using var ann = await app.SignUpAsync("ann");
        var room = await ann.NewGroupAsync("Walkers");
        var recalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stranger.Answers("/late", "<title>Too late</title><meta property=og:image content=/late.png>");
        stranger.Answers("/walk", "<title>The island causeway</title><meta property=og:image content=/walk.png>");
        stranger.Answers("/walk.png", Sample.Png, "image/png");
        stranger.Answers("/late.png", async http =>
        {
            await recalled.Task;
            await http.Response.Body.WriteAsync(Sample.Png);
        });

        var late = await ann.SayAsync(room, stranger.At("/late").AbsoluteUri);
        await ann.ActAsync(room, late, "recall");
        recalled.SetResult();
        var card = await CardAsync(ann, room, await ann.SayAsync(room, stranger.At("/walk").AbsoluteUri));

        Assert.NotNull(card.QuerySelector("img[src^='/media/']"));
        var until = DateTime.UtcNow + Patience;
        while (stranger.Asked.All(a => a.Path != "/late.png") || await app.Get<IMediaFiles>().ListAsync(CancellationToken.None).CountAsync() > 1)
        {
            Assert.True(DateTime.UtcNow < until, "it is still there");
            await Task.Delay(20);
        }
        Assert.Null((await ann.GetPageAsync($"/rooms/{room}")).QuerySelector($"#m-{room}-{late} a.carried"));
    }

    private static App Open(params (string, string)[] settings) => new(services => services.AddSingleton(Stranger.Reached()), settings);

    private static async Task<IElement> CardAsync(Person person, long room, long seq)
    {
        for (var until = DateTime.UtcNow + Patience; ; await Task.Delay(20))
        {
            if ((await person.GetPageAsync($"/rooms/{room}")).QuerySelector($"#m-{room}-{seq} a.carried.link") is { } card)
                return card;
            Assert.True(DateTime.UtcNow < until, "no card came");
        }
    }
}
