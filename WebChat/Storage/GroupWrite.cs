using System.Data.Common;

namespace WebChat.Storage;

/// <summary>A kind of write that many want at once: what waits together is written by one call. Made by <see cref="Database.Group"/>.</summary>
internal sealed class GroupWrite<TItem, TResult>(
    WriteLane lane, Func<DbConnection, IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> write, Action<TResult>? committed)
{
    private readonly Action<TResult>? committed = committed;

    /// <summary>Writes one with the next group; the task ends when it is durable.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was stored.</exception>
    /// <exception cref="StorageUncertainException">It may or may not have been stored; writing it again does no harm.</exception>
    public Task<TResult> WriteAsync(TItem item)
    {
        var one = new One(this, item);
        lane.Add(one);
        return one.Done;
    }

    /// <inheritdoc cref="WriteLane.QuietAsync"/>
    public Task QuietAsync() => lane.QuietAsync();

    private Task<IReadOnlyList<TResult>> RunAsync(DbConnection connection, IReadOnlyList<TItem> items) => write(connection, items);

    private sealed class One(GroupWrite<TItem, TResult> kind, TItem item) : Write<TResult>(kind.committed)
    {
        public override object Kind => kind;

        public override bool IsRepeatable => true;

        private TItem Item => item;

        public override async Task RunAsync(DbConnection connection, IReadOnlyList<Write> group)
        {
            var results = await kind.RunAsync(connection, [.. group.Select(w => ((One)w).Item)]);
            for (var i = 0; i < group.Count; i++)
                ((One)group[i]).Result = results[i];
        }
    }
}
