using WebChat.Live;

namespace WebChat.Tests.Live;

public sealed class ControlFramesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Pings_pongs_and_goodbyes_are_counted_however_the_line_cuts_them(int piece)
    {
        byte[] line =
        [
            .. RawSocket.Frame(9), .. RawSocket.Frame(1, "hello"), .. RawSocket.Frame(10, "\b\t\n"),
            0x81, 0xFE, 0x01, 0x00, 1, 2, 3, 4, .. Enumerable.Repeat((byte)0x89, 256),
            0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4, .. Enumerable.Repeat((byte)0x89, 65_536),
            .. RawSocket.Frame(8),
        ];
        var control = new ControlFrames();

        Assert.Equal(3, line.Chunk(piece).Sum(bytes => control.Count(bytes)));
    }
}
