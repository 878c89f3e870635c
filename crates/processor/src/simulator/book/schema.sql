-- One row per attempt. Card numbers and CVVs are never written: `card` is a keyed hash.
CREATE TABLE IF NOT EXISTS attempt (
  id                 BLOB    NOT NULL PRIMARY KEY,
  order_id           BLOB    NOT NULL,
  mid                BLOB    NOT NULL,
  card               BLOB    NOT NULL,
  credential_version INTEGER NOT NULL,
  at                 INTEGER NOT NULL,           -- engine's clock (virtual), microseconds since 1970
  amount             INTEGER NOT NULL,           -- asked for, minor units
  currency           TEXT    NOT NULL,
  capture            INTEGER NOT NULL,           -- asked to collect at once
  is_mit             INTEGER NOT NULL,
  approved           INTEGER NOT NULL,           -- the truth, whatever the caller was told
  code               TEXT    NOT NULL,
  advice             TEXT,
  avs                TEXT,
  cvv                TEXT,                       -- check result, not the value
  approved_amount    INTEGER NOT NULL,           -- minor units, 0 when declined
  updated_expiry     INTEGER,                    -- year * 100 + month
  step_up            INTEGER NOT NULL,
  telling            INTEGER NOT NULL,           -- 0 plain, 1 lost, 2 unseen, 3 blind, 4 duplicate, 5 tombstone
  refuses            INTEGER NOT NULL,           -- 0 nothing, 1 capture, 2 refund
  sends              INTEGER NOT NULL,
  captured           INTEGER NOT NULL DEFAULT 0, -- minor units
  voided             INTEGER NOT NULL DEFAULT 0,
  refunded           INTEGER NOT NULL DEFAULT 0, -- minor units
  breach             TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attempt_by_order ON attempt (order_id);
CREATE INDEX IF NOT EXISTS attempt_by_card ON attempt (card, at);

CREATE TABLE IF NOT EXISTS refund (
  id       BLOB    NOT NULL PRIMARY KEY,
  attempt  BLOB    NOT NULL,
  amount   INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  code     TEXT
) WITHOUT ROWID;

-- Cards that were declined, by token: an updater is asked by token alone.
CREATE TABLE IF NOT EXISTS credential (
  token    BLOB    NOT NULL PRIMARY KEY,         -- keyed hash
  card     BLOB    NOT NULL,
  bin      TEXT    NOT NULL,
  last4    TEXT    NOT NULL,
  scenario INTEGER,                              -- CCCC * 1000 + NNN of a card of the tables
  version  INTEGER NOT NULL
) WITHOUT ROWID;

-- Every other call, in the order of arrival.
CREATE TABLE IF NOT EXISTS call (
  seq     INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  kind    TEXT    NOT NULL,                      -- inquire, capture, void, refund, update
  attempt BLOB,
  amount  INTEGER,
  result  TEXT    NOT NULL
);
