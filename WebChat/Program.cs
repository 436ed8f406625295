using WebChat;
using WebChat.Accounts;
using WebChat.Admin;
using WebChat.Contacts;
using WebChat.Live;
using WebChat.Mail;
using WebChat.Media;
using WebChat.Messages;
using WebChat.Presence;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

if (Commands.IsOne(args))
    return await Commands.RunAsync(args);

var builder = WebApplication.CreateBuilder(Place.Options(args));

builder.AddStorage();
builder.AddShared();
builder.AddMail();
builder.AddMedia();
builder.AddLive();
builder.AddAccounts();
builder.AddContacts();
builder.AddPresence();
builder.AddRooms();
builder.AddMessages();
builder.AddAdmin();

var app = builder.Build();
await app.Services.GetRequiredService<Database>().OpenAsync();

app.UseLive();
app.UseShared();
app.MapMedia();
app.MapLive();
app.MapAccounts();
app.MapContacts();
app.MapPresence();
app.MapRooms();
app.MapMessages();
app.MapAdmin();
app.MapShared();

await app.RunAsync();
return 0;

/// <summary>The entry point, named so that tests can start the whole app.</summary>
public sealed partial class Program;
