namespace WebChat.Media;

/// <summary>A picture with nothing in it but what it takes to show it.</summary>
/// <param name="Type">Its media type.</param>
/// <param name="Width">In pixels, by its header.</param>
/// <param name="Height">In pixels, by its header.</param>
/// <param name="Bytes">The whole file.</param>
internal sealed record PictureFile(string Type, int Width, int Height, byte[] Bytes)
{
    public const string Png = "image/png";
    public const string Jpeg = "image/jpeg";

    /// <summary>
    /// Takes a PNG or JPEG apart, whatever its name says, and keeps the parts known to be picture: no place, no camera, no comment, no
    /// small copy of what was cut away, no animation, and nothing behind the end. Nothing in it is unpacked, so it costs no more than its bytes.
    /// </summary>
    /// <returns>Null when its parts do not add up to one picture.</returns>
    public static PictureFile? Read(byte[] bytes)
    {
        using var whole = new MemoryStream(bytes, writable: false);
        using var clean = new MemoryStream(bytes.Length);
        var parts = new Parts(whole, clean);
        if (parts.Next(PngFile.Signature.Length).SequenceEqual(PngFile.Signature))
            return PngFile.Copy(parts, moves: false) is { } png ? new PictureFile(Png, png.Width, png.Height, clean.ToArray()) : null;
        if (parts.Next(JpegFile.Signature.Length).SequenceEqual(JpegFile.Signature))
            return JpegFile.Copy(parts) is { } jpeg ? new PictureFile(Jpeg, jpeg.Width, jpeg.Height, clean.ToArray()) : null;
        return null;
    }
}
