//! The header: which column holds what, by the names of the vendor's report and by plain ones.

/// Something a row tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Order,
    Site,
    Time,
    Amount,
    Currency,
    Type,
    Status,
    Code,
    Source,
    Advice,
    Mit,
    Recurring,
    Card,
    Payer,
    Bin,
    Country,
    Network,
    Funding,
    Offset,
}

/// Names of each field, folded: lower case, without anything between letters and digits. The earlier one wins.
const NAMES: &[(Field, &[&str])] = &[
    (Field::Order, &["orderid", "order", "externalorderid", "invoiceid", "invoice", "subscriptioninvoiceid"]),
    (Field::Site, &["siteurl", "site", "website", "store", "shop", "descriptor", "merchant", "merchantname"]),
    (
        Field::Time,
        &[
            "transactiontimestamp",
            "transactiontimestamputc",
            "timestamp",
            "timestamputc",
            "datetime",
            "createdat",
            "created",
            "date",
            "time",
        ],
    ),
    (
        Field::Amount,
        &["transactionamount", "amount", "amountcents", "amountminor", "amountincents", "amountmajor", "total", "value"],
    ),
    (Field::Currency, &["transactioncurrency", "currency", "currencycode"]),
    (Field::Type, &["transactiontransactiontype", "transactiontype", "type"]),
    (Field::Status, &["transactionresponsestatus", "responsestatus", "status", "result", "outcome", "approved"]),
    (Field::Code, &["transactionresponsecode", "responsecode", "declinecode", "code", "reasoncode", "networkresponsecode"]),
    (Field::Source, &["transactionresponsecodesource", "responsecodesource", "processor", "transactionprocessorname", "gateway"]),
    (Field::Advice, &["transactionmerchantadvicecode", "merchantadvicecode", "advicecode", "mac"]),
    (Field::Mit, &["ismit", "mit", "initiator", "merchantinitiated"]),
    (Field::Recurring, &["isrecurring", "recurring"]),
    (
        Field::Card,
        &[
            "paymentmethodcardfingerprint",
            "cardfingerprint",
            "fingerprint",
            "cardid",
            "cardtoken",
            "token",
            "paymentmethodcardnumber",
            "card",
        ],
    ),
    (Field::Payer, &["payerid", "customerid", "customer", "userid", "payeremail", "email", "payerphone", "phone"]),
    (Field::Bin, &["paymentmethodcardbinnumber", "cardbinnumber", "cardbin", "bin", "iin"]),
    (Field::Country, &["paymentmethodcardcountry", "cardcountry", "bincountry", "issuercountry", "country"]),
    (Field::Network, &["paymentmethodcardbrand", "cardbrand", "brand", "network", "scheme"]),
    (Field::Funding, &["paymentmethodcardtype", "cardtype", "funding", "cardfunding"]),
    (Field::Offset, &["transactiontimezoneutcoffset", "timezoneutcoffset", "utcoffset"]),
];

/// A column that is needed and not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// When.
    #[error("no column says when: name one Transaction_Timestamp, timestamp or date")]
    Time,
    /// How much.
    #[error("no column says how much: name one Transaction_Amount or amount")]
    Amount,
    /// Approved or declined.
    #[error("no column says what the answer was: name one Transaction_ResponseCode, response_code or status")]
    Answer,
    /// Which currency.
    #[error("no column says the currency: name one Transaction_Currency or currency, or give --currency")]
    Currency,
    /// Who initiated.
    #[error("no column says who initiated: name one IsMIT, mit or IsRecurring, or give --initiator mit or cit")]
    Initiator,
}

/// Places of the fields in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    places: Vec<(Field, usize)>,
    names: Vec<String>,
}

impl Columns {
    /// Reads a header. Unknown columns are ignored.
    pub fn of<'a>(header: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<String> = header.map(|name| name.trim().trim_start_matches('\u{feff}').to_owned()).collect();
        let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let place = |(field, known): &(Field, &[&str])| {
            known.iter().find_map(|name| folded.iter().position(|found| found == name)).map(|at| (*field, at))
        };
        Self { places: NAMES.iter().filter_map(place).collect(), names }
    }

    /// Where a field stands.
    pub fn at(&self, field: Field) -> Option<usize> {
        self.places.iter().find(|(known, _)| *known == field).map(|(_, at)| *at)
    }

    /// The file's own name of a field, safe to repeat: it is a name of ours, whatever its case.
    pub fn name(&self, field: Field) -> &str {
        self.at(field).map_or("", |at| &self.names[at])
    }

    /// Whether the amounts' header says in which unit they are.
    pub fn minor_by_name(&self) -> Option<bool> {
        match fold(self.name(Field::Amount)).as_str() {
            "amountcents" | "amountminor" | "amountincents" => Some(true),
            "amountmajor" => Some(false),
            _ => None,
        }
    }
}

fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_names_and_plain_ones_are_known() {
        let vendor = "Merchant OrderId SiteUrl Transaction_Timestamp Transaction_Amount Transaction_Currency Transaction_TransactionType \
                      Transaction_ResponseStatus Transaction_ProcessorName Transaction_ResponseCodeSource Transaction_ResponseCode \
                      Transaction_ResponseDescription Transaction_AvsResultCode Transaction_CvvResultCode Transaction_CavvResultCode \
                      Transaction_CardNotPresent IsMIT IsRecurring Payer_Id Payer_Email PayerPhone";
        let columns = Columns::of(vendor.split_whitespace());
        for (field, at) in [
            (Field::Order, 1),
            (Field::Site, 2),
            (Field::Time, 3),
            (Field::Amount, 4),
            (Field::Currency, 5),
            (Field::Type, 6),
            (Field::Status, 7),
            (Field::Source, 9),
            (Field::Code, 10),
            (Field::Mit, 16),
            (Field::Recurring, 17),
            (Field::Payer, 18),
        ] {
            assert_eq!(columns.at(field), Some(at), "{field:?}");
        }
        let plain = Columns::of(["\u{feff}Date", "AMOUNT cents", "response.code", "Is MIT", "what"].into_iter());
        let places = [Field::Time, Field::Amount, Field::Code, Field::Mit].map(|field| plain.at(field));
        assert_eq!(places, [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!((plain.minor_by_name(), plain.at(Field::Site)), (Some(true), None));
    }
}
