-- Environments are 0 (sandbox) and 1 (production); ids are 16 bytes; times are microseconds UTC; money is minor units.
-- `body` is the whole value as JSON; the columns beside it are what is filtered, joined or checked.

CREATE TABLE registry (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL
);
INSERT INTO registry (one, version) VALUES (1, 1);

CREATE TABLE partners (id BLOB PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE merchants (id BLOB PRIMARY KEY, partner BLOB, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX merchants_by_partner ON merchants (partner) WHERE partner IS NOT NULL;

CREATE TABLE sites (id BLOB PRIMARY KEY, mid BLOB NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX sites_by_merchant ON sites (mid);

CREATE TABLE clients (id BLOB PRIMARY KEY, mid BLOB, partner BLOB, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX clients_by_merchant ON clients (mid) WHERE mid IS NOT NULL;
CREATE INDEX clients_by_partner ON clients (partner) WHERE partner IS NOT NULL;

CREATE TABLE keys (
    id BLOB PRIMARY KEY,
    client BLOB,
    mid BLOB,
    kind TEXT NOT NULL,
    check_text TEXT NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX keys_by_client ON keys (client) WHERE client IS NOT NULL;
CREATE INDEX keys_by_merchant ON keys (mid) WHERE mid IS NOT NULL;
CREATE UNIQUE INDEX keys_by_check ON keys (kind, check_text);

CREATE TABLE refreshes (
    hash BLOB PRIMARY KEY,
    family BLOB NOT NULL,
    client BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    spent INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX refreshes_by_family ON refreshes (family);
CREATE INDEX refreshes_by_client ON refreshes (client);

CREATE TABLE endpoints (
    id BLOB PRIMARY KEY,
    version INTEGER NOT NULL,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    is_enabled INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX endpoints_by_merchant ON endpoints (mid, environment);

CREATE TABLE accounts (id BLOB PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;

-- The general table of routes has the empty mid.
CREATE TABLE routes (
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (mid, environment)
) WITHOUT ROWID;

CREATE TABLE clocks (
    mid BLOB PRIMARY KEY,
    lane INTEGER NOT NULL UNIQUE CHECK (lane > 0),
    offset_us INTEGER NOT NULL,
    frozen_at INTEGER
) WITHOUT ROWID;

CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) WITHOUT ROWID;

CREATE TABLE orders (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    code TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    site BLOB NOT NULL,
    site_resolved INTEGER NOT NULL,
    channel TEXT NOT NULL,
    is_test INTEGER NOT NULL,
    is_chargeback INTEGER NOT NULL,
    placed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    captured INTEGER NOT NULL,
    currency TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    has_credential INTEGER NOT NULL,
    payer_id TEXT,
    subscription_id TEXT,
    search TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX orders_by_external ON orders (mid, environment, external_id, is_open);
CREATE INDEX orders_by_creation ON orders (mid, environment, created_at, placed_at);
CREATE INDEX orders_by_payer ON orders (mid, environment, payer_id)
    WHERE has_credential = 1 AND payer_id IS NOT NULL;
CREATE INDEX orders_by_subscription ON orders (mid, environment, subscription_id)
    WHERE has_credential = 1 AND subscription_id IS NOT NULL;

CREATE TABLE attempts (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX attempts_by_order ON attempts (order_id, number);

CREATE TABLE refunds (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX refunds_by_order ON refunds (order_id);

CREATE TABLE ledger (
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    card BLOB NOT NULL,
    at INTEGER NOT NULL,
    id BLOB NOT NULL,
    origin TEXT NOT NULL,
    initiator TEXT NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    network TEXT NOT NULL,
    outcome TEXT NOT NULL,
    response_code TEXT,
    advice_code TEXT,
    order_id BLOB,
    PRIMARY KEY (mid, environment, card, at, id)
) WITHOUT ROWID;

CREATE TABLE transmits (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    transaction_id TEXT NOT NULL,
    transaction_type TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX transmits_by_identity ON transmits (mid, environment, transaction_id, transaction_type);

CREATE TABLE idempotency (
    seq INTEGER PRIMARY KEY,
    scope BLOB NOT NULL UNIQUE,
    mid BLOB NOT NULL,
    payload BLOB NOT NULL,
    order_id BLOB,
    created_at INTEGER NOT NULL,
    status INTEGER,
    answer TEXT
);

CREATE TABLE timers (
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    lease BLOB,
    lease_until INTEGER NOT NULL,
    PRIMARY KEY (kind, subject)
) WITHOUT ROWID;
CREATE INDEX timers_by_due ON timers (lane, due);

CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    order_id BLOB,
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    payload TEXT NOT NULL
);
CREATE INDEX events_by_merchant ON events (mid, environment);
CREATE INDEX events_by_age ON events (at);

-- Ready: pending, and no earlier pending one of the same endpoint and order.
CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    mid BLOB NOT NULL,
    endpoint BLOB NOT NULL,
    order_id BLOB,
    sequence INTEGER NOT NULL,
    is_pending INTEGER NOT NULL,
    is_ready INTEGER NOT NULL,
    due INTEGER NOT NULL,
    lease BLOB,
    lease_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint);
CREATE INDEX deliveries_ready ON deliveries (endpoint, due) WHERE is_ready = 1;
CREATE INDEX deliveries_waiting ON deliveries (endpoint, order_id, sequence)
    WHERE is_pending = 1 AND order_id IS NOT NULL;

CREATE TABLE cards (
    id BLOB PRIMARY KEY,
    version INTEGER NOT NULL,
    mid BLOB NOT NULL,
    data_key BLOB NOT NULL,
    last_used_at INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX cards_by_data_key ON cards (data_key);
CREATE INDEX cards_by_use ON cards (last_used_at);

CREATE TABLE cvvs (
    token BLOB PRIMARY KEY,
    mid BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE data_keys (
    id BLOB PRIMARY KEY,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    is_retired INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX data_keys_by_merchant ON data_keys (mid, environment);
