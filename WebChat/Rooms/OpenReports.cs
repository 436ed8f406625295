namespace WebChat.Rooms;

/// <summary>How many reports wait for an administrator, for the bar of places. Those who keep them say it.</summary>
internal sealed class OpenReports
{
    /// <summary>For this administrator.</summary>
    public Func<long, Task<long>> CountAsync { get; set; } = static _ => Task.FromResult(0L);
}
