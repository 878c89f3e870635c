-- Sessions that are told apart by their user, and an audit trail that is found by its author and by a partner.

ALTER TABLE sessions ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
UPDATE sessions SET used_at = created_at;

ALTER TABLE audit ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN partner BLOB;
DROP TRIGGER audit_is_not_changed;
UPDATE audit SET
    author = lower(json_extract(body, '$.by.name')),
    partner = unhex(replace(json_extract(body, '$.what.partner'), '-', ''));
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit trail is only ever added to');
END;
CREATE INDEX audit_by_partner ON audit (partner) WHERE partner IS NOT NULL;
