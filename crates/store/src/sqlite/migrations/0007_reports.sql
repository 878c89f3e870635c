-- What reports read. Orders, attempts and the ledger get no further column and no further index: reports read what is
-- there. Refunds are rare, and are found by the merchant and the moment they were settled.
CREATE INDEX refunds_by_merchant ON refunds (
    json_extract(body, '$.mid'),
    json_extract(body, '$.environment'),
    json_extract(body, '$.settledAt')
);
