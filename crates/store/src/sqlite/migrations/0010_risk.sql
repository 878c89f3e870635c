-- Risk profiles. They are made from what is stored elsewhere, in the order in which it was committed; the cursor says how far.
CREATE TABLE risk_profiles (
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    subject BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (mid, environment, kind, subject)
) WITHOUT ROWID;

CREATE TABLE risk_cursor (
    id INTEGER PRIMARY KEY,
    transmits INTEGER NOT NULL,
    changes INTEGER NOT NULL
);
INSERT INTO risk_cursor (id, transmits, changes) VALUES (1, 0, 0);

-- What changes profiles and is no new transaction; folded after the transactions that were there.
CREATE TABLE risk_changes (
    seq INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    subject BLOB NOT NULL,
    after_transmit INTEGER NOT NULL
);
