using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WebChat.Load.Peers;

/// <summary>The smallest chat with SignalR: everybody is in one group, and gets what anybody sends.</summary>
internal static class SignalRPeer
{
    public static async Task RunAsync(int port, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddSignalR(options => options.ClientTimeoutInterval = TimeSpan.FromHours(1)); // the readers of a benchmark say nothing
        await using var app = builder.Build();
        app.MapHub<Everybody>("/hub");
        await app.StartAsync(cancel);
        await app.WaitForShutdownAsync(cancel);
    }

    internal sealed class Everybody : Hub
    {
        private const string Name = "everybody";

        public override Task OnConnectedAsync() => Groups.AddToGroupAsync(Context.ConnectionId, Name);

        public Task Send(string message) => Clients.Group(Name).SendAsync("message", message);
    }
}
