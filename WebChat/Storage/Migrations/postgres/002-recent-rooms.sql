CREATE INDEX rooms_last ON rooms (last_at);
