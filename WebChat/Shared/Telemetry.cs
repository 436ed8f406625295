using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace WebChat.Shared;

/// <summary>
/// Hands this node's metrics, and those of the framework under it, to a collector over OTLP, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one. All of it is
/// set by the variables of OpenTelemetry itself. Unset, none of this is there.
/// </summary>
internal sealed class Telemetry(IConfiguration settings) : IHostedService, IDisposable
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Requests and sockets, the server's connections, and memory, garbage collection, threads.</summary>
    private static readonly string[] Sources = [Meters.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private MeterProvider? provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(settings)) // as of files and arguments, and not of the environment alone
            .ConfigureResource(house => house.AddService("webchat", serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}").AddEnvironmentVariableDetector())
            .AddMeter(Sources)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>What was measured last is handed over too, as far as it can be in the time that is left.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        const int PatienceMs = 2_000;
        provider?.Shutdown(PatienceMs);
        return Task.CompletedTask;
    }

    public void Dispose() => provider?.Dispose();
}
