-- Visits to shop pages, as their script tells them: counts and keyed hashes. Read for a few days, then purged by age.
CREATE TABLE sense_sessions (
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    device BLOB,
    email BLOB,
    body TEXT NOT NULL,
    PRIMARY KEY (mid, environment, id)
) WITHOUT ROWID;
CREATE INDEX sense_sessions_by_age ON sense_sessions (seen_at);
CREATE INDEX sense_sessions_by_device ON sense_sessions (mid, environment, device, seen_at);
