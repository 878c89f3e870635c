-- processor notifications.
-- One row for each notification of a processor account: a repeat is found by its id, a contradiction is kept.
CREATE TABLE notifications (
    seq INTEGER PRIMARY KEY,
    processor BLOB NOT NULL,
    id TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX notifications_by_id ON notifications (processor, id);

-- Attempts whose result, or whose reversal, the account still owes. Attempts on the simulator have no account.
ALTER TABLE attempts ADD COLUMN processor BLOB;
ALTER TABLE attempts ADD COLUMN is_unsettled INTEGER NOT NULL DEFAULT 0;
UPDATE attempts
   SET processor = unhex(replace(json_extract(body, '$.processor'), '-', '')),
       is_unsettled = json_extract(body, '$.progress.step') IN ('reserved', 'unknown')
           OR (json_extract(body, '$.reversal.askedAt') IS NOT NULL AND json_extract(body, '$.reversal.doneAt') IS NULL)
 WHERE json_extract(body, '$.processor') IS NOT NULL;
CREATE INDEX attempts_unsettled ON attempts (processor) WHERE is_unsettled = 1 AND processor IS NOT NULL;

-- A sandbox is cleared without production's answers. Older records count as production's and live for a day.
ALTER TABLE idempotency ADD COLUMN environment INTEGER NOT NULL DEFAULT 1;
