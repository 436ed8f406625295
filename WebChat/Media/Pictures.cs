using System.Buffers.Text;
using System.Security.Cryptography;

namespace WebChat.Media;

/// <summary>What became of an uploaded picture.</summary>
internal enum PictureResult
{
    Saved,
    /// <summary>Neither a PNG nor a JPEG, whatever it is called.</summary>
    NotAPicture,
    /// <summary>More bytes than <see cref="Pictures.MostBytes"/>.</summary>
    TooBig,
    /// <summary>Wider or higher than <see cref="Pictures.MostPixels"/>.</summary>
    TooWide,
}

/// <summary>Takes small pictures in: a face, or a group's icon. The page scales them before it sends them.</summary>
internal sealed class Pictures(PictureStore store)
{
    public const int MostBytes = 512 * 1024;
    public const int MostPixels = 4096;

    /// <summary>Longest body of a form that carries one picture: a <see cref="WebChat.Shared.LargestBodyAttribute"/> for its page.</summary>
    public const int MostBodyBytes = 1024 * 1024;

    /// <summary>Checks, cleans and stores an uploaded picture.</summary>
    /// <returns>The id for <c>/pictures/{id}</c> when it was <see cref="PictureResult.Saved"/>; else null.</returns>
    public async Task<(PictureResult Result, string? Id)> SaveAsync(IFormFile file, long ownerId)
    {
        if (file.Length > MostBytes)
            return (PictureResult.TooBig, null);
        using var content = new MemoryStream((int)file.Length);
        await file.CopyToAsync(content);
        var bytes = content.ToArray();
        if (PictureFile.TypeOf(bytes) is not { } type || PictureFile.SizeOf(bytes) is not ( > 0, > 0) size)
            return (PictureResult.NotAPicture, null);
        if (size.Width > MostPixels || size.Height > MostPixels)
            return (PictureResult.TooWide, null);
        if (PictureFile.Strip(bytes, type) is not { } clean)
            return (PictureResult.NotAPicture, null);
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        await store.AddAsync(id, ownerId, new Picture { Type = type, Bytes = clean });
        return (PictureResult.Saved, id);
    }
}
