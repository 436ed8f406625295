using System.ComponentModel.DataAnnotations;

namespace WebChat.Shared;

/// <summary>How much one may do, under <c>WebChat:Limits</c>; 0 is no limit.</summary>
internal sealed record Limits
{
    [Range(0, int.MaxValue)] public int PostsPerSecond { get; init; } = 10;
    [Range(0, int.MaxValue)] public int PostsPerMinute { get; init; } = 120;
    [Range(0, int.MaxValue)] public int RequestsPerMinute { get; init; } = 10;
    [Range(0, int.MaxValue)] public int ProfilesPerMinute { get; init; } = 10;
    [Range(0, int.MaxValue)] public int SearchesPerMinute { get; init; } = 30;
    /// <summary>Beginnings of names that are looked up while one writes, one for each pause in it.</summary>
    [Range(0, int.MaxValue)] public int NamesPerMinute { get; init; } = 240;
    [Range(0, int.MaxValue)] public int UploadsPerHour { get; init; } = 60;
    [Range(0, int.MaxValue)] public int UploadBytes { get; init; } = 20 * 1024 * 1024;
    [Range(0d, long.MaxValue)] public long QuotaBytes { get; init; } = 1024 * 1024 * 1024;
    [Range(0, int.MaxValue)] public int SignInsPerMinute { get; init; } = 10;
    [Range(0, int.MaxValue)] public int RegistrationsPerHour { get; init; } = 5;
    [Range(0, int.MaxValue)] public int CodesPerHour { get; init; } = 3;
    [Range(0, int.MaxValue)] public int CodeChecksPerHour { get; init; } = 20;
    [Range(0, int.MaxValue)] public int HandshakesPerMinute { get; init; } = 120;
    [Range(0, int.MaxValue)] public int SocketsPerUser { get; init; } = 20;
    [Range(0, int.MaxValue)] public int OpeningsPerSecond { get; init; } = 5;
    [Range(0, int.MaxValue)] public int GroupsPerUser { get; init; } = 5;
    [Range(0, int.MaxValue)] public int MembersPerGroup { get; init; } = 5000;
    /// <summary>Exports of one user's own data.</summary>
    [Range(0, int.MaxValue)] public int ExportsPerHour { get; init; } = 3;
    /// <summary>Reports of one user to the administrators.</summary>
    [Range(0, int.MaxValue)] public int ReportsPerHour { get; init; } = 20;
    /// <summary>How long an author may take a message back, in seconds.</summary>
    [Range(0, int.MaxValue)] public int RecallSeconds { get; init; } = 120;
}
