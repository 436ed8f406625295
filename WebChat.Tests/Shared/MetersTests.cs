using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using WebChat.Shared;

namespace WebChat.Tests.Shared;

public sealed class MetersTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_node_tells_what_it_is_doing()
    {
        var told = new ConcurrentDictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Meter.Name == Meters.Name)
                me.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, number, _, _) => told.AddOrUpdate(instrument.Name, number, (_, sum) => sum + number));
        listener.SetMeasurementEventCallback<double>((instrument, number, _, _) => told[instrument.Name] = number);
        listener.Start();
        var (ann, ben, room) = await app.FriendsAsync("measured", "counted");
        await using var tab = await ben.ConnectAsync();
        await tab.OpenAsync(room, 1);

        await ann.SayAsync(room, "one more");
        await tab.NextMessageAsync(room, 2);
        listener.RecordObservableInstruments();

        foreach (var name in new[] { "webchat.posts", "webchat.catch_ups", "webchat.connections", "webchat.topics" })
            Assert.True(told.TryGetValue(name, out var number) && number > 0, $"{name}; told were {string.Join(", ", told.Keys)}");
        Assert.True(told["webchat.delivery"] >= 0);
    }
}
