-- The decision log and learnt models.

-- Every member is a column: nothing is written out twice, and estimates are read without the cases. `snapshot` is the case that
-- was decided on, as JSON. Rows of one order are one range, rows of one merchant another; `seq` is the cursor of both. An id
-- begins with the real time of its making, which is what a row's age is told by.
CREATE TABLE decisions (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    decided_at INTEGER NOT NULL,
    attempt_number INTEGER NOT NULL,
    action TEXT NOT NULL,
    chosen_at INTEGER,
    class TEXT NOT NULL,
    probability REAL NOT NULL,
    propensity REAL NOT NULL,
    arm TEXT NOT NULL,
    model_version TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    seed INTEGER NOT NULL,
    snapshot TEXT NOT NULL
);
CREATE INDEX decisions_by_order ON decisions (order_id);
CREATE INDEX decisions_by_merchant ON decisions (mid, environment);

-- `body` is the record as JSON without the model, which is `model`, in its own format. One model of a kind is in use.
CREATE TABLE models (
    kind TEXT NOT NULL,
    version TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    model BLOB NOT NULL,
    PRIMARY KEY (kind, version)
);
CREATE UNIQUE INDEX models_in_use ON models (kind) WHERE state = 'live';
