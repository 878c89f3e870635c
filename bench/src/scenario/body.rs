//! The request bodies, of the size and shape that merchants send.

/// A payment as `/transmit` gets it: about one kilobyte, declined, a card told by its first and last digits.
pub const TRANSMIT: &str = r#"{"orderId":"inv-«RUN»-«N»","isDeclined":true,"isMIT":true,"isRecurring":true,"transaction":{"id":"tx-«RUN»-«N»","timestampUtc":"«NOW»","timezoneUtcOffset":-5,"transactionType":"PURCHASE","amount":1999,"currency":"USD","responseCode":"51","responseCodeSource":"nmi","responseDescription":"Insufficient funds","responseStatus":"Declined","processorName":"acquirer-1","avsResultCode":"Y","cvvResultCode":"NA","cavvResultCode":"NA","dynamicDescriptor":"ACME VIDEO","cardNotPresent":true,"network":"mastercard"},"payer":{"id":"cust-«N»","email":"jo.public@example.com","phone":"+15550100042"},"paymentMethod":{"cardBinNumber":"555555","cardLast4Digits":"«LAST4»","expirationMonth":12,"expirationYear":2031,"cardType":"CREDIT","cardBrand":"MASTERCARD","cardCountry":"US","holderName":"Jo Public"},"billingInformation":{"firstName":"Jo","lastName":"Public","country":"US","addressLine1":"1 Main Street","city":"Springfield","state":"IL","zipcode":"62701"},"subscription":{"subscriptionId":"sub-«N»","interval":"monthly","price":"19.99","currency":"USD","paymentNumber":"7"}}"#;

/// A declined rebill, about two kilobytes. Its advice code forbids an attempt for days, so that what is measured is
/// the evaluation and not the attempts of earlier ones.
pub const EVALUATE_MIT: &str = r#"{"orderId":"mit-«RUN»-«N»","idempotencyKey":"key-«RUN»-«N»","isDeclined":true,"isMIT":true,"isRecurring":true,"transactionType":"PURCHASE","orderSource":"subscription","transaction":{"id":"rebill-«RUN»-«N»","timestampUtc":"«NOW»","timezoneUtcOffset":-5,"transactionType":"PURCHASE","amount":1999,"currency":"USD","responseCode":"51","responseCodeSource":"iso8583","responseDescription":"Insufficient funds","responseStatus":"Declined","processorName":"acquirer-1","avsResultCode":"Y","cvvResultCode":"NA","cavvResultCode":"NA","merchantAdviceCode":"30","network":"mastercard",«REST»"#;

/// A declined checkout, about two kilobytes, that the simulator approves.
pub const EVALUATE_CIT: &str = r#"{"orderId":"cit-«RUN»-«N»","idempotencyKey":"key-«RUN»-«N»","isDeclined":true,"isMIT":false,"isRecurring":false,"transactionType":"PURCHASE","orderSource":"ecommerce","transaction":{"id":"sale-«RUN»-«N»","timestampUtc":"«NOW»","timezoneUtcOffset":-5,"transactionType":"PURCHASE","amount":1999,"currency":"USD","responseCode":"51","responseCodeSource":"iso8583","responseDescription":"Insufficient funds","responseStatus":"Declined","processorName":"acquirer-1","avsResultCode":"Y","cvvResultCode":"M","cavvResultCode":"NA","network":"mastercard",«REST»"#;

/// A phone number like any other.
const PHONE: &str = "+15550100042";
/// The phone number that makes the sandbox approve whatever the card (`wire-api` §14.1).
const APPROVING_PHONE: &str = "998888";

/// What both kinds of evaluation go on with.
const REST: &str = r#""networkTransactionId":"MCC1234560120","dynamicDescriptor":"ACME VIDEO","cardNotPresent":true},"payer":{"id":"cust-«N»","email":"jo.public@example.com","phone":"«PHONE»","birthdate":"1984-05-17"},"paymentMethod":{"Token":true,"cardNumber":"«POOL»","expirationMonth":12,"expirationYear":2031,"holderName":"Jo Public","cardType":"CREDIT","cardBrand":"MASTERCARD","cardCountry":"US","cardIssuer":"First Example Bank","cardLevel":"WORLD"},"billingInformation":{"firstName":"Jo","lastName":"Public","phone":"+15550100042","country":"US","countryCode":"US","addressLine1":"1 Main Street","addressLine2":"Apartment 4","city":"Springfield","state":"IL","zipcode":"62701"},"shippingInformation":{"firstName":"Jo","lastName":"Public","country":"US","countryCode":"US","addressLine1":"1 Main Street","city":"Springfield","state":"IL","zipcode":"62701"},"orderItems":[{"sku":"VID-1M","name":"Video, one month","description":"All films, two screens","amount":1799,"discountAmount":0,"tax":200,"quantity":1}],"subscription":{"subscriptionId":"sub-«N»","interval":"monthly","price":"19.99","currency":"USD","paymentNumber":"7","totalPayments":"0"},"merchant":{"name":"Acme Video","mcc":"4899","country":"US"},"additionalFields":[{"key":"plan","value":"standard"},{"key":"campaign","value":"spring-2026"}]}"#;

/// A new card.
pub const TOKENIZE: &str = r#"{"payment_method":{"credit_card":{"number":"«PAN»","first_name":"Jo","last_name":"Public","month":12,"year":2031,"verification_value":"123"},"email":"jo.public@example.com"}}"#;

/// A card for later evaluations: one that has to wait, and without a CVV, as those of subscriptions are.
pub const CARD: &str =
    r#"{"payment_method":{"credit_card":{"number":"«WAITING»","first_name":"Jo","last_name":"Public","month":12,"year":2031}}}"#;

/// The smallest body for the echo: the floor is what HTTP itself costs.
pub const SMALL: &str = r#"{"id":"«N»","amount":1999,"currency":"USD"}"#;

/// A body with this run's name and moment.
pub fn of_run(body: &str, run: &str, now: &str) -> String {
    let phone = if body == EVALUATE_CIT { APPROVING_PHONE } else { PHONE };
    body.replace("«REST»", REST).replace("«PHONE»", phone).replace("«RUN»", run).replace("«NOW»", now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::template::Template;

    #[test]
    fn bodies_are_json_of_the_promised_size() {
        let pool = std::rc::Rc::new(vec!["0b9e0000-0000-7000-8000-000000000000".to_owned()]);
        for (body, size) in [
            (TRANSMIT, 1_000..1_300),
            (EVALUATE_MIT, 1_900..2_200),
            (EVALUATE_CIT, 1_900..2_200),
            (TOKENIZE, 150..250),
            (CARD, 100..200),
            (SMALL, 30..80),
        ] {
            let text = of_run(body, "deadbeef", "2026-11-21T00:00:00.000Z");
            let mut written = Vec::new();
            Template::new(&text, &pool).write(1, &mut written);
            let read: serde_json::Value = serde_json::from_slice(&written).unwrap();
            assert!(read.is_object() && size.contains(&written.len()), "{} {read}", written.len());
            assert!(!String::from_utf8(written).unwrap().contains('«'));
        }
    }
}
