using System.Text.Json;

namespace WebChat.Live;

/// <summary>
/// What a tab may say, by the first name in its JSON object: <c>{"typing":"204815936"}</c> is the action "typing".
/// Features add theirs; the endpoint knows none.
/// </summary>
internal sealed class LiveActions
{
    private readonly Dictionary<string, Func<Connection, JsonElement, ValueTask>> actions = new(StringComparer.Ordinal);

    /// <summary>Adds an action. It is run for one frame after the other of the same tab, with the whole object.</summary>
    public void Add(string name, Func<Connection, JsonElement, ValueTask> run) => actions.Add(name, run);

    /// <summary>Runs what the frame asks for.</summary>
    /// <returns>False when it is no action we know.</returns>
    public async ValueTask<bool> RunAsync(Connection connection, ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return false;
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!actions.TryGetValue(property.Name, out var run))
                    continue;
                await run(connection, document.RootElement);
                return true;
            }
            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
