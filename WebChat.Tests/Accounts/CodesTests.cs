using WebChat.Accounts;

namespace WebChat.Tests.Accounts;

public sealed class CodesTests
{
    private const string Mailbox = "ANN@EXAMPLE.ORG";
    private const string Flow = "flow";

    private readonly TestClock clock = new();
    private readonly Codes codes;

    public CodesTests() => codes = new Codes(clock);

    private string Make(bool isGood = true) => codes.Make(Mailbox, CodeFlow.Register, Flow, isGood);

    private bool TryUse(string code, string purpose = CodeFlow.Register, string flow = Flow) => codes.TryUse(Mailbox, purpose, flow, code);

    private static string Wrong(string code) => (code[0] == '9' ? "0" : "9") + code[1..];

    [Fact]
    public void A_code_has_eight_digits_and_is_good_once()
    {
        var code = Make();

        Assert.Matches(@"\A[0-9]{8}\z", code);
        Assert.True(TryUse(code));
        Assert.False(TryUse(code));
    }

    [Fact]
    public void The_sixth_try_is_refused_even_when_it_is_right()
    {
        var code = Make();

        for (var i = 0; i < Codes.Tries; i++)
            Assert.False(TryUse(Wrong(code)));
        Assert.False(TryUse(code));
    }

    [Fact]
    public void The_fifth_try_may_be_the_right_one()
    {
        var code = Make();

        for (var i = 1; i < Codes.Tries; i++)
            Assert.False(TryUse(Wrong(code)));
        Assert.True(TryUse(code));
    }

    [Fact]
    public void Of_fifty_right_ones_at_once_one_is_let_in()
    {
        var code = Make();
        var used = 0;

        Parallel.For(0, 50, _ =>
        {
            if (TryUse(code))
                Interlocked.Increment(ref used);
        });

        Assert.Equal(1, used);
    }

    [Fact]
    public void After_fifty_wrong_ones_at_once_the_right_one_is_refused()
    {
        var code = Make();

        Parallel.For(0, 50, _ => TryUse(Wrong(code)));

        Assert.False(TryUse(code));
    }

    [Fact]
    public void After_ten_minutes_it_is_refused()
    {
        var late = Make();
        clock.Pass(Codes.GoodFor);
        Assert.False(TryUse(late));

        var soon = Make();
        clock.Pass(Codes.GoodFor - TimeSpan.FromSeconds(1));
        Assert.True(TryUse(soon));
    }

    [Fact]
    public void Another_browsers_flow_cannot_use_it()
    {
        var code = Make();

        Assert.False(TryUse(code, flow: "another"));
        Assert.True(TryUse(code));
    }

    [Fact]
    public void It_is_for_one_purpose()
    {
        var code = Make();

        Assert.False(TryUse(code, purpose: CodeFlow.Reset));
        Assert.True(TryUse(code));
    }

    [Fact]
    public void A_new_one_voids_the_old()
    {
        var old = Make();
        var code = Make();

        Assert.False(TryUse(old));
        Assert.True(TryUse(code));
    }

    [Fact]
    public void What_another_browser_asks_for_voids_nothing_and_delays_nothing()
    {
        var code = Make();

        var others = codes.Make(Mailbox, CodeFlow.Register, "another", isGood: true);
        codes.Make(Mailbox, CodeFlow.Reset, Flow, isGood: true);
        clock.Pass(Codes.Pause);
        codes.Make(Mailbox, CodeFlow.Register, "another", isGood: true);

        Assert.Equal(TimeSpan.Zero, codes.Wait(Mailbox, CodeFlow.Register, Flow));
        Assert.False(TryUse(others));
        Assert.True(TryUse(code));
    }

    [Fact]
    public void One_for_an_address_without_business_here_is_never_right() => Assert.False(TryUse(Make(isGood: false)));

    [Fact]
    public void Between_two_of_a_flow_lies_a_minute()
    {
        Assert.Equal(TimeSpan.Zero, codes.Wait(Mailbox, CodeFlow.Register, Flow));
        Make();
        Assert.Equal(Codes.Pause, codes.Wait(Mailbox, CodeFlow.Register, Flow));
        clock.Pass(Codes.Pause);
        Assert.Equal(TimeSpan.Zero, codes.Wait(Mailbox, CodeFlow.Register, Flow));
    }
}
