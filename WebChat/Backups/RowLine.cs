using System.Text.Encodings.Web;
using System.Text.Json;

namespace WebChat.Backups;

/// <summary>A row as a line of JSON: an array of its values, where bytes are an object that says so.</summary>
internal static class RowLine
{
    private const string Bytes = "base64";

    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter json, ReadOnlySpan<object?> row)
    {
        json.WriteStartArray();
        foreach (var value in row)
        {
            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case long number:
                    json.WriteNumberValue(number);
                    break;
                case double number:
                    json.WriteNumberValue(number);
                    break;
                case string text:
                    json.WriteStringValue(text);
                    break;
                case byte[] bytes:
                    json.WriteStartObject();
                    json.WriteBase64String(Bytes, bytes);
                    json.WriteEndObject();
                    break;
                default:
                    throw new InvalidOperationException($"{value.GetType()} has no form in a backup.");
            }
        }
        json.WriteEndArray();
    }

    /// <exception cref="JsonException">It is no such line.</exception>
    public static object?[] Read(ReadOnlyMemory<byte> line, int columns)
    {
        using var document = JsonDocument.Parse(line);
        if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() != columns)
            throw new JsonException("A line that is no row of its table.");
        var row = new object?[columns];
        var place = 0;
        foreach (var value in document.RootElement.EnumerateArray())
            row[place++] = ValueOf(value);
        return row;
    }

    private static object? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var number) ? (object)number : value.GetDouble(),
        JsonValueKind.Object when value.TryGetProperty(Bytes, out var bytes) => bytes.GetBytesFromBase64(),
        _ => throw new JsonException("A value that no table has."),
    };
}
