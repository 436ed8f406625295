using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;

namespace WebChat.Storage;

/// <summary>The keys behind cookies and forms where they are files, as rows of the table that PostgreSQL has for them.</summary>
internal static class KeyFiles
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The framework's files as it would have stored them in the table.</summary>
    /// <exception cref="CopyRefusedException">One of them is no key.</exception>
    public static async IAsyncEnumerable<object?[]> ReadAsync(string directory, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (!Directory.Exists(directory))
            yield break;
        foreach (var file in Directory.EnumerateFiles(directory, "*.xml").Order(StringComparer.Ordinal))
        {
            XElement key;
            try
            {
                await using var stream = File.OpenRead(file);
                key = await XElement.LoadAsync(stream, LoadOptions.None, cancel);
            }
            catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException)
            {
                throw new CopyRefusedException($"The key {file} cannot be read: {error.Message} Nothing was copied.", error);
            }
            yield return [Path.GetFileNameWithoutExtension(file), key.ToString(SaveOptions.DisableFormatting)];
        }
    }

    /// <summary>Writes keys as files, in place of those that are there: of a house in which nobody lived.</summary>
    /// <param name="directory">Made if it is missing.</param>
    /// <param name="rows">Each a name and what is in it.</param>
    public static async Task WriteAsync(string directory, IAsyncEnumerable<object?[]> rows)
    {
        Directory.CreateDirectory(directory);
        var old = Directory.GetFiles(directory, "*.xml").ToHashSet(StringComparer.Ordinal);
        await foreach (var row in rows)
        {
            var name = (string)row[0]!;
            if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
                throw new CopyRefusedException($"\"{name}\" is no name for a key.");
            var file = Path.Combine(directory, name + ".xml");
            var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                how.UnixCreateMode = OwnersAlone;
            await using var writer = new StreamWriter(file, how);
            await writer.WriteAsync((string)row[1]!);
            old.Remove(file);
        }
        foreach (var file in old)
            File.Delete(file);
    }
}
