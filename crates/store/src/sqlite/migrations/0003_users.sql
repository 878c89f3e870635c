-- portal users and their sessions, what the mail room sends, and which key a token came from.

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    version INTEGER NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    house TEXT NOT NULL,
    partner BLOB,
    is_blocked INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX users_by_email ON users (email);
CREATE INDEX users_by_partner ON users (partner) WHERE partner IS NOT NULL;

CREATE TABLE user_merchants (
    mid BLOB NOT NULL,
    user_id BLOB NOT NULL,
    PRIMARY KEY (mid, user_id)
) WITHOUT ROWID;
CREATE INDEX user_merchants_by_user ON user_merchants (user_id);

-- What changes with every login, apart from the user's own row.
CREATE TABLE user_marks (
    user_id BLOB PRIMARY KEY,
    last_login_at INTEGER,
    code_step INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE sessions (
    hash BLOB PRIMARY KEY,
    family BLOB NOT NULL,
    user_id BLOB NOT NULL,
    environment INTEGER NOT NULL,
    stage TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX sessions_by_family ON sessions (family);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Failures are counted under a keyed hash of the address, for addresses that nobody has too.
CREATE TABLE failures (
    subject BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX failures_by_age ON failures (at);

CREATE TABLE tickets (
    hash BLOB PRIMARY KEY,
    user_id BLOB NOT NULL,
    purpose TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX tickets_by_user ON tickets (user_id);
CREATE INDEX tickets_by_end ON tickets (expires_at);

CREATE TABLE mails (
    id BLOB PRIMARY KEY,
    due INTEGER NOT NULL,
    lease BLOB,
    lease_until INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX mails_by_due ON mails (due);

CREATE TABLE key_uses (key_id BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;

ALTER TABLE refreshes ADD COLUMN key_id BLOB;
CREATE INDEX refreshes_by_key ON refreshes (key_id) WHERE key_id IS NOT NULL;
