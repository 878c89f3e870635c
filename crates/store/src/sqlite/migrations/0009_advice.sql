-- Advice: payments that their merchants collect by themselves. An order id has one open advice at most.

CREATE TABLE advices (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    code TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    fingerprint TEXT,
    payer_id TEXT,
    body TEXT NOT NULL
);
CREATE INDEX advices_by_external ON advices (mid, environment, external_id);
CREATE UNIQUE INDEX advices_open ON advices (mid, environment, external_id) WHERE is_open = 1;
CREATE INDEX advices_open_on_card ON advices (mid, environment, fingerprint, id) WHERE is_open = 1 AND fingerprint IS NOT NULL;
CREATE INDEX advices_open_of_payer ON advices (mid, environment, payer_id, id) WHERE is_open = 1 AND payer_id IS NOT NULL;
