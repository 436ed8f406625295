-- Packs of stickers. One that is removed is offered no more; what was sent from it stays.
CREATE TABLE sticker_packs (
    id         TEXT    PRIMARY KEY,
    name       TEXT    NOT NULL,
    added_by   BIGINT  NOT NULL REFERENCES users (id),
    created_at BIGINT  NOT NULL,
    removed_at BIGINT  NULL
);

CREATE TABLE stickers (
    id      TEXT    PRIMARY KEY,                        -- unguessable
    pack_id TEXT    NOT NULL REFERENCES sticker_packs (id) ON DELETE CASCADE,
    place   INTEGER NOT NULL,
    word    TEXT    NOT NULL,                           -- what it shows
    type    TEXT    NOT NULL,
    width   INTEGER NOT NULL,
    height  INTEGER NOT NULL,
    bytes   BYTEA   NOT NULL
);
CREATE UNIQUE INDEX stickers_pack ON stickers (pack_id, place);
