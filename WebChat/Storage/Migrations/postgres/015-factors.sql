-- When who is signed in last showed that they know the password: at the sign-in, or when asked again.
ALTER TABLE sessions ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
UPDATE sessions SET proved_at = created_at WHERE token_name IS NULL;

-- Who is asked for a code of their app after the password.
CREATE TABLE two_step (
    user_id    BIGINT  PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret     TEXT    NOT NULL,                        -- what the app knows too, protected by the keys behind cookies
    last_step  BIGINT  NOT NULL,                        -- the time step of the last code that was taken: none is taken again
    created_at BIGINT  NOT NULL
);

-- What lets in once where the app is lost. A used one is gone.
CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL REFERENCES two_step (user_id) ON DELETE CASCADE,
    hash    TEXT   NOT NULL,                            -- SHA-256 of whose it is and the code
    PRIMARY KEY (user_id, hash)
);
