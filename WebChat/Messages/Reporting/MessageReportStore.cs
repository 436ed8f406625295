using WebChat.Contacts.Reporting;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Messages.Reporting;

/// <summary>Takes reports of messages in, from those who may read them, with the message as it is at that moment.</summary>
internal sealed class MessageReportStore(Database database, TimeProvider clock)
{
    public Task<ReportOutcome> AddAsync(long userId, long room, long seq, string reason) =>
        database.WriteAsync(async c =>
        {
            var now = clock.Now();
            if (await MemberStore.StandingAsync(c, room, userId, now) is not { Role: not null } standing || await MessageStore.FindAsync(c, userId, room, seq) is not { } message)
                return ReportOutcome.Unknown;
            if (!new MessageRights(userId, standing).MayReport(message))
                return ReportOutcome.Forbidden;
            return await ReportStore.AddAsync(c, new Report
            {
                ReporterId = userId, UserId = message.AuthorId, Reason = reason, Room = room, Seq = seq, Kind = message.Kind, Body = message.Body, Content = message.Content,
            }, now);
        });
}
