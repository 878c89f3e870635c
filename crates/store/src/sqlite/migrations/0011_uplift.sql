-- The policy that an order's arm was drawn for, and the card that it was drawn by. Both stay as the order was opened; none where
-- no arm was drawn: the customer is present, the card is of the sandbox's tables, or the order was refused at the door.
ALTER TABLE orders ADD COLUMN arm TEXT;
ALTER TABLE orders ADD COLUMN card BLOB;
