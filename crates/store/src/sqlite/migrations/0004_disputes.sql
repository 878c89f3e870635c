-- Chargebacks and the blocklist, and what both are looked up by.

CREATE TABLE chargebacks (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    order_id BLOB,
    reference TEXT NOT NULL,
    stage TEXT NOT NULL,
    amount INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX chargebacks_by_reference ON chargebacks (reference, environment, mid);
CREATE INDEX chargebacks_by_order ON chargebacks (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX chargebacks_by_merchant ON chargebacks (mid, environment, received_at);

CREATE TABLE blocks (
    id BLOB PRIMARY KEY,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    kind TEXT NOT NULL,
    lookup TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX blocks_by_lookup ON blocks (mid, environment, lookup);
CREATE INDEX blocks_by_merchant ON blocks (mid, environment, created_at);

-- What a dispute names an approved attempt by. Declined attempts have neither, so most attempts touch neither index.
ALTER TABLE attempts ADD COLUMN network_reference TEXT;
ALTER TABLE attempts ADD COLUMN processor_reference TEXT;
UPDATE attempts
   SET network_reference = json_extract(body, '$.progress.networkTransactionId'),
       processor_reference = json_extract(body, '$.progress.processorReference')
 WHERE json_extract(body, '$.progress.verdict') IN ('approved', 'partial');
CREATE INDEX attempts_by_network_reference ON attempts (network_reference) WHERE network_reference IS NOT NULL;
CREATE INDEX attempts_by_processor_reference ON attempts (processor_reference) WHERE processor_reference IS NOT NULL;

-- The card in use, to find what is open on it. The index holds open orders only and stays small.
ALTER TABLE orders ADD COLUMN fingerprint TEXT;
UPDATE orders SET fingerprint = json_extract(body, '$.credentials[#-1].fingerprint') WHERE is_open = 1 AND has_credential = 1;
CREATE INDEX orders_open_on_card ON orders (fingerprint) WHERE is_open = 1 AND fingerprint IS NOT NULL;
