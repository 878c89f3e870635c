//! Declines: the classes, the words that say why an order ended, and what a decline says about itself.

crate::words! {
    /// What kind of obstacle a decline is; `wire-api` §5.10.
    pub enum Class {
        /// Not enough funds.
        Nsf = "NSF",
        /// Amount or count limit of the card.
        Limit = "LIMIT",
        /// Issuer, network or format trouble.
        Tech = "TECH",
        /// Suspected fraud.
        Fraud = "FRAUD",
        /// Declined without a usable reason.
        Generic = "GENERIC",
        /// Wrong data (CVV, PIN, identification).
        DataFix = "DATA_FIX",
        /// The card was replaced, expired or closed.
        Lifecycle = "LIFECYCLE",
        /// The issuer wants the customer authenticated.
        Sca = "SCA",
        /// The merchant's set-up is wrong.
        Config = "CONFIG",
        /// This card must not be tried again.
        StopCard = "STOP_CARD",
        /// The mandate was revoked.
        StopMandate = "STOP_MANDATE",
    }
}

crate::words! {
    /// Why an order is declined or ended; the `statusCode` words of `wire-api` §5.7.
    pub enum Reason {
        /// Policy declines.
        NotEligible = "NOT_ELIGIBLE",
        /// The network forbids any retry.
        HardDecline = "HARD_DECLINE",
        /// Tried or examined without success.
        NotRescued = "NOT_RESCUED",
        /// Sync MIT, still open.
        RetryLater = "RETRY_LATER",
        /// The rescue period is over.
        Expired = "EXPIRED",
        /// A network retry limit is used up.
        LimitReached = "LIMIT_REACHED",
        /// Only the customer can help and no challenge is possible.
        CustomerAction = "CUSTOMER_ACTION",
        /// No usable credential.
        DataMissing = "DATA_MISSING",
        /// The merchant's set-up caused the decline.
        Configuration = "CONFIGURATION",
        /// The channel is off.
        ChannelDisabled = "CHANNEL_DISABLED",
        /// The merchant is inactive.
        MerchantInactive = "MERCHANT_INACTIVE",
        /// Authorisation without capture is switched off.
        AuthCaptureDisabled = "AUTH_CAPTURE_DISABLED",
        /// No processor for this currency, network and channel.
        NoRoute = "NO_ROUTE",
        /// On the blocklist.
        Blocked = "BLOCKED",
        /// The real-time budget was used up.
        Timeout = "TIMEOUT",
        /// Sandbox, and not a test card.
        SandboxCard = "SANDBOX_CARD",
        /// Sent as not declined.
        NotDeclined = "NOT_DECLINED",
        /// Paid outside Recoup.
        PaidElsewhere = "PAID_ELSEWHERE",
        /// Cancelled by the merchant.
        Cancelled = "CANCELLED",
        /// Refunded.
        Refunded = "REFUNDED",
        /// Disputed by a chargeback.
        Disputed = "DISPUTED",
    }
}

crate::words! {
    /// `customProperties.nextAction`: what the merchant can do.
    pub enum NextAction {
        /// Nothing.
        None = "none",
        /// Try again later.
        RetryLater = "retry_later",
        /// Authenticate the customer.
        StepUp3ds = "step_up_3ds",
        /// Ask the customer.
        AskCustomer = "ask_customer",
        /// Get new card data.
        UpdateCard = "update_card",
        /// Mend the set-up.
        FixConfiguration = "fix_configuration",
    }
}

/// What an issuer's or processor's answer says, before it is classified.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Answer {
    /// Response code as sent, in the vocabulary of `source`.
    pub response_code: String,
    /// Whose vocabulary: free text, case folded by the reader (`nmi`, `stripe`, …; else ISO 8583 field 39).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Mastercard merchant advice code, two digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice_code: Option<String>,
    /// ISO 8583 field 39, when the sender knows it beside its own code; outranks `response_code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_response_code: Option<String>,
}

impl Answer {
    /// An answer in ISO 8583 codes, as processors of the plain contract give it.
    pub fn iso(response_code: &str, advice_code: Option<&str>) -> Self {
        Self {
            response_code: response_code.to_owned(),
            source: None,
            advice_code: advice_code.map(str::to_owned),
            network_response_code: None,
        }
    }
}
