//! The whole payment.

use domain::{
    bounds::{ID_CHARS_MAX, TEXT_CHARS_MAX},
    id::SiteId,
    payment::{Method, Payment},
};

use super::{
    Amounts, extras,
    people::{address, payer},
    transaction::transaction,
};
use crate::json::Reader;

/// Reads a payment around its (already read) payment method.
pub fn payment(reader: &mut Reader<'_, '_>, amounts: Amounts, method: Method) -> Payment {
    Payment {
        order_id: order_id(reader),
        site_id: reader.parsed("siteId", SiteId::parse),
        site_url: reader.text("siteUrl", TEXT_CHARS_MAX),
        order_source: reader.text("orderSource", TEXT_CHARS_MAX),
        is_mit: reader.boolean("isMIT").unwrap_or(false),
        is_recurring: reader.boolean("isRecurring").unwrap_or(false),
        transaction: transaction(reader, amounts),
        payer: payer(reader),
        method,
        billing: address(reader, "billingInformation", "BillingInformation"),
        shipping: address(reader, "shippingInformation", "ShippingInformation"),
        items: extras::items(reader),
        subscription: extras::subscription(reader),
        acceptor: extras::acceptor(reader),
        three_d_secure: extras::three_d_secure(reader),
        device: extras::device(reader),
        additional_fields: extras::additional_fields(reader),
        sense_key: reader.usable("senseKey", ID_CHARS_MAX),
        customer_ip: reader.usable("customerIp", ID_CHARS_MAX),
        correlation_id: reader.usable("correlationId", ID_CHARS_MAX),
    }
}

fn order_id(reader: &mut Reader<'_, '_>) -> String {
    if reader.get("orderId").is_none_or(crate::json::Node::is_blank) {
        reader.faults().add("OrderId", "Merchant's orderId is required");
        return String::new();
    }
    reader.required_text("orderId", ID_CHARS_MAX).unwrap_or_default()
}
