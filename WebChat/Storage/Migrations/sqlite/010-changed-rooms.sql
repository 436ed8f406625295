-- When a room's last message was last written anew or taken back: what lists show of it is checked by this.
ALTER TABLE rooms ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX rooms_changed ON rooms (changed_at);
