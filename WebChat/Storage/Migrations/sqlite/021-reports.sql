-- What members reported to the administrators: a case is a message or a person, for as long as nobody has dealt with it. Once it is closed, the next
-- report makes another.
CREATE TABLE cases (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),   -- whom it is about; of a message, who wrote it
    room       INTEGER NULL,                             -- of a message
    seq        INTEGER NULL,
    created_at INTEGER NOT NULL,
    closed_at  INTEGER NULL,
    closed_by  INTEGER NULL REFERENCES users (id),
    outcome    INTEGER NOT NULL DEFAULT 0,               -- 0 open, 1 dismissed, 2 the message was removed, 3 the person was disabled
    note       TEXT    NOT NULL DEFAULT ''               -- an administrator's, for the others
);
CREATE UNIQUE INDEX cases_message ON cases (room, seq) WHERE closed_at IS NULL AND seq IS NOT NULL;
CREATE UNIQUE INDEX cases_person ON cases (user_id) WHERE closed_at IS NULL AND seq IS NULL;
CREATE INDEX cases_open ON cases (id) WHERE closed_at IS NULL;
CREATE INDEX cases_user ON cases (user_id);

-- Who said so, and the message as it was then: neither an edit nor a recall takes that away.
CREATE TABLE reports (
    case_id     INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    reporter_id INTEGER NOT NULL REFERENCES users (id),
    reason      TEXT    NOT NULL,
    kind        INTEGER NULL,                            -- of a message
    body        TEXT    NULL,
    content     TEXT    NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (case_id, reporter_id)
) WITHOUT ROWID;
CREATE INDEX reports_reporter ON reports (reporter_id);

-- Who may look into a room, and since when: asked for every page of it.
CREATE INDEX audit_room ON audit (room, actor_id, act, at) WHERE room IS NOT NULL;

-- The rooms as administrators list them; of two friends' there are as many as there are friends.
CREATE INDEX rooms_listed ON rooms (created_at, number) WHERE kind <> 1 AND closed_at IS NULL;
