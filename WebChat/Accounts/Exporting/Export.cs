using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace WebChat.Accounts.Exporting;

/// <summary>One export under way, for the features to write into.</summary>
internal sealed class Export(ZipArchive zip, long userId, CancellationToken cancel)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public long UserId => userId;

    public CancellationToken Cancel => cancel;

    /// <summary>A time as people and programs read it.</summary>
    public static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>Adds a file of JSON; where the value is read bit by bit, it is written so.</summary>
    public async Task AddAsync<T>(string name, T value)
    {
        await using var file = await OpenAsync(name, CompressionLevel.Fastest);
        await JsonSerializer.SerializeAsync(file, value, Json, cancel);
    }

    /// <summary>Adds a file as it is.</summary>
    public async Task AddFileAsync(string name, Stream content)
    {
        await using var file = await OpenAsync(name, CompressionLevel.NoCompression);
        await content.CopyToAsync(file, cancel);
    }

    private Task<Stream> OpenAsync(string name, CompressionLevel level) => zip.CreateEntry(name, level).OpenAsync(cancel);
}
