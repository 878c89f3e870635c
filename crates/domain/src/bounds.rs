//! Every limit on what comes in and what is kept in flight, with the unit in its name.

/// Merchant-supplied ids: order ids, idempotency keys, transaction ids.
pub const ID_CHARS_MAX: usize = 255;
/// Any other text of a request.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// `orderItems` of one request.
pub const ORDER_ITEMS_MAX: usize = 500;
/// `additionalFields` of one request.
pub const ADDITIONAL_FIELDS_MAX: usize = 100;
/// `attempts` of one request.
pub const PRIOR_ATTEMPTS_MAX: usize = 100;
/// `deviceDetails` of one request.
pub const DEVICE_DETAILS_BYTES_MAX: usize = 8 * 1024;
/// Records in one `/transmit` array.
pub const TRANSMIT_RECORDS_MAX: usize = 2_000;
/// A request body.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// A `/transmit` body that is an array.
pub const BATCH_BODY_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Nesting of a JSON body.
pub const JSON_DEPTH_MAX: usize = 32;
/// A transaction's amount, minor units.
pub const AMOUNT_MINOR_MAX: i64 = 99_999_999_999;
/// Smallest amount of the sandbox's magic tables, minor units.
pub const MAGIC_AMOUNT_MINOR_MIN: i64 = 11;
/// Largest amount of the sandbox's magic tables, minor units.
pub const MAGIC_AMOUNT_MINOR_MAX: i64 = 19_999;
/// How far ahead a rescue may end.
pub const RESCUE_DAYS_MAX: u64 = 60;
/// Rows of one page of a list.
pub const PAGE_ROWS_MAX: u32 = 200;
/// Rows of one page when the caller names no size.
pub const PAGE_ROWS_DEFAULT: u32 = 10;
/// Attempts that an order object shows.
pub const ATTEMPTS_SHOWN_MAX: usize = 50;
/// Ledger rows read for one decision; more than any network's window admits.
pub const LEDGER_ROWS_MAX: usize = 500;
/// One advance of the test clock.
pub const CLOCK_ADVANCE_DAYS_MAX: u64 = 90;
/// Retries of one decision whose commit met a newer state.
pub const CONFLICT_RETRIES_MAX: usize = 16;
/// A CVV in the vault, when no issuer answered.
pub const CVV_LIFE_MINUTES: u64 = 15;
/// An idempotency record.
pub const IDEMPOTENCY_LIFE_HOURS: u64 = 24;
/// A webhook endpoint's URL.
pub const WEBHOOK_URL_CHARS_MAX: usize = 2_000;
/// Webhook endpoints of one merchant, or one partner, and environment.
pub const WEBHOOKS_PER_OWNER_MAX: usize = 20;
/// Documents of one application.
pub const DOCUMENTS_PER_APPLICATION_MAX: usize = 20;
/// One document, bytes.
pub const DOCUMENT_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Documents being uploaded at once; more answer 503.
pub const UPLOADS_AT_ONCE_MAX: usize = 16;
/// One part of a document as it is kept, bytes.
pub const DOCUMENT_PART_BYTES: usize = 256 * 1024;
/// A document's file name.
pub const FILE_NAME_CHARS_MAX: usize = 255;
/// `Urls` of one application.
pub const APPLICATION_URLS_MAX: usize = 50;
/// Life of a challenge, minutes.
pub const CHALLENGE_TTL_MINUTES_MAX: i64 = 1_440;
/// Shortest time for a real-time answer, milliseconds.
pub const REALTIME_BUDGET_MS_MIN: i64 = 500;
/// Longest time for a real-time answer, milliseconds.
pub const REALTIME_BUDGET_MS_MAX: i64 = 25_000;
/// Shortest capture window, seconds.
pub const CAPTURE_WINDOW_SECS_MIN: u32 = 5 * 60;
/// Longest capture window, seconds.
pub const CAPTURE_WINDOW_SECS_MAX: u32 = 7 * 86_400;
/// Addresses, descriptors or browser origins of one site, each.
pub const SITE_NAMES_MAX: usize = 100;
/// A statement descriptor.
pub const DESCRIPTOR_CHARS_MAX: usize = 255;
/// Sites that a merchant object shows; all are in the list of sites.
pub const SITES_SHOWN_MAX: usize = 100;
/// Merchants of one portal user.
pub const USER_MERCHANTS_MAX: usize = 200;
/// Live keys of one merchant, in both environments.
pub const KEYS_PER_MERCHANT_MAX: usize = 200;
/// Scopes of one key.
pub const SCOPES_MAX: usize = 50;
/// One scope's name.
pub const SCOPE_CHARS_MAX: usize = 64;
/// Sites of one merchant.
pub const SITES_PER_MERCHANT_MAX: usize = 1_000;
/// Change sets waiting for the writer; more answers 503.
pub const WRITE_QUEUE_MAX: usize = 8_192;
/// Blocklist entries of one merchant and environment.
pub const BLOCKS_PER_MERCHANT_MAX: u32 = 100_000;
/// Blocklist entries of a merchant that are kept in memory; with more, each lookup reads the store.
pub const BLOCKS_CACHED_MAX: u32 = 256;
