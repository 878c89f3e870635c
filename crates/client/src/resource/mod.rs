//! The calls, one room for each resource.

mod advice;
mod card;
mod channel;
mod clock;
mod event;
mod merchant;
mod order;
mod page;
mod party;
mod report;
mod rescue;
mod site;
pub mod token;
mod transmit;
mod webhook;

pub use advice::{Advice, AdviceDecision, AdvicePolicy, AdviceRequest, AdviceState, AdvisedAttempt, EarlierAttempt, Manner};
pub use card::{CardDraft, Tokenized, VaultTransaction, VaultedCard};
pub use channel::{MerchantChannel, MerchantChannels, Mode, SiteChannel, SiteChannels, Switches};
pub use clock::{Clock, ClockAction};
pub use event::{Event, EventPage, EventQuery, Feed, FeedEntry};
pub use merchant::{CustomerSupport, Merchant, MerchantQuery};
pub use order::{
    Address, Attempt, Attempts, BindingRule, CandidateMoment, CauseBelief, Challenge, Chargeback, ChosenMoment, CurvePoint,
    Decision, EngineState, ExplainedDecision, Explanation, Order, OrderCard, OrderPage, OrderQuery, OriginalTransaction, Refund,
    RefundDraft, Refunded, Timeline, TimelineItem,
};
pub use page::{Page, PageQuery};
pub use party::{Acceptor, AdditionalField, OrderItem, Party, Payer, PaymentMethod, Subscription, ThreeDSecure, Transaction};
pub use report::{
    AttemptsRow, DeclinesRow, DescriptorsRow, FeesRow, RecoveryRow, Report, ReportQuery, ReportRow, SitesRow, UpliftRow,
};
pub use rescue::{Capture, Captured, Evaluate, Evaluated, Outcome, OutcomeStatus, Verdict};
pub use site::{ResolvedSite, Site, SiteDraft, SiteQuery, SiteUi, SiteUiDraft, Where};
pub use token::{Grant, Token};
pub use transmit::{OutcomeReport, Record, TransactionOutcome, Transmitted, TransmittedOne, TransmittedSet};
pub use webhook::{Webhook, WebhookDraft};
