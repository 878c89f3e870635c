//! Network rules as dated data: response codes, advice codes, retry limits, fees and processors' codes.
//!
//! The files live in `rules/` of the repository (its README tells their columns), are compiled in, and can be
//! overridden at run time by a folder with files of the same names. Every row has a source and validity dates.

mod advice;
mod check;
mod classify;
mod code;
mod diff;
mod fee;
mod files;
mod limit;
mod listing;
mod period;
mod processor;
mod region;
mod schema;
mod table;
mod wait;

use std::{path::Path, sync::LazyLock};

pub use self::{
    advice::{Action, Advice},
    check::{Finding, Severity},
    classify::{Classified, has_code_form},
    code::{Code, Floor},
    diff::{Change, What},
    fee::{Fee, Reach},
    files::{FileSummary, Files},
    limit::{Kind, Limit, Scope, Trigger, Window},
    listing::{Listed, Standing},
    processor::Translation,
    region::Region,
    table::{Error, Place},
    wait::Wait,
};
use crate::{card::Network, decline::Class, time::Timestamp};

/// All rules of one version.
#[derive(Debug, Clone)]
pub struct Rules {
    version: String,
    codes: code::Codes,
    categories: code::Categories,
    advice: advice::Advices,
    limits: Vec<Limit>,
    fees: Vec<Fee>,
    waits: Vec<Wait>,
    processors: processor::Processors,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| match Files::builtin().rules() {
    Ok(rules) => rules,
    // Compiled-in data, read by every test: a fault here can only be met by whoever edits the files.
    Err(error) => unreachable!("the rules compiled in are unsound: {error}"),
});

impl Rules {
    /// The rules compiled in.
    pub fn builtin() -> &'static Self {
        &RULES
    }

    /// Reads the rules from a folder; a file that is not there is taken from the binary.
    ///
    /// # Errors
    /// A file that cannot be read, or a row that is unsound: the error names file and line.
    pub fn load(dir: &Path) -> Result<Self, Error> {
        Files::read(dir)?.rules()
    }

    /// The newest `effective_from` of all rows; files other than those compiled in add a digest of their text.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The advice behind a Mastercard merchant advice code (`3` reads as `03`), if it is known on that day.
    pub fn advice(&self, code: &str, on: Timestamp) -> Option<&Advice> {
        self.advice.find(code, on)
    }

    /// The rule of an ISO 8583 response code for a network and an issuer's region on a day.
    pub fn code(&self, iso_code: &str, network: Network, region: Region, on: Timestamp) -> Option<&Code> {
        self.codes.find(iso_code, network, region, on)
    }

    /// Visa's category of a response code on a day: 1 never, 2 not now, 3 fix data first, 4 all else.
    pub fn visa_category(&self, iso_code: &str, on: Timestamp) -> u8 {
        self.categories.find(iso_code, on)
    }

    /// The retry limits for cards of a network at a merchant of a country on a day, one per id, the most
    /// specific region first.
    pub fn limits(&self, network: Network, merchant_country: &str, on: Timestamp) -> Vec<&Limit> {
        limit::of(&self.limits, false, network, Region::of_country(merchant_country), on)
    }

    /// The limits of a network on what happens on all cards of a merchant of a country on a day.
    pub fn volumes(&self, network: Network, merchant_country: &str, on: Timestamp) -> Vec<&Limit> {
        limit::of(&self.limits, true, network, Region::of_country(merchant_country), on)
    }

    /// What one attempt beyond a limit costs on a day, when it is known.
    pub fn fee(&self, rule: &str, region: Region, reach: Reach, on: Timestamp) -> Option<&Fee> {
        fee::find(&self.fees, rule, region, reach, on)
    }

    /// What an answer itself costs, whatever was tried before: advice that the network charges for.
    pub fn fee_of_answer(
        &self,
        network: Network,
        region: Region,
        reach: Reach,
        codes: (Option<&str>, Option<&str>),
        on: Timestamp,
    ) -> Option<&Fee> {
        fee::of_answer(&self.fees, self, (network, region, reach), codes, on)
    }

    /// What a processor's own code says on a day, in the vocabulary that a sender's `source` means.
    pub fn translation(&self, source: &str, code: &str, on: Timestamp) -> Option<&Translation> {
        self.processors.vocabulary(source)?.find(code, on)
    }

    /// The policy waits of a class on a day (ours, not a network's).
    pub fn wait(&self, class: Class, on: Timestamp) -> Option<&Wait> {
        self.waits.iter().find(|wait| wait.class == class && wait.period.covers(on))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_compiled_in_are_sound_and_dated() {
        assert_eq!(Rules::builtin().version(), "2026-10-25");
    }

    #[test]
    fn a_folder_overrides_file_by_file() {
        let dir = std::env::temp_dir().join(format!("recoup-rules-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        assert_eq!(Rules::load(&dir).unwrap().version(), Rules::builtin().version());

        let limits = include_str!("../../../rules/network_limits.csv").replace("P30D,,20,15", "P30D,,12,9");
        std::fs::write(dir.join("network_limits.csv"), limits).unwrap();
        let rules = Rules::load(&dir).unwrap();
        assert!(rules.version().starts_with("2026-10-25+"), "{}", rules.version());
        let now = Timestamp::parse("2026-11-20T00:00:00Z").unwrap();
        let visa = rules.limits(Network::Visa, "US", now).into_iter().find(|limit| limit.id == "visa.m30").unwrap();
        assert_eq!((visa.limit, visa.headroom), (Some(12), Some(9)));

        std::fs::write(dir.join("fees.csv"), "rule,network\nvisa.m30,visa\n").unwrap();
        assert_eq!(Rules::load(&dir).unwrap_err().to_string(), "fees.csv:1: column region is missing");
        std::fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn unsound_rows_are_named_by_file_and_line() {
        for (file, from, to, message) in [
            ("response_codes.csv", "51,*,*,NSF", "51,*,*,POOR", "class: unknown value POOR"),
            ("visa_categories.csv", "04,1,,", "04,7,,", "category: not a number from 1 to 4"),
            (
                "advice_codes.csv",
                "02,retry_later,GENERIC,PT72H",
                "02,retry_later,GENERIC,3 days",
                "min_wait: not an ISO 8601 duration",
            ),
            ("network_limits.csv", "P30D,,20,15", "P30D,,20,25", "headroom: above the limit"),
            ("fees.csv", "visa,US,domestic,USD,0.10", "visa,US,domestic,USX,0.10", "currency: unknown value USX"),
            ("default_waits.csv", "FRAUD,PT72H,PT96H", "FRAUD,PT72H,PT1H", "first_max: before first_min"),
            ("processor_codes.csv", "nmi,200,05", "nmi,200,0500", "iso_code: not two letters or digits"),
        ] {
            let text = Files::builtin().text(file).unwrap().to_owned();
            assert!(text.contains(from), "{from}");
            let line = text.lines().position(|line| line.contains(from)).unwrap() + 1;
            let error = Files::builtin().with(file, text.replacen(from, to, 1)).rules().unwrap_err();
            assert_eq!(error.to_string(), format!("{file}:{line}:{message}"));
        }
    }
}
