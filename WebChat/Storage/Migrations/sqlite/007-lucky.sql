-- Play points. Who has no row has what everybody begins with; the row is made when they first give or get some.
CREATE TABLE points (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    balance INTEGER NOT NULL CHECK (balance >= 0)
);

-- Lucky money: points that have left their sender and are nobody's yet. All balances and all that is left here make one sum that never
-- changes, so a row outlives its message and its room.
CREATE TABLE lucky (
    room        INTEGER NOT NULL,
    seq         INTEGER NOT NULL,                       -- the message that carries it
    sender_id   INTEGER NOT NULL REFERENCES users (id),
    total       INTEGER NOT NULL,
    shares      INTEGER NOT NULL,
    left_points INTEGER NOT NULL CHECK (left_points >= 0),
    kind        INTEGER NOT NULL,                       -- 0 equal, 1 random
    expires_at  INTEGER NOT NULL,
    returned_at INTEGER NULL,                           -- when the rest went back to the sender
    PRIMARY KEY (room, seq)
) WITHOUT ROWID;
CREATE INDEX lucky_due ON lucky (expires_at) WHERE left_points > 0;

CREATE TABLE lucky_claims (
    room       INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    points     INTEGER NOT NULL CHECK (points > 0),
    claimed_at INTEGER NOT NULL,
    PRIMARY KEY (room, seq, user_id),
    FOREIGN KEY (room, seq) REFERENCES lucky (room, seq)
) WITHOUT ROWID;
