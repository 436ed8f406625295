using System.Collections.Frozen;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Accounts.Exporting;
using WebChat.Accounts.Leaving;
using WebChat.Live;
using WebChat.Media;
using WebChat.Messages.Bots;
using WebChat.Messages.Exporting;
using WebChat.Messages.Kinds;
using WebChat.Messages.Leaving;
using WebChat.Messages.Lucky;
using WebChat.Messages.Links;
using WebChat.Messages.Programs;
using WebChat.Messages.Notices;
using WebChat.Messages.Reporting;
using WebChat.Messages.Retention;
using WebChat.Messages.Stickers;
using WebChat.Messages.Search;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

internal static class Setup
{
    public static void AddMessages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MessageStore>();
        builder.Services.AddSingleton<ChangeStore>();
        builder.Services.AddSingleton<Posting>();
        builder.Services.AddSingleton<FilePosting>();
        builder.Services.AddSingleton<Changes>();
        builder.Services.AddSingleton<SendForm>();
        builder.Services.AddOptions<LuckyOptions>().BindConfiguration(LuckyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(KnownSettings.Of<LuckyOptions>(LuckyOptions.Section));
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<LuckyOptions>>().Value);
        builder.Services.AddSingleton<LuckyStore>();
        builder.Services.AddSingleton<LuckySweep>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LuckySweep>());
        builder.Services.AddSingleton<StickerStore>();
        builder.Services.AddSingleton<Openings>();
        builder.Services.AddSingleton<MissedReads>();
        builder.Services.AddSingleton<LiveRoom>();
        builder.Services.AddSingleton<ReadMarks>();
        builder.Services.AddSingleton(services => MessageWords.Load(services.GetRequiredService<IStringLocalizer<Texts>>(), services.GetRequiredService<IStringLocalizer<Rooms.Texts>>(), services.GetRequiredService<Icons>()));
        builder.Services.AddSingleton(services => Voices(services.GetRequiredService<FrozenDictionary<string, MessageWords>>()));
        builder.Services.AddSingleton<ProgramPosting>();
        builder.Services.AddSingleton<Exchange>();
        builder.Services.AddSingleton<BotStore>();
        builder.Services.AddSingleton<BotKeeping>();
        builder.Services.AddSingleton<LeavingBots>();
        builder.Services.AddSingleton<ExportMessagesStore>();
        builder.Services.AddSingleton<MessageReportStore>();
        builder.Services.AddHostedService<Removals>();
        builder.Services.AddSingleton<AgeStore>();
        builder.Services.AddSingleton<AgeSweep>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AgeSweep>());
        builder.Services.AddSingleton<WebhookRule>();
        builder.Services.AddSingleton<Webhooks>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Webhooks>());
        builder.Services.AddSingleton<RoomHeads>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RoomHeads>());
        builder.Services.AddSingleton<RoomTails>();
        builder.Services.AddOptions<LinkCardOptions>().BindConfiguration("WebChat:Links");
        builder.Services.AddSingleton(KnownSettings.Of<LinkCardOptions>("WebChat:Links"));
        builder.Services.AddSingleton<LinkFetcher>();
        builder.Services.AddSingleton<LinkCards>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LinkCards>());
        builder.Services.AddSingleton<SearchIndex>();
        builder.Services.AddSingleton<SearchStore>();
        builder.Services.AddSingleton<Indexer>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Indexer>());
        builder.Services.AddSingleton<NoticeStore>();
        builder.Services.AddSingleton<Bell>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Bell>());
        builder.Services.AddHostedService<Publisher>();
        builder.Services.AddHostedService<TailWatch>();
        if (builder.Configuration["WebChat:Redis"] is { Length: > 0 })
            builder.Services.AddHostedService<RightsWatch>();
        builder.Services.Configure<RazorPagesOptions>(pages => pages.Conventions.AddPageRoute("/Messages/Room", "/rooms/{number:long}/messages"));
        builder.Services.AddOptions<RazorPagesOptions>().Configure<IOptionsMonitor<Limits>>((pages, limits) =>
            pages.Conventions.AddFolderApplicationModelConvention("/Messages", page =>
            {
                if (page.ViewEnginePath is "/Messages/Room" or "/Messages/Kinds/News")
                    page.EndpointMetadata.Add(new LargestUpload(limits));
            }));
    }

    public static void MapMessages(this WebApplication app)
    {
        app.Services.GetRequiredService<RoomTails>().Follow();
        app.Services.GetRequiredService<LeavingUsers>().Left.Insert(0, app.Services.GetRequiredService<LeavingBots>().LeaveAsync); // while their groups are theirs
        app.Services.GetRequiredService<Exports>().Parts.Add(app.Services.GetRequiredService<ExportMessagesStore>().AddAsync);
        app.MapGet("/stickers/{id}", async (string id, StickerStore store, HttpResponse response) =>
            await store.PictureAsync(id) is { } picture ? Media.Setup.Show(response, picture, "private, max-age=31536000, immutable") : Results.NotFound());
        app.MapPost("/rooms/{number:long}/bot", BotPosts.TakeAsync).AllowAnonymous();
        var words = app.Services.GetRequiredService<FrozenDictionary<string, MessageWords>>();
        app.Services.GetRequiredService<Lines>().Say = (said, language) => words[language].Line(said);
        var actions = app.Services.GetRequiredService<LiveActions>();
        var room = app.Services.GetRequiredService<LiveRoom>();
        actions.Add("room", room.OpenAsync);
        actions.Add("read", room.ReadAsync);
        actions.AddForPrograms("room", app.Services.GetRequiredService<Exchange>().HearAsync);
    }

    /// <summary>All ways in which a room is told, by the language of the topic.</summary>
    private static FrozenDictionary<string, Voice> Voices(FrozenDictionary<string, MessageWords> words) =>
        words.Select(w => KeyValuePair.Create(w.Key, (Voice)new PageVoice(w.Value)))
            .Append(KeyValuePair.Create(Reader.Json, (Voice)new ProgramVoice(words[Languages.English])))
            .ToFrozenDictionary(StringComparer.Ordinal);
}
