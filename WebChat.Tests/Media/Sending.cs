using System.Net;
using WebChat.Media;
using WebChat.Storage;

namespace WebChat.Tests.Media;

/// <summary>Files on their way in, and those that are not had.</summary>
internal static class Sending
{
    public static string NewName() => "u" + Guid.NewGuid().ToString("N")[..8];

    public static SentFile NewFile(byte[] content, string name = "file.bin") => new() { Content = new MemoryStream(content), Name = name };

    public static async Task<UploadAnswer> SendAsync(App app, Person person, long room, SentFile file) =>
        await app.Get<Uploads>().TakeAsync(await person.IdAsync(), room, file, CancellationToken.None);

    /// <summary>A message of this person that carries a file.</summary>
    public static async Task<MediaFile> PostAsync(App app, Person person, long room, SentFile file)
    {
        var answer = await SendAsync(app, person, room, file);
        Assert.Equal((200, null), (answer.Status, answer.Error));
        var (owner, seq) = (await person.IdAsync(), await person.SayAsync(room, "look"));
        await app.Get<Database>().WriteAsync(c => MediaStore.AddAsync(c, answer.File!, owner, room, seq, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        return answer.File!;
    }

    public static Task<List<string>> StoredAsync(App app) => app.Get<IMediaFiles>().ListAsync(CancellationToken.None).Select(f => f.Name).Order(StringComparer.Ordinal).ToListAsync().AsTask();

    public static async Task AssertLostAsync(Person person, string address) =>
        Assert.Equal(await LostAsync(person, "/media/AAAAAAAAAAAAAAAAAAAAAA/unknown.png"), await LostAsync(person, address));

    private static async Task<(string Body, string Headers)> LostAsync(Person person, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("image/*"); // a page would hold a token, of which no two are alike
        var answer = await person.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        return (await answer.Content.ReadAsStringAsync(), string.Join('\n', answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key != "Date").Select(h => $"{h.Key}: {string.Join(", ", h.Value)}")));
    }
}
