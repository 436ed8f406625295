using WebChat.Accounts.Push;
using WebChat.Shared;

namespace WebChat.Tests.Accounts.Push;

/// <summary>Where this server may be led to knock by somebody who says that their browser is there.</summary>
public sealed class PushRulesTests
{
    [Theory]
    [InlineData("https://fcm.googleapis.com/fcm/send/abc:def")]
    [InlineData("https://updates.push.services.mozilla.com/wpush/v2/abc")]
    [InlineData("https://web.push.apple.com/QO2P")]
    [InlineData("https://wns2-par02p.notify.windows.com/w/?token=abc")]
    [InlineData("https://8.8.8.8/push")]
    public void The_publics_push_services_are_taken(string endpoint)
    {
        using var outside = new Outside();
        Assert.NotNull(new PushRules().Address(endpoint, outside));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("push")]
    [InlineData("/push")]
    [InlineData("http://push.example.org/1")]
    [InlineData("ftp://push.example.org/1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://push.example.org:8443/1")]
    [InlineData("https://somebody@push.example.org/1")]
    [InlineData("https://127.0.0.1/1")]
    [InlineData("https://127.1/1")]
    [InlineData("https://2130706433/1")]
    [InlineData("https://0x7f000001/1")]
    [InlineData("https://10.1.2.3/1")]
    [InlineData("https://192.168.1.1/1")]
    [InlineData("https://172.16.0.1/1")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://100.64.0.1/1")]
    [InlineData("https://0.0.0.0/1")]
    [InlineData("https://[::1]/1")]
    [InlineData("https://[::ffff:10.0.0.1]/1")]
    [InlineData("https://[fe80::1]/1")]
    [InlineData("https://[fd00::1]/1")]
    [InlineData("https://localhost/1")]
    [InlineData("https://localhost./1")]
    [InlineData("https://postgres/1")]
    [InlineData("https://redis.internal/1")]
    [InlineData("https://metadata.google.internal/1")]
    [InlineData("https://printer.local/1")]
    public void Nothing_else_is(string? endpoint)
    {
        using var outside = new Outside();
        Assert.Null(new PushRules().Address(endpoint, outside));
    }

    [Fact]
    public void Nor_an_address_without_end()
    {
        using var outside = new Outside();
        Assert.Null(new PushRules().Address($"https://push.example.org/{new string('a', PushRules.LongestEndpoint)}", outside));
    }
}
