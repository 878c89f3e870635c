//! The optional objects of a payment: lines, subscription, acceptor, 3-D Secure data, device, own fields.

use domain::{
    bounds::{ADDITIONAL_FIELDS_MAX, DEVICE_DETAILS_BYTES_MAX, ID_CHARS_MAX, ORDER_ITEMS_MAX, TEXT_CHARS_MAX},
    payment::{Acceptor, Field, Item, Subscription, ThreeDSecure},
};

use crate::json::{Node, Reader, compact};

/// Reads `orderItems`.
pub fn items(reader: &mut Reader<'_, '_>) -> Vec<Item> {
    reader.list("orderItems", "OrderItems", ORDER_ITEMS_MAX, |item| {
        Some(Item {
            sku: item.text("sku", TEXT_CHARS_MAX),
            name: item.text("name", TEXT_CHARS_MAX),
            description: item.text("description", TEXT_CHARS_MAX),
            amount: item.integer("amount"),
            discount_amount: item.integer("discountAmount"),
            tax: item.integer("tax"),
            discount_type: item.text("discountType", TEXT_CHARS_MAX),
            quantity: item.integer("quantity"),
        })
    })
}

/// Reads `subscription`.
pub fn subscription(reader: &mut Reader<'_, '_>) -> Option<Subscription> {
    let mut inner = reader.object("subscription", "Subscription")?;
    let subscription_id = inner.text("subscriptionId", ID_CHARS_MAX);
    let mut text = |name: &str| inner.text(name, TEXT_CHARS_MAX);
    Some(Subscription {
        subscription_id,
        interval: text("interval"),
        price: text("price"),
        currency: text("currency"),
        payment_number: text("paymentNumber"),
        total_payments: text("totalPayments"),
    })
}

/// Reads `merchant`.
pub fn acceptor(reader: &mut Reader<'_, '_>) -> Option<Acceptor> {
    let mut inner = reader.object("merchant", "Merchant")?;
    let mut text = |name: &str| inner.text(name, TEXT_CHARS_MAX);
    Some(Acceptor { name: text("name"), id: text("id"), mcc: text("mcc"), country: text("country") })
}

/// Reads `threeDSecure`.
pub fn three_d_secure(reader: &mut Reader<'_, '_>) -> Option<ThreeDSecure> {
    let mut inner = reader.object("threeDSecure", "ThreeDSecure")?;
    let mut text = |name: &str| inner.text(name, TEXT_CHARS_MAX);
    Some(ThreeDSecure {
        three_ds_version: text("threeDsVersion"),
        ecommerce_indicator: text("ecommerceIndicator"),
        authentication_value: text("authenticationValue"),
        directory_server_transaction_id: text("directoryServerTransactionId"),
        xid: text("xid"),
        authentication_value_algorithm: text("authenticationValueAlgorithm"),
        directory_response_status: text("directoryResponseStatus"),
        authentication_response_status: text("authenticationResponseStatus"),
        enrolled: text("enrolled"),
    })
}

/// Reads `additionalFields`; entries without a key are dropped.
pub fn additional_fields(reader: &mut Reader<'_, '_>) -> Vec<Field> {
    reader.list("additionalFields", "AdditionalFields", ADDITIONAL_FIELDS_MAX, |field| {
        let key = field.text("key", TEXT_CHARS_MAX);
        let value = field.text("value", TEXT_CHARS_MAX).unwrap_or_default();
        Some(Field { key: key?, value })
    })
}

/// Reads `deviceDetails`, a free object that is kept as compact text.
pub fn device(reader: &mut Reader<'_, '_>) -> Option<String> {
    let node = reader.get("deviceDetails").filter(|node| matches!(node, Node::Object(_)))?;
    let text = compact(node, DEVICE_DETAILS_BYTES_MAX);
    if text.is_none() {
        let path = reader.path("deviceDetails");
        reader.faults().too_long(&path, DEVICE_DETAILS_BYTES_MAX);
    }
    text
}
