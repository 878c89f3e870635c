-- Applications and their documents; events, endpoints and deliveries of partners.

-- The column `mid` of events, endpoints and deliveries holds the owner's id: a merchant's, or a partner's.
ALTER TABLE events ADD COLUMN of_partner INTEGER NOT NULL DEFAULT 0;

CREATE TABLE applications (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    environment INTEGER NOT NULL,
    partner BLOB,
    status TEXT NOT NULL,
    dba TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX applications_by_partner ON applications (partner, environment, created_at);
CREATE INDEX applications_by_creation ON applications (environment, created_at);

-- Uploads that have begun and are not finished. A document is there once its application names it.
CREATE TABLE uploads (document BLOB PRIMARY KEY, started_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX uploads_by_start ON uploads (started_at);

CREATE TABLE document_parts (
    seq INTEGER PRIMARY KEY,
    document BLOB NOT NULL,
    number INTEGER NOT NULL,
    sealed BLOB NOT NULL
);
CREATE UNIQUE INDEX document_parts_in_order ON document_parts (document, number);
