-- Versions and list columns of merchants and sites, partner grants, the audit trail.

ALTER TABLE merchants ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE merchants ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE merchants ADD COLUMN search TEXT NOT NULL DEFAULT '';
ALTER TABLE merchants ADD COLUMN is_active INTEGER NOT NULL DEFAULT 1;
ALTER TABLE merchants ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
UPDATE merchants
   SET name = lower(json_extract(body, '$.name')),
       search = lower(json_extract(body, '$.name')) || char(10) || json_extract(body, '$.id'),
       is_active = json_extract(body, '$.active'),
       created_at = json_extract(body, '$.createdAt');

ALTER TABLE sites ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE sites ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE sites ADD COLUMN is_archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
UPDATE sites
   SET name = lower(json_extract(body, '$.name')),
       is_archived = json_extract(body, '$.archived'),
       created_at = json_extract(body, '$.createdAt');

CREATE TABLE grants (
    partner BLOB NOT NULL,
    mid BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (partner, mid)
) WITHOUT ROWID;
CREATE INDEX grants_by_merchant ON grants (mid);

-- Only ever added to. The merchant's own entries have the empty site, entries of no channel the empty channel.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    mid BLOB NOT NULL,
    site BLOB NOT NULL,
    topic TEXT NOT NULL,
    channel TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX audit_by_merchant ON audit (mid, topic);
CREATE INDEX audit_by_channel ON audit (mid, site, channel);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit trail is only ever added to');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit trail is only ever added to');
END;
