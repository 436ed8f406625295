using System.CommandLine;
using WebChat.Load;
using WebChat.Load.Peers;

var url = new Option<Uri>("--url")
{
    Description = "Where the server listens.",
    DefaultValueFactory = _ => new Uri("http://127.0.0.1:5080"),
    CustomParser = result => new Uri(result.Tokens[0].Value),
};
var data = new Option<DirectoryInfo>("--data") { Description = "The server's data directory: its mails hold the codes that new accounts need.", DefaultValueFactory = _ => new DirectoryInfo("data") };
var json = new Option<FileInfo?>("--json") { Description = "A file that takes the figures as JSON as well." };

var seconds = new Option<int>("--seconds") { Description = "How long each part lasts.", DefaultValueFactory = _ => 4 };
var webchat = new Option<DirectoryInfo>("--webchat") { Description = "Where WebChat was published: dotnet publish WebChat -c Release -o DIR.", Required = true };
var workshop = new Option<DirectoryInfo>("--workshop") { Description = "Where the peers are built.", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Path.GetTempPath(), "webchat-peers")) };
var servers = new Option<string[]>("--servers") { Description = "Whom to compare.", DefaultValueFactory = _ => [.. PeerWorkshop.Names], AllowMultipleArgumentsPerToken = true };
var readers = new Option<int[]>("--readers") { Description = "Sockets that read the lobby.", DefaultValueFactory = _ => [1000, 5000], AllowMultipleArgumentsPerToken = true };
var repeats = new Option<int>("--rounds") { Description = "How often each is measured, in turns.", DefaultValueFactory = _ => 3 };
var rate = new Option<double>("--rate") { Description = "Deliveries a second in the part of light load.", DefaultValueFactory = _ => 40_000 };
var size = new Option<int>("--size") { Description = "Characters in a message.", DefaultValueFactory = _ => 100 };
var compare = new Command("compare", "Many readers of one room, WebChat and its peers in turns: deliveries per second, send-to-receive times, processor time, memory per connection. Writes a table.") { webchat, workshop, servers, readers, repeats, seconds, rate, size, json };
compare.SetAction((parsed, cancel) => new Compare
{
    WebChat = parsed.GetRequiredValue(webchat),
    Workshop = parsed.GetRequiredValue(workshop),
    Servers = parsed.GetRequiredValue(servers),
    Readers = parsed.GetRequiredValue(readers),
    Rounds = parsed.GetValue(repeats),
    Length = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
    Rate = parsed.GetValue(rate),
    TextLength = parsed.GetValue(size),
}.RunAsync(parsed.GetValue(json), cancel));

var cut = new Option<int>("--readers") { Description = "Sockets that are cut at once.", DefaultValueFactory = _ => 5000 };
var cuts = new Option<int>("--cuts") { Description = "How often.", DefaultValueFactory = _ => 5 };
var atOnce = new Option<int>("--at-once") { Description = "Sockets that come back at the same time; each that is back makes room for one more.", DefaultValueFactory = _ => 256 };
var storm = new Command("storm", "All lines are cut at once and come back: how long until everybody has what they missed, and what a post takes meanwhile.") { webchat, cut, cuts, atOnce, json };
storm.SetAction((parsed, cancel) => new Storm { WebChat = parsed.GetRequiredValue(webchat), Readers = parsed.GetValue(cut), Cuts = parsed.GetValue(cuts), AtOnce = parsed.GetValue(atOnce) }.RunAsync(parsed.GetValue(json), cancel));

var start = new Command("start", "From the start of the process until it is ready.") { webchat, repeats, json };
start.SetAction((parsed, cancel) => new Start { WebChat = parsed.GetRequiredValue(webchat), Rounds = parsed.GetValue(repeats) }.RunAsync(parsed.GetValue(json), cancel));

var senders = new Option<int>("--senders") { Description = "Who each wait for an answer before the next.", DefaultValueFactory = _ => 16 };
var posts = new Command("posts", "Posts stored in a second, and posts that hold nothing answered in a second, in turns.") { webchat, senders, repeats, seconds, json };
posts.SetAction((parsed, cancel) => new Posts
{
    WebChat = parsed.GetRequiredValue(webchat),
    Senders = parsed.GetValue(senders),
    Rounds = parsed.GetValue(repeats),
    Length = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
}.RunAsync(parsed.GetValue(json), cancel));

var staying = new Option<int>("--readers") { Description = "Sockets that stay.", DefaultValueFactory = _ => 1000 };
var minutes = new Option<int>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 20 };
var soak = new Command("soak", "Memory of a server that is busy for long, three times a minute.") { webchat, staying, minutes, rate, json };
soak.SetAction((parsed, cancel) => new Soak
{
    WebChat = parsed.GetRequiredValue(webchat),
    Readers = parsed.GetValue(staying),
    Minutes = parsed.GetValue(minutes),
    Rate = parsed.GetValue(rate),
}.RunAsync(parsed.GetValue(json), cancel));

var port = new Argument<int>("port");
var peer = new Command("peer", "The SignalR server that WebChat is compared with.") { port };
peer.Hidden = true;
peer.SetAction((parsed, cancel) => SignalRPeer.RunAsync(parsed.GetValue(port), cancel));

var few = new Option<int>("--few") { Description = "Messages in the small room.", DefaultValueFactory = _ => 100 };
var many = new Option<int>("--many") { Description = "Messages in the large room.", DefaultValueFactory = _ => 100_000 };
var rounds = new Option<int>("--rounds") { Description = "How often each page is read.", DefaultValueFactory = _ => 200 };
var history = new Command("history", "The time of a page of history in a small and in a large room, and their ratio. Writes both rooms into the SQLite file.") { url, data, json, few, many, rounds };
history.SetAction((parsed, cancel) => new History
{
    Server = parsed.GetRequiredValue(url),
    Data = parsed.GetRequiredValue(data),
    Few = parsed.GetValue(few),
    Many = parsed.GetValue(many),
    Rounds = parsed.GetValue(rounds),
}.RunAsync(parsed.GetValue(json), cancel));

var account = new Option<string>("--account") { Description = "The first of those whom WebChat seed makes: who is in the most rooms.", DefaultValueFactory = _ => "ben1" };
var fewer = new Option<string>("--fewer") { Description = "The second, who is in 200.", DefaultValueFactory = _ => "cas2" };
var password = new Option<string>("--password") { Description = "What they sign in with.", Required = true };
var pages = new Command("pages", "The times of the pages that people have open all day, and of searches. The server holds what WebChat seed wrote.") { url, json, rounds, account, fewer, password };
pages.SetAction((parsed, cancel) => new Pages
{
    Server = parsed.GetRequiredValue(url),
    Account = parsed.GetRequiredValue(account),
    Fewer = parsed.GetRequiredValue(fewer),
    Password = parsed.GetRequiredValue(password),
    Rounds = parsed.GetValue(rounds),
}.RunAsync(parsed.GetValue(json), cancel));

var all = new RootCommand("Load and benchmarks for a running WebChat. Start the server with its limits off: WebChat__Limits__PostsPerSecond=0 and its like.") { compare, peer, storm, start, posts, soak, history, pages };
try
{
    return await all.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (LoadException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
