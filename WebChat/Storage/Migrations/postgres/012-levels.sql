-- Of which messages of a room its member is notified. Null is the room's own rule: of all, in the lobby of mentions.
ALTER TABLE members ADD COLUMN level INTEGER NULL;      -- 0 all, 1 mentions, 2 nothing
