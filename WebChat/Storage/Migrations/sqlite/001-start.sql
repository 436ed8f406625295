-- Times are UTC Unix milliseconds. Room numbers are the rooms' keys and their addresses.

CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account       TEXT    NOT NULL,
    account_key   TEXT    NOT NULL UNIQUE,              -- account in upper case: unique without regard to case
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL UNIQUE,
    password_hash TEXT    NOT NULL,
    stamp         TEXT    NOT NULL,                     -- Identity's security stamp
    nickname      TEXT    NOT NULL,
    sex           INTEGER NOT NULL DEFAULT 0,           -- 0 unknown, 1 male, 2 female
    signature     TEXT    NOT NULL DEFAULT '',
    picture       TEXT    NULL,                         -- pictures.id
    language      TEXT    NULL,                         -- null: as the browser asks
    is_admin      INTEGER NOT NULL DEFAULT 0,
    failed        INTEGER NOT NULL DEFAULT 0,
    locked_until  INTEGER NULL,
    seen_at       INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
);
CREATE INDEX users_nickname ON users (nickname COLLATE NOCASE);

CREATE TABLE sessions (
    id         TEXT    PRIMARY KEY,                     -- SHA-256 of the secret in the cookie
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    agent      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE pictures (
    id         TEXT    PRIMARY KEY,                     -- unguessable
    owner_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    type       TEXT    NOT NULL,
    bytes      BLOB    NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX pictures_owner ON pictures (owner_id);

-- One row per direction. Friends are two rows with is_friend.
CREATE TABLE contacts (
    owner_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    other_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    is_friend  INTEGER NOT NULL DEFAULT 0,
    blocked_at INTEGER NULL,                            -- since when owner has blocked other
    remark     TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    PRIMARY KEY (owner_id, other_id)
) WITHOUT ROWID;
CREATE INDEX contacts_other ON contacts (other_id);

CREATE TABLE friend_requests (
    from_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    to_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    message    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (to_id, from_id)
) WITHOUT ROWID;
CREATE INDEX friend_requests_from ON friend_requests (from_id);

CREATE TABLE rooms (
    number       INTEGER PRIMARY KEY,                   -- random, nine digits
    kind         INTEGER NOT NULL,                      -- 0 lobby, 1 direct, 2 group
    name         TEXT    NOT NULL DEFAULT '',
    name_key     TEXT    NOT NULL DEFAULT '',           -- lower case, for finding
    memo         TEXT    NOT NULL DEFAULT '',
    announcement TEXT    NOT NULL DEFAULT '',
    picture      TEXT    NULL,
    owner_id     INTEGER NULL REFERENCES users (id),
    pair_key     TEXT    NULL UNIQUE,                   -- direct rooms: 'lowerid:higherid'
    seq          INTEGER NOT NULL DEFAULT 0,            -- the last message's place
    rev          INTEGER NOT NULL DEFAULT 0,            -- the last change
    last_by      INTEGER NULL,                          -- who wrote the last message; null after a note
    last_at      INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    closed_at    INTEGER NULL                           -- dissolved, or friendship ended: unreachable
);
CREATE UNIQUE INDEX rooms_lobby ON rooms (kind) WHERE kind = 0;
CREATE INDEX rooms_name ON rooms (name_key) WHERE kind = 2 AND closed_at IS NULL;
CREATE INDEX rooms_owner ON rooms (owner_id) WHERE kind = 2 AND closed_at IS NULL;

CREATE TABLE members (
    room       INTEGER NOT NULL REFERENCES rooms (number) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role       INTEGER NOT NULL DEFAULT 0,              -- 0 member, 1 administrator, 2 owner
    read_seq   INTEGER NOT NULL DEFAULT 0,
    until_seq  INTEGER NULL,                            -- set while the member has blocked the other side of a direct room
    joined_at  INTEGER NOT NULL,
    PRIMARY KEY (room, user_id)
) WITHOUT ROWID;
CREATE INDEX members_user ON members (user_id, room);

CREATE TABLE messages (
    room       INTEGER NOT NULL REFERENCES rooms (number) ON DELETE CASCADE,
    seq        INTEGER NOT NULL,
    rev        INTEGER NOT NULL,
    author_id  INTEGER NOT NULL REFERENCES users (id),
    kind       INTEGER NOT NULL,                        -- 0 text, 1 note
    body       TEXT    NOT NULL,
    client_id  TEXT    NULL,                            -- unique per author, for ever; notes have none
    follows    INTEGER NOT NULL,                        -- same author as the one before, within 5 minutes, same UTC day
    created_at INTEGER NOT NULL,
    PRIMARY KEY (room, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX messages_rev ON messages (room, rev);
CREATE UNIQUE INDEX messages_client ON messages (author_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
