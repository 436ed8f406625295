-- What lets somebody in without a password: the public half of a key that their device keeps (https://www.w3.org/TR/webauthn-3).
CREATE TABLE passkeys (
    id          TEXT    PRIMARY KEY,                    -- the credential's id, in base64url
    user_id     BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    public_key  BYTEA   NOT NULL,
    sign_count  BIGINT  NOT NULL,                       -- as the device last counted; 0 where it does not
    transports  TEXT    NOT NULL,                       -- how the device is reached, with commas between
    is_verified INTEGER NOT NULL,
    is_portable INTEGER NOT NULL,                       -- may be copied to other devices of its owner
    is_copied   INTEGER NOT NULL,                       -- and is
    attestation BYTEA   NOT NULL,
    client_data BYTEA   NOT NULL,
    created_at  BIGINT  NOT NULL,
    used_at     BIGINT  NULL
);
CREATE INDEX passkeys_user ON passkeys (user_id);
