using System.CommandLine;
using WebChat.Load;

var url = new Option<Uri>("--url")
{
    Description = "Where the server listens.",
    DefaultValueFactory = _ => new Uri("http://127.0.0.1:5080"),
    CustomParser = result => new Uri(result.Tokens[0].Value),
};
var data = new Option<DirectoryInfo>("--data") { Description = "The server's data directory: its mails hold the codes that new accounts need.", DefaultValueFactory = _ => new DirectoryInfo("data") };
var pid = new Option<int>("--pid") { Description = "The server's process, to measure its memory and processor time; 0 leaves them out." };
var json = new Option<FileInfo?>("--json") { Description = "A file that takes the figures as JSON as well." };

var readers = new Option<int>("--readers") { Description = "Sockets that read the lobby.", DefaultValueFactory = _ => 1000 };
var accounts = new Option<int>("--accounts") { Description = "People who share the sockets and the posting.", DefaultValueFactory = _ => 20 };
var inFlight = new Option<int>("--in-flight") { Description = "Messages on their way at once while the server is saturated.", DefaultValueFactory = _ => 32 };
var rate = new Option<int>("--rate") { Description = "Messages a second in the paced part.", DefaultValueFactory = _ => 20 };
var seconds = new Option<int>("--seconds") { Description = "How long each part lasts.", DefaultValueFactory = _ => 10 };
var size = new Option<int>("--size") { Description = "Characters in a message.", DefaultValueFactory = _ => 100 };
var fanOut = new Command("fan-out", "Many readers of one room: deliveries per second, send-to-receive times, memory per connection.") { url, data, pid, json, readers, accounts, inFlight, rate, seconds, size };
fanOut.SetAction((parsed, cancel) => new FanOut
{
    Server = parsed.GetRequiredValue(url),
    Data = parsed.GetRequiredValue(data),
    Process = ServerProcess.Of(parsed.GetValue(pid)),
    Readers = parsed.GetValue(readers),
    Accounts = parsed.GetValue(accounts),
    InFlight = parsed.GetValue(inFlight),
    Rate = parsed.GetValue(rate),
    Length = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
    MessageSize = parsed.GetValue(size),
}.RunAsync(parsed.GetValue(json), cancel));

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

return await new RootCommand("Load and benchmarks for a running WebChat. Start the server with its limits off: WebChat__Limits__PostsPerSecond=0 and its like.") { fanOut, history, pages }
    .Parse(args).InvokeAsync();
