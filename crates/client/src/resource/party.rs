//! What payments are described by, in requests.

use crate::{Secret, request::requests};

requests! {
    /// A payment at the merchant's own processor. `response_code`, `response_code_source` and the three check results
    /// must be given for `evaluate`.
    pub struct Transaction {
        /// The processor's id.
        id: String,
        /// Cents.
        amount: i64,
        /// Three letters.
        currency: String,
    }
    optional {
        /// The processor's answer.
        response_code: String,
        /// Whose codes these are, such as `nmi` or `stripe`; `iso8583` for the network's own.
        response_code_source: String,
        /// Address check, `NA` when unknown.
        avs_result_code: String,
        /// CVV check, `NA` when unknown.
        cvv_result_code: String,
        /// 3-D Secure check, `NA` when unknown.
        cavv_result_code: String,
        /// When, ISO 8601.
        timestamp_utc: String,
        /// Of the customer, minutes.
        timezone_utc_offset: i32,
        /// The processor's word, such as `Sale`.
        transaction_type: String,
        /// The processor's text.
        response_description: String,
        /// `Approved`, `Declined`, `Voided`, `Refunded` or `Chargeback`.
        response_status: String,
        /// Further status.
        response_sub_status: String,
        /// The processor.
        processor_name: String,
        /// On the customer's statement.
        dynamic_descriptor: String,
        /// No card was there.
        card_not_present: bool,
        /// Mastercard's advice.
        merchant_advice_code: String,
        /// Field 39 of ISO 8583; outranks the response code.
        network_response_code: String,
        /// The card network.
        network: String,
        /// The network's id.
        network_transaction_id: String,
    }
}

impl Transaction {
    /// Check results unknown, everything else empty.
    pub fn without_checks() -> Self {
        let unknown = || Some("NA".to_owned());
        Self { avs_result_code: unknown(), cvv_result_code: unknown(), cavv_result_code: unknown(), ..Self::default() }
    }
}

requests! {
    /// What is charged: a token of the vault, or a card number.
    pub struct PaymentMethod {}
    optional {
        /// Token or number; the form decides.
        card_number: Secret,
        /// Whether it is a token.
        #[serde(rename = "Token")]
        token: bool,
        /// CVV.
        verification_value: Secret,
        /// 1–12.
        expiration_month: u8,
        /// Two or four digits.
        expiration_year: u16,
        /// Name on the card.
        holder_name: String,
        /// `CREDIT`, `DEBIT`, `PREPAID`.
        card_type: String,
        /// Brand.
        card_brand: String,
        /// Country of the issuer.
        card_country: String,
        /// The issuer.
        card_issuer: String,
        /// Product.
        card_level: String,
        /// Names the card without telling it.
        card_fingerprint: String,
        /// First digits.
        card_bin_number: String,
        /// Last four digits.
        card_last4_digits: String,
    }

    /// Who pays.
    pub struct Payer {}
    optional {
        /// The merchant's id.
        id: String,
        /// Address of mail.
        email: String,
        /// Telephone.
        phone: String,
        /// `YYYY-MM-DD`.
        birthdate: String,
    }

    /// Where a bill or a parcel goes.
    pub struct Party {}
    optional {
        /// Given name.
        first_name: String,
        /// Family name.
        last_name: String,
        /// Telephone.
        phone: String,
        /// Name, or two letters.
        country: String,
        /// Two letters.
        country_code: String,
        /// Street.
        address_line1: String,
        /// More of it.
        address_line2: String,
        /// City.
        city: String,
        /// State.
        state: String,
        /// Postal code.
        zipcode: String,
    }

    /// What is bought.
    pub struct OrderItem {}
    optional {
        /// Stock keeping unit.
        sku: String,
        /// Name.
        name: String,
        /// Description.
        description: String,
        /// Cents.
        amount: i64,
        /// Cents.
        discount_amount: i64,
        /// Kind of discount.
        discount_type: String,
        /// Cents.
        tax: i64,
        /// How many.
        quantity: i64,
    }

    /// The subscription that a payment belongs to.
    pub struct Subscription {}
    optional {
        /// The merchant's id.
        subscription_id: String,
        /// How often, such as `monthly` or `P30D`.
        interval: String,
        /// Price, as text.
        price: String,
        /// Three letters.
        currency: String,
        /// Number of this payment.
        payment_number: String,
        /// Payments in all.
        total_payments: String,
    }

    /// The acceptor as the processor knows it: information only.
    pub struct Acceptor {}
    optional {
        /// Name.
        name: String,
        /// Id.
        id: String,
        /// Merchant category code.
        mcc: String,
        /// Country.
        country: String,
    }

    /// An authentication; for rebills that of the first payment.
    pub struct ThreeDSecure {}
    optional {
        /// Version.
        three_ds_version: String,
        /// ECI.
        ecommerce_indicator: String,
        /// CAVV.
        authentication_value: Secret,
        /// Id of the directory server.
        directory_server_transaction_id: String,
        /// XID.
        xid: String,
        /// Algorithm of the CAVV.
        authentication_value_algorithm: String,
        /// Directory response.
        directory_response_status: String,
        /// Authentication response.
        authentication_response_status: String,
        /// Whether the card takes part.
        enrolled: String,
    }

    /// A pair of the merchant's own.
    pub struct AdditionalField {
        /// Its name.
        key: String,
        /// Its value.
        value: String,
    }
    optional {}
}
