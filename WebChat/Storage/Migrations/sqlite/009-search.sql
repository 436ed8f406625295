-- Where words stand in what was said: a row for each word in a stretch of 2,048 places of a room. It is made from the messages
-- in the background, and may be emptied at any time: it is then made anew.
CREATE TABLE search_words (
    room    INTEGER NOT NULL,
    stretch INTEGER NOT NULL,                           -- seq / 2048
    word    TEXT    NOT NULL,                           -- in lower case; of scripts without spaces one and two characters; @12 is who wrote
    places  TEXT    NOT NULL,                           -- seq % 2048, two characters of base 64 each
    PRIMARY KEY (room, stretch, word)
) WITHOUT ROWID;

-- When the messages of a stretch were written.
CREATE TABLE search_stretches (
    room     INTEGER NOT NULL,
    stretch  INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    PRIMARY KEY (room, stretch)
) WITHOUT ROWID;

-- How far each room has been read for it.
CREATE TABLE search_rooms (
    room INTEGER PRIMARY KEY,
    rev  INTEGER NOT NULL,                              -- every change up to this one is in it
    seq  INTEGER NOT NULL                               -- no message after this one is
);
