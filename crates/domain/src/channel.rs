//! Channels (who initiates, by which way) and their modes, per merchant and per site.

crate::words! {
    /// The kind of traffic an order belongs to.
    pub enum Channel {
        /// The customer is present on the web.
        CitWeb = "cit_web",
        /// The customer is on the phone with an agent.
        CitCallCenter = "cit_call_center",
        /// The merchant initiates: a rebill.
        Mit = "mit",
    }
}

crate::words! {
    /// What happens to declines of a channel.
    pub enum Mode {
        /// Nothing is attempted.
        Off = "off",
        /// Worked on the sandbox processor.
        Sandbox = "sandbox",
        /// Worked on live routes (with a production key).
        Production = "production",
    }
}

crate::words! {
    /// Where the order came from.
    pub enum OrderSource {
        /// Web shop (default).
        Ecommerce = "ecommerce",
        /// Agent on the phone.
        Callcenter = "callcenter",
        /// Instalment plan.
        Installment = "installment",
        /// Subscription.
        Subscription = "subscription",
        /// Anything else; the text itself is kept beside.
        Other = "other",
    }
}

impl OrderSource {
    /// Reads `orderSource`: the word and, when it is unknown, the text that is kept as `orderSourceText`.
    pub fn read(text: Option<&str>) -> (Self, Option<String>) {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
            return (Self::Ecommerce, None);
        };
        let folded = text.to_ascii_lowercase();
        match folded.as_str() {
            "call_center" | "moto" | "phone" | "terminal" => (Self::Callcenter, None),
            _ => Self::parse(&folded).map_or((Self::Other, Some(text.to_owned())), |source| (source, None)),
        }
    }
}

impl Channel {
    /// The channel of a payment: merchant-initiated first, then by source.
    pub fn of(is_mit: bool, source: OrderSource) -> Self {
        match (is_mit, source) {
            (true, _) => Self::Mit,
            (false, OrderSource::Callcenter) => Self::CitCallCenter,
            (false, _) => Self::CitWeb,
        }
    }
}

/// One mode for each channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Modes<M = Mode> {
    /// Customer-initiated, web.
    pub cit_web: M,
    /// Customer-initiated, call centre.
    pub cit_call_center: M,
    /// Merchant-initiated.
    pub mit: M,
}

impl<M: Copy> Modes<M> {
    /// The same mode everywhere.
    pub fn all(mode: M) -> Self {
        Self { cit_web: mode, cit_call_center: mode, mit: mode }
    }

    /// The mode of one channel.
    pub fn get(&self, channel: Channel) -> M {
        match channel {
            Channel::CitWeb => self.cit_web,
            Channel::CitCallCenter => self.cit_call_center,
            Channel::Mit => self.mit,
        }
    }

    /// Sets the mode of one channel.
    pub fn set(&mut self, channel: Channel, mode: M) {
        match channel {
            Channel::CitWeb => self.cit_web = mode,
            Channel::CitCallCenter => self.cit_call_center = mode,
            Channel::Mit => self.mit = mode,
        }
    }
}

/// A site's modes: `None` inherits the merchant's.
pub type SiteModes = Modes<Option<Mode>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_decide_the_channel() {
        for (source, is_mit, channel, kept) in [
            (None, false, Channel::CitWeb, None),
            (Some("Call_Center"), false, Channel::CitCallCenter, None),
            (Some("MOTO"), false, Channel::CitCallCenter, None),
            (Some("callcenter"), true, Channel::Mit, None),
            (Some("Site1"), false, Channel::CitWeb, Some("Site1")),
            (Some("  "), false, Channel::CitWeb, None),
        ] {
            let (read, text) = OrderSource::read(source);
            assert_eq!((Channel::of(is_mit, read), text.as_deref()), (channel, kept), "{source:?}");
        }
    }
}
