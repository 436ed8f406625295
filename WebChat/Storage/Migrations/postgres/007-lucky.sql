-- Play points. Who has no row has what everybody begins with; the row is made when they first give or get some.
CREATE TABLE points (
    user_id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    balance BIGINT NOT NULL CHECK (balance >= 0)
);

-- Lucky money: points that have left their sender and are nobody's yet. All balances and all that is left here make one sum that never
-- changes, so a row outlives its message and its room.
CREATE TABLE lucky (
    room        BIGINT  NOT NULL,
    seq         BIGINT  NOT NULL,                       -- the message that carries it
    sender_id   BIGINT  NOT NULL REFERENCES users (id),
    total       BIGINT  NOT NULL,
    shares      INTEGER NOT NULL,
    left_points BIGINT  NOT NULL CHECK (left_points >= 0),
    kind        INTEGER NOT NULL,                       -- 0 equal, 1 random
    expires_at  BIGINT  NOT NULL,
    returned_at BIGINT  NULL,                           -- when the rest went back to the sender
    PRIMARY KEY (room, seq)
);
CREATE INDEX lucky_due ON lucky (expires_at) WHERE left_points > 0;

CREATE TABLE lucky_claims (
    room       BIGINT  NOT NULL,
    seq        BIGINT  NOT NULL,
    user_id    BIGINT  NOT NULL REFERENCES users (id),
    points     BIGINT  NOT NULL CHECK (points > 0),
    claimed_at BIGINT  NOT NULL,
    PRIMARY KEY (room, seq, user_id),
    FOREIGN KEY (room, seq) REFERENCES lucky (room, seq)
);
