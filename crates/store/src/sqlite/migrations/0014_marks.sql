-- When an integration first and last did what it must be able to do; the certification checklist and the health of merchants read it.
CREATE TABLE marks (
    mid BLOB NOT NULL,
    environment INTEGER NOT NULL,
    mark TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (mid, environment, mark)
) WITHOUT ROWID;

-- What was done before marks were kept.
INSERT INTO marks (mid, environment, mark, first_at, last_at)
SELECT mid, environment, CASE WHEN channel = 'mit' THEN 'evaluate_mit' ELSE 'evaluate_cit' END AS mark, min(placed_at), max(placed_at)
FROM orders GROUP BY mid, environment, mark;
INSERT INTO marks (mid, environment, mark, first_at, last_at)
SELECT mid, environment, 'transmit', min(json_extract(body, '$.receivedAt')), max(json_extract(body, '$.receivedAt'))
FROM transmits GROUP BY mid, environment;

-- Orders whose result is unknown, or that need the operator. Few are, so that the index costs no other order anything.
CREATE INDEX orders_unsettled ON orders (environment, updated_at) WHERE code IN ('RECONCILING', 'FAULTED');
