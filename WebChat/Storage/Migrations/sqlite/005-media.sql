-- What messages carry. The files stand in the data directory or in object storage, by their id; a file without a row is nobody's.
CREATE TABLE media (
    id          TEXT    PRIMARY KEY,                    -- unguessable
    owner_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    room        INTEGER NOT NULL,
    seq         INTEGER NOT NULL,                       -- the message that carries it
    kind        INTEGER NOT NULL,                       -- 0 file, 1 image, 2 video, 3 audio
    name        TEXT    NOT NULL,
    type        TEXT    NOT NULL,                       -- by its content
    bytes       INTEGER NOT NULL,
    small_type  TEXT    NULL,                           -- of the smaller picture beside it
    small_bytes INTEGER NULL,
    width       INTEGER NULL,
    height      INTEGER NULL,
    seconds     INTEGER NULL,
    hash        TEXT    NOT NULL,                       -- SHA-256 of what was sent, in base64url
    created_at  INTEGER NOT NULL,
    FOREIGN KEY (room, seq) REFERENCES messages (room, seq) ON DELETE CASCADE
);
CREATE UNIQUE INDEX media_message ON media (room, seq);
CREATE INDEX media_owner ON media (owner_id);
