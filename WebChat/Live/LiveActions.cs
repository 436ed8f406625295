using System.Text.Json;

namespace WebChat.Live;

/// <summary>
/// What a tab may say, by the first name in its JSON object: <c>{"typing":"204815936"}</c> is the action "typing".
/// Features add theirs; the endpoint knows none. Programs have actions of their own.
/// </summary>
internal sealed class LiveActions
{
    /// <summary>How deep the objects of pages are, and those of programs, which carry what they like.</summary>
    private const int MostDepth = 4;
    private const int MostDepthOfPrograms = 32;

    private readonly Dictionary<string, Func<Connection, JsonElement, ValueTask<bool>>> actions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<Connection, JsonElement, ValueTask<bool>>> ofPrograms = new(StringComparer.Ordinal);

    /// <summary>Adds an action. It is run for one frame after the other of the same tab, with the whole object.</summary>
    public void Add(string name, Func<Connection, JsonElement, ValueTask> run) => actions.Add(name, Always(run));

    /// <summary>Adds an action that is not there for everybody: where it says false, it is one that nobody knows.</summary>
    public void AddForSome(string name, Func<Connection, JsonElement, ValueTask<bool>> run) => actions.Add(name, run);

    /// <summary>Adds what programs may say, likewise.</summary>
    public void AddForPrograms(string name, Func<Connection, JsonElement, ValueTask> run) => ofPrograms.Add(name, Always(run));

    /// <summary>Runs what the frame asks for.</summary>
    /// <returns>False when it is no action we know.</returns>
    public async ValueTask<bool> RunAsync(Connection connection, ReadOnlyMemory<byte> text)
    {
        try
        {
            var (known, depth) = connection.Reader.IsProgram ? (ofPrograms, MostDepthOfPrograms) : (actions, MostDepth);
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = depth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return false;
            if (Find(known, document.RootElement) is not { } run)
                return false;
            return await run(connection, document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Func<Connection, JsonElement, ValueTask<bool>> Always(Func<Connection, JsonElement, ValueTask> run) => async (connection, frame) =>
    {
        await run(connection, frame);
        return true;
    };

    private static Func<Connection, JsonElement, ValueTask<bool>>? Find(Dictionary<string, Func<Connection, JsonElement, ValueTask<bool>>> known, JsonElement frame)
    {
        try
        {
            foreach (var property in frame.EnumerateObject())
            {
                if (known.TryGetValue(property.Name, out var run))
                    return run;
            }
        }
        catch (InvalidOperationException)
        {
            // A name with half a character is none we know.
        }
        return null;
    }
}
