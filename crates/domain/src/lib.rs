//! The pure vocabulary of decline rescue: ids, time, money, cards, orders, attempts, events and the one
//! change set that a use case hands to the store. No I/O, no clock, no global randomness.

#[doc(hidden)]
pub use schemars;

pub mod address;
pub mod advice;
pub mod application;
pub mod attempt;
pub mod audit;
pub mod block;
pub mod bounds;
pub mod card;
pub mod change;
pub mod channel;
pub mod chargeback;
pub mod client;
pub mod country;
pub mod decision;
pub mod decline;
pub mod environment;
pub mod event;
pub mod fault;
pub mod fraud;
pub mod id;
pub mod intake;
pub mod ledger;
pub mod lesson;
pub mod limits;
pub mod mail;
pub mod mask;
pub mod merchant;
pub mod model;
pub mod money;
pub mod notification;
pub mod order;
pub mod owner;
pub mod partner;
pub mod patch;
pub mod payment;
pub mod profile;
pub mod refund;
pub mod report;
pub mod risk;
pub mod route;
pub mod rules;
pub mod scope;
pub mod settings;
pub mod site;
pub mod time;
pub mod timer;
pub mod token;
pub mod transmit;
pub mod user;
pub mod webhook;
pub mod words;
