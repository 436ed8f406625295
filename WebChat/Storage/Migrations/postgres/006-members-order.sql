-- The members of a room as their page shows them: a page is a piece of this, and nothing is sorted for it.
CREATE INDEX members_order ON members (room, role DESC, joined_at, user_id);
