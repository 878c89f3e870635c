-- What reports read of many rows at once, beside bodies that take longer to read than all of it. No further index: every
-- write would pay for it.
ALTER TABLE orders ADD COLUMN completed_at INTEGER;
ALTER TABLE orders ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN descriptor TEXT;
ALTER TABLE orders ADD COLUMN matched_by TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN issuer_country TEXT;
UPDATE orders
   SET completed_at = json_extract(body, '$.completedAt'),
       class = coalesce(json_extract(body, '$.originalClass'), json_extract(body, '$.class')),
       descriptor = json_extract(body, '$.descriptor'),
       matched_by = json_extract(body, '$.matchedBy'),
       issuer_country = json_extract(body, '$.credentials[0].issuerCountry');

-- The result is the verdict, or released, or unknown; the latency that of answers to the request itself; what stands is
-- what was approved and is not given back.
ALTER TABLE attempts ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN processor_name TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN descriptor TEXT;
ALTER TABLE attempts ADD COLUMN result TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE attempts ADD COLUMN latency_ms INTEGER;
ALTER TABLE attempts ADD COLUMN standing INTEGER;
UPDATE attempts
   SET made_at = json_extract(body, '$.at'),
       processor_name = json_extract(body, '$.processorName'),
       descriptor = json_extract(body, '$.descriptor'),
       result = CASE json_extract(body, '$.progress.step')
           WHEN 'answered' THEN json_extract(body, '$.progress.verdict')
           WHEN 'released' THEN 'released'
           ELSE 'unknown' END,
       latency_ms = CASE WHEN json_extract(body, '$.progress.lookedUp') IS NULL
           THEN json_extract(body, '$.progress.latencyMs') END,
       standing = CASE WHEN json_extract(body, '$.progress.verdict') IN ('approved', 'partial')
           AND json_extract(body, '$.reversal.askedAt') IS NULL THEN json_extract(body, '$.progress.approvedMinor') END;

-- Refunds are rare, and are found by the merchant and the moment they were settled.
CREATE INDEX refunds_by_merchant ON refunds (
    json_extract(body, '$.mid'),
    json_extract(body, '$.environment'),
    json_extract(body, '$.settledAt')
);
