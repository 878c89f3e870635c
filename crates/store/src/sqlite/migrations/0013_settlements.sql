-- Movements of money, written with the change that moved it. One without a settlement waits to be booked.
CREATE TABLE settlement_items (
    seq INTEGER PRIMARY KEY,
    source BLOB NOT NULL,
    kind TEXT NOT NULL,
    part INTEGER NOT NULL,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    currency TEXT NOT NULL,
    settlement BLOB,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX settlement_items_by_identity ON settlement_items (source, kind, part);
CREATE INDEX settlement_items_waiting ON settlement_items (mid, environment, currency, seq) WHERE settlement IS NULL;
CREATE INDEX settlement_items_booked ON settlement_items (settlement, seq) WHERE settlement IS NOT NULL;
CREATE INDEX settlement_items_of_sandboxes ON settlement_items (mid) WHERE environment = 0;

CREATE TABLE settlements (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    period_from INTEGER NOT NULL,
    period_to INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX settlements_open ON settlements (mid, environment, currency) WHERE state = 'OPEN';
CREATE INDEX settlements_by_merchant ON settlements (mid, environment, period_from);

CREATE TABLE payouts (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    settlement BLOB NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX payouts_by_settlement ON payouts (settlement);
CREATE INDEX payouts_by_merchant ON payouts (mid, environment, created_at);
