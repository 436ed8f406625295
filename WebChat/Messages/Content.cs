using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebChat.Rooms;

namespace WebChat.Messages;

/// <summary>What kinds carry, as JSON: short names, nothing for what is not there.</summary>
internal static class Content
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // it stands in the database and between nodes, never in a page
    };

    public static string Pack<T>(T content) => JsonSerializer.Serialize(content, Options);

    /// <summary>What the message carries, or null where it carries nothing.</summary>
    public static T? Read<T>(this Said said) where T : class => Unpack<T>(said.Content);

    public static T? Unpack<T>(string? json) where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, Options);
}
