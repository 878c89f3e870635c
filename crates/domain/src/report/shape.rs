//! What the rows of each report look like.

use super::{
    Key, Name,
    row::{Column, Kind},
};

/// Something that rows are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the column of its name")]
pub enum Dimension {
    Site,
    Channel,
    Currency,
    Descriptor,
    MatchedBy,
    ResponseCodeSource,
    ResponseCode,
    AdviceCode,
    Class,
    Network,
    AttemptNumber,
    Processor,
    Rule,
    Arm,
}

/// Everything the rows of a report are told apart by beside period and merchant: the group keys first, then its own.
pub fn dimensions(name: Name, keys: &[Key]) -> Vec<Dimension> {
    let own = own_dimensions(name);
    let asked = |key| keys.contains(&key);
    let groups = [
        (Dimension::Site, asked(Key::Site)),
        (Dimension::Channel, asked(Key::Channel)),
        (Dimension::Currency, true),
        (Dimension::Descriptor, asked(Key::Descriptor)),
    ];
    let mut all: Vec<_> = groups.into_iter().filter(|(_, wanted)| *wanted).map(|(dimension, _)| dimension).collect();
    let rest: Vec<_> = own.iter().copied().filter(|dimension| !all.contains(dimension)).collect();
    all.extend(rest);
    all
}

/// The columns of a report, in their order.
pub fn columns(name: Name, keys: &[Key]) -> Vec<Column> {
    let mut all = vec![column("period", Kind::Text), column("mid", Kind::Text)];
    for dimension in dimensions(name, keys) {
        all.extend(columns_of(dimension));
    }
    all.extend(measures(name).iter().map(|(name, kind)| column(name, *kind)));
    all
}

const fn own_dimensions(name: Name) -> &'static [Dimension] {
    match name {
        Name::Recovery => &[],
        Name::Declines => {
            &[Dimension::ResponseCodeSource, Dimension::ResponseCode, Dimension::AdviceCode, Dimension::Class, Dimension::Network]
        }
        Name::Attempts => &[Dimension::AttemptNumber, Dimension::Processor, Dimension::Class],
        Name::Descriptors => &[Dimension::Descriptor, Dimension::Site],
        Name::Sites => &[Dimension::Site, Dimension::MatchedBy, Dimension::Channel],
        Name::Fees => &[Dimension::Network, Dimension::Rule],
        Name::Uplift => &[Dimension::Arm],
    }
}

const fn measures(name: Name) -> &'static [(&'static str, Kind)] {
    use Kind::{Amount, Count, MaybeCount, Number, Rate};
    match name {
        Name::Recovery => &[
            ("orders", Count),
            ("amount", Amount),
            ("recoveredOrders", Count),
            ("recoveredAmount", Amount),
            ("recoveryRate", Rate),
            ("recoveredAmountRate", Rate),
            ("attempts", Count),
            ("attemptsPerRecovery", Number),
            ("medianHours", Number),
            ("openOrders", Count),
        ],
        Name::Declines => &[("orders", Count), ("amount", Amount), ("recoveredOrders", Count), ("recoveredAmount", Amount)],
        Name::Attempts => &[
            ("attempts", Count),
            ("approved", Count),
            ("approvalRate", Rate),
            ("unknown", Count),
            ("p50LatencyMs", MaybeCount),
            ("p95LatencyMs", MaybeCount),
        ],
        Name::Descriptors => &[
            ("transactions", Count),
            ("approved", Count),
            ("declined", Count),
            ("amount", Amount),
            ("refunds", Count),
            ("chargebacks", Count),
        ],
        Name::Sites => &[("transactions", Count), ("rescued", Count), ("recoveredAmount", Amount), ("unresolved", Count)],
        Name::Uplift => &[
            ("orders", Count),
            ("amount", Amount),
            ("recoveredOrders", Count),
            ("recoveredAmount", Amount),
            ("rate", Rate),
            ("upliftAbsolute", Number),
            ("upliftRelative", Number),
            ("ciLow", Number),
            ("ciHigh", Number),
            ("pValue", Rate),
            ("amountRate", Rate),
            ("amountUplift", Number),
            ("amountCiLow", Number),
            ("amountCiHigh", Number),
            ("openOrders", Count),
        ],
        Name::Fees => &[("attempts", Count), ("predictedFee", Amount), ("incurredFee", Amount), ("avoidedFee", Amount)],
    }
}

fn columns_of(dimension: Dimension) -> Vec<Column> {
    let text = |name| vec![column(name, Kind::Text)];
    match dimension {
        Dimension::Site => vec![column("siteId", Kind::Text), column("siteName", Kind::Text)],
        Dimension::Channel => text("channel"),
        Dimension::Currency => text("currency"),
        Dimension::Descriptor => text("descriptor"),
        Dimension::MatchedBy => text("matchedBy"),
        Dimension::ResponseCodeSource => text("responseCodeSource"),
        Dimension::ResponseCode => text("responseCode"),
        Dimension::AdviceCode => text("merchantAdviceCode"),
        Dimension::Class => text("declineClass"),
        Dimension::Network => text("network"),
        Dimension::AttemptNumber => vec![column("attemptNumber", Kind::Count)],
        Dimension::Processor => text("processor"),
        Dimension::Rule => text("ruleId"),
        Dimension::Arm => text("arm"),
    }
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: Name, keys: &[Key]) -> String {
        columns(name, keys).iter().map(|column| column.name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rows_begin_with_period_merchant_and_group_keys() {
        for (name, keys, expected) in [
            (
                Name::Recovery,
                &[][..],
                "period mid currency orders amount recoveredOrders recoveredAmount recoveryRate recoveredAmountRate attempts \
                 attemptsPerRecovery medianHours openOrders",
            ),
            (
                Name::Declines,
                &[Key::Channel, Key::Site],
                "period mid siteId siteName channel currency responseCodeSource responseCode merchantAdviceCode declineClass network \
                 orders amount recoveredOrders recoveredAmount",
            ),
            (
                Name::Attempts,
                &[Key::Mid],
                "period mid currency attemptNumber processor declineClass attempts approved approvalRate unknown p50LatencyMs \
                 p95LatencyMs",
            ),
            (
                Name::Descriptors,
                &[Key::Currency],
                "period mid currency descriptor siteId siteName transactions approved declined amount refunds chargebacks",
            ),
            (
                Name::Sites,
                &[Key::Channel],
                "period mid channel currency siteId siteName matchedBy transactions rescued recoveredAmount unresolved",
            ),
            (Name::Fees, &[], "period mid currency network ruleId attempts predictedFee incurredFee avoidedFee"),
            (
                Name::Uplift,
                &[Key::Site],
                "period mid siteId siteName currency arm orders amount recoveredOrders recoveredAmount rate upliftAbsolute \
                 upliftRelative ciLow ciHigh pValue amountRate amountUplift amountCiLow amountCiHigh openOrders",
            ),
        ] {
            assert_eq!(names(name, keys), expected);
        }
    }
}
