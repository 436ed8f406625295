using Microsoft.Extensions.Configuration;

namespace WebChat.Tests.Shared;

public sealed class SetupTests
{
    [Theory]
    [InlineData("URLS")]
    [InlineData("HTTP_PORTS")]
    [InlineData("HTTPS_PORTS")]
    [InlineData("Kestrel:Endpoints:Http:Url")]
    public void An_address_that_is_configured_stands_above_our_own(string name) =>
        Assert.True(WebChat.Shared.Setup.SaysWhereToListen(Settings(name, "http://127.0.0.1:6000")));

    [Theory]
    [InlineData("URLS", "")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections", "9")]
    public void Without_one_ours_is_taken(string name, string value) =>
        Assert.False(WebChat.Shared.Setup.SaysWhereToListen(Settings(name, value)));

    [Fact]
    public void The_settings_of_dotnet_run_do_not_take_the_address_from_the_environment()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WebChat.sln")))
            folder = folder.Parent!;
        var launch = File.ReadAllText(Path.Combine(folder.FullName, "WebChat", "Properties", "launchSettings.json"));

        Assert.DoesNotContain("applicationUrl", launch, StringComparison.Ordinal);
        Assert.DoesNotContain("ASPNETCORE_URLS", launch, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Settings(string name, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build();
}
