using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WebChat.Storage;

/// <summary>
/// What a table's rows are, in one number that does not depend on their order: engines sort text differently. Each row is
/// hashed in one form for all engines, and the hashes are added.
/// </summary>
internal sealed class Checksum
{
    private readonly ArrayBufferWriter<byte> row = new();
    private UInt128 sum;

    public long Rows { get; private set; }

    /// <param name="values">In the order of the table's columns; null for NULL.</param>
    public void Add(ReadOnlySpan<object?> values)
    {
        row.ResetWrittenCount();
        foreach (var value in values)
            Write(value);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(row.WrittenSpan, hash);
        sum = unchecked(sum + BinaryPrimitives.ReadUInt128LittleEndian(hash));
        Rows++;
    }

    public override string ToString() => sum.ToString("x32", CultureInfo.InvariantCulture);

    // A letter for the type, and the length where it varies: no two rows are written alike.
    private void Write(object? value)
    {
        switch (value)
        {
            case null:
                row.Write("n"u8);
                break;
            case int or long or bool:
                Write('i', BitConverter.GetBytes(Convert.ToInt64(value, CultureInfo.InvariantCulture)));
                break;
            case double real:
                Write('r', BitConverter.GetBytes(real));
                break;
            case string text:
                Write('t', Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                Write('b', bytes);
                break;
            default:
                throw new InvalidOperationException($"{value.GetType()} has no form for a checksum.");
        }
    }

    private void Write(char type, ReadOnlySpan<byte> bytes)
    {
        var head = row.GetSpan(5);
        head[0] = (byte)type;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], bytes.Length);
        row.Advance(5);
        row.Write(bytes);
    }
}
