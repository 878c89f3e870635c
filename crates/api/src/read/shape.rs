//! The objects that `/evaluate` and `/transmit` share, as the document has them: beside the readers, member for member.

use domain::bounds::{
    ADDITIONAL_FIELDS_MAX, AMOUNT_MINOR_MAX, ID_CHARS_MAX, ORDER_ITEMS_MAX, PRIOR_ATTEMPTS_MAX, TEXT_CHARS_MAX,
};
use serde_json::json;

use super::Amounts;
use crate::json::shape::{Shape, any, boolean, currency, date_time, guid, integer, list, map, object, text, word};

const fn free() -> Shape {
    text(TEXT_CHARS_MAX)
}

/// `idempotencyKey`.
pub fn key() -> Shape {
    text(ID_CHARS_MAX).about("Makes repeats harmless for 24 hours. A GUID is advised; the header `Idempotency-Key` is equivalent")
}

/// `mid`.
pub fn mid() -> Shape {
    guid().about("The merchant. Default: the key's own; required for partner keys")
}

/// `orderId` of the merchant.
pub fn order_id() -> Shape {
    text(ID_CHARS_MAX).about("The merchant's order id, identical in every repeat").example("INV-1001")
}

/// What `/evaluate` (`Due`) and `/transmit` (`Any`) add around a payment; the caller adds its own members before.
pub fn payment(shape: Shape, amounts: Amounts) -> Shape {
    payment_with(shape, amounts, method(amounts))
}

/// The same with another form of `paymentMethod`.
pub fn payment_with(shape: Shape, amounts: Amounts, method: Shape) -> Shape {
    shape
        .required("transaction", transaction(amounts))
        .optional("isMIT", boolean().about("Merchant-initiated: the customer is not present").default(json!(false)))
        .optional("isRecurring", boolean().about("Part of a series").default(json!(false)))
        .optional(
            "orderSource",
            free().about(
                "`ecommerce` (default), `callcenter`, `installment`, `subscription`, `other`; other text is kept as it is",
            ),
        )
        .optional("siteId", guid().about("Site of this merchant; else `siteUrl`, descriptor, default site decide"))
        .optional("siteUrl", free().about("Where the sale was made"))
        .optional("payer", payer())
        .optional("paymentMethod", method)
        .optional("billingInformation", address("BillingInformation", "Billing address."))
        .optional("shippingInformation", address("ShippingInformation", "Shipping address."))
        .optional("orderItems", list(item(), ORDER_ITEMS_MAX).about("What was sold"))
        .optional("subscription", subscription())
        .optional("merchant", acceptor())
        .optional("threeDSecure", three_d_secure())
        .optional("deviceDetails", map(any()).about("Free object of at most 8 KiB"))
        .optional("additionalFields", list(field(), ADDITIONAL_FIELDS_MAX).about("The merchant's own fields"))
        .optional("customerIp", text(ID_CHARS_MAX).forgiving().about("The customer's address; ignored when unusable"))
        .optional("senseKey", text(ID_CHARS_MAX).forgiving().about("Key of the browser script; ignored when unusable"))
        .optional("correlationId", text(ID_CHARS_MAX).forgiving().about("Kept with the order; ignored when unusable"))
}

/// `transaction`.
pub fn transaction(amounts: Amounts) -> Shape {
    let (name, about, least) = match amounts {
        Amounts::Due => ("DeclinedTransaction", "The declined transaction.", 1),
        Amounts::Any => ("TransmittedTransaction", "The transaction.", 0),
    };
    let answer = |shape: Shape, name: &'static str, about: &'static str| match amounts {
        Amounts::Due => shape.required(name, free().about(about)),
        Amounts::Any => shape.optional(name, free().about(about)),
    };
    let mut shape = object(name, about)
        .required("id", text(ID_CHARS_MAX).about("The merchant's or processor's transaction id"))
        .required("amount", integer().at_least(least).at_most(AMOUNT_MINOR_MAX).about("Cents").example(1999))
        .required("currency", currency().about("ISO 4217, any case").example("USD"));
    for (name, about) in [
        ("responseCode", "The issuer's or processor's answer, such as `51`"),
        (
            "responseCodeSource",
            "Whose code it is: `nmi stripe braintree adyen authorizenet checkout cybersource worldpay`, or free text",
        ),
        ("avsResultCode", "Address check; `NA` when unknown"),
        ("cvvResultCode", "CVV check; `NA` when unknown"),
        ("cavvResultCode", "3-D Secure check; `NA` when unknown"),
    ] {
        shape = answer(shape, name, about);
    }
    for (name, about) in [
        ("transactionType", "The processor's word"),
        ("responseDescription", "The answer in words"),
        ("responseStatus", "`Approved Declined Voided Refunded Chargeback`, for copies"),
        ("responseSubStatus", "Processor's detail"),
        ("processorName", "Who processed it"),
        ("dynamicDescriptor", "What the cardholder's statement shows; alias `descriptor`"),
        ("merchantAdviceCode", "Mastercard's advice code; outranks `responseCode`"),
        ("networkResponseCode", "ISO 8583 field 39; outranks `responseCode`"),
        ("network", "Card network"),
        ("networkTransactionId", "Links later payments to the first one"),
    ] {
        shape = shape.optional(name, free().about(about));
    }
    shape
        .optional("timestampUtc", any().about("When it was made: a date-time; unreadable counts as absent, alias `timestamp`"))
        .optional("timezoneUtcOffset", any().about("The customer's offset: hours, minutes, or text such as `+02:00`"))
        .optional("cardNotPresent", boolean())
}

fn payer() -> Shape {
    object("Payer", "The paying customer.")
        .optional("id", text(ID_CHARS_MAX).about("The merchant's id of the customer"))
        .optional("email", free().about("Any text, `NA` included"))
        .optional("phone", free().about("Any text"))
        .optional("birthdate", free().about("`YYYY-MM-DD`"))
}

/// An address under a name of its own in the document.
pub fn address(name: &'static str, about: &'static str) -> Shape {
    ["firstName", "lastName", "phone", "addressLine1", "addressLine2", "city", "state", "zipcode"]
        .into_iter()
        .fold(object(name, about), |shape, member| shape.optional(member, free()))
        .optional("country", free().about("Name or ISO 3166 alpha-2"))
        .optional("countryCode", free().about("ISO 3166 alpha-2"))
}

fn method(amounts: Amounts) -> Shape {
    let shape = match amounts {
        Amounts::Due => object("PaymentMethod", "A vaulted card by token, a card number, or what is known of the card.")
            .optional("cardNumber", text(64).about("Vault token (GUID) or card number (12–19 digits); the form decides"))
            .optional("Token", boolean().about("Tolerated; the form of `cardNumber` decides"))
            .optional("verificationValue", text(16).forgiving().about("CVV, 3–4 digits; kept until the first issuer answer")),
        Amounts::Any => object("TransmittedMethod", "What is known of the card.")
            .optional("cardNumber", any().about("A vault token is linked; a card number is dropped unread")),
    };
    known_method(shape)
}

/// What may be told of a card beside its number, added to the caller's own members.
pub fn known_method(shape: Shape) -> Shape {
    let shape = shape
        .optional("expirationMonth", integer().at_least(1).at_most(12))
        .optional("expirationYear", integer().about("Two or four digits; the past is fine"));
    ["holderName", "cardType", "cardBrand", "cardCountry", "cardIssuer", "cardLevel", "cardFingerprint"]
        .into_iter()
        .fold(shape, |shape, member| shape.optional(member, free()))
        .optional("cardBinNumber", free().about("First digits; no more than eight are kept"))
        .optional("cardLast4Digits", free())
}

fn item() -> Shape {
    object("OrderItemRequest", "One order line.")
        .optional("sku", free())
        .optional("name", free())
        .optional("description", free())
        .optional("amount", integer().about("Cents"))
        .optional("discountAmount", integer().about("Cents"))
        .optional("tax", integer().about("Cents"))
        .optional("discountType", free())
        .optional("quantity", integer())
}

fn subscription() -> Shape {
    ["interval", "price", "currency", "paymentNumber", "totalPayments"].into_iter().fold(
        object("SubscriptionRequest", "The subscription that a rebill belongs to; all members are text.")
            .optional("subscriptionId", text(ID_CHARS_MAX)),
        |shape, member| shape.optional(member, free()),
    )
}

fn acceptor() -> Shape {
    ["name", "id", "mcc", "country"]
        .into_iter()
        .fold(object("Acceptor", "Information only: never selects the merchant."), |shape, member| shape.optional(member, free()))
}

fn three_d_secure() -> Shape {
    [
        "threeDsVersion",
        "ecommerceIndicator",
        "authenticationValue",
        "directoryServerTransactionId",
        "xid",
        "authenticationValueAlgorithm",
        "directoryResponseStatus",
        "authenticationResponseStatus",
        "enrolled",
    ]
    .into_iter()
    .fold(
        object("ThreeDSecure", "3-D Secure data; for a rebill those of the first, customer-present transaction."),
        |shape, member| shape.optional(member, free()),
    )
}

fn field() -> Shape {
    object("AdditionalFieldRequest", "A field of the merchant's own; without a key it is dropped.")
        .optional("key", free())
        .optional("value", free())
}

/// `attempts`.
pub fn prior_attempts() -> Shape {
    let attempt = object("PriorAttempt", "An attempt that was made outside Recoup; it counts for the networks' limits.")
        .required("timestampUtc", date_time().about("When it was made"))
        .optional("transactionId", text(ID_CHARS_MAX))
        .optional("amount", integer().about("Cents; default: the payment's"))
        .optional("currency", currency())
        .optional("responseCode", free())
        .optional("responseCodeSource", free())
        .optional("merchantAdviceCode", free())
        .optional("networkResponseCode", free())
        .optional("approved", boolean())
        .optional("initiator", word(&["CIT", "MIT"]));
    list(attempt, PRIOR_ATTEMPTS_MAX).about("What was tried before this decline")
}
