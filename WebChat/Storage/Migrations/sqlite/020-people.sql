-- How many people are members of a room, its bots not among them: counting a hundred thousand for each page of the lobby took longer than all the rest of it.
ALTER TABLE rooms ADD COLUMN people INTEGER NOT NULL DEFAULT 0;
UPDATE rooms SET people = (SELECT count(*) FROM members m JOIN users u ON u.id = m.user_id AND u.is_bot = 0 WHERE m.room = rooms.number);
