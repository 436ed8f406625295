-- Where words stand in what was said: a row for each word in a stretch of 2,048 places of a room. It is made from the messages
-- in the background, and may be emptied at any time: it is then made anew.
CREATE TABLE search_words (
    room    BIGINT           NOT NULL,
    stretch INTEGER          NOT NULL,                  -- seq / 2048
    word    TEXT COLLATE "C" NOT NULL,                  -- in lower case; of scripts without spaces one and two characters; @12 is who wrote
    places  TEXT COLLATE "C" NOT NULL,                  -- seq % 2048, two characters of base 64 each
    PRIMARY KEY (room, stretch, word)
);

-- When the messages of a stretch were written.
CREATE TABLE search_stretches (
    room     BIGINT  NOT NULL,
    stretch  INTEGER NOT NULL,
    first_at BIGINT  NOT NULL,
    last_at  BIGINT  NOT NULL,
    PRIMARY KEY (room, stretch)
);

-- How far each room has been read for it.
CREATE TABLE search_rooms (
    room BIGINT PRIMARY KEY,
    rev  BIGINT NOT NULL,                               -- every change up to this one is in it
    seq  BIGINT NOT NULL                                -- no message after this one is
);
