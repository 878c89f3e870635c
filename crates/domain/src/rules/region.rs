//! The regions that the networks' rules distinguish.

crate::words! {
    /// Where an issuer or a merchant is, as far as rules differ.
    pub enum Region {
        /// United States and its territories.
        Us = "US",
        /// Canada.
        Canada = "CA",
        /// United Kingdom and the Crown dependencies.
        Uk = "UK",
        /// European Economic Area.
        Eea = "EEA",
        /// Brazil.
        Brazil = "BR",
        /// Australia.
        Australia = "AU",
        /// India.
        India = "IN",
        /// Anywhere else, or not known.
        Other = "OTHER",
    }
}

impl Region {
    /// The region of an ISO 3166-1 country, alpha-2 (or alpha-3 of the larger ones), in any case.
    pub fn of_country(country: &str) -> Self {
        let country = country.trim();
        if country.len() > 3 {
            return Self::Other;
        }
        match country.to_ascii_uppercase().as_str() {
            "US" | "USA" | "PR" | "VI" | "GU" | "AS" | "MP" => Self::Us,
            "CA" | "CAN" => Self::Canada,
            "GB" | "GBR" | "UK" | "GG" | "JE" | "IM" => Self::Uk,
            "BR" | "BRA" => Self::Brazil,
            "AU" | "AUS" => Self::Australia,
            "IN" | "IND" => Self::India,
            "AT" | "BE" | "BG" | "HR" | "CY" | "CZ" | "DK" | "EE" | "FI" | "FR" | "DE" | "GR" | "HU" | "IE" | "IT" | "LV"
            | "LT" | "LU" | "MT" | "NL" | "PL" | "PT" | "RO" | "SK" | "SI" | "ES" | "SE" | "IS" | "LI" | "NO" | "DEU" | "FRA"
            | "ESP" | "ITA" | "NLD" | "BEL" | "AUT" | "IRL" | "POL" | "PRT" | "SWE" => Self::Eea,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_regions() {
        for (country, region) in [
            ("US", Region::Us),
            ("de", Region::Eea),
            (" GB ", Region::Uk),
            ("BRA", Region::Brazil),
            ("NO", Region::Eea),
            ("CH", Region::Other),
            ("", Region::Other),
            ("Germany", Region::Other),
        ] {
            assert_eq!(Region::of_country(country), region, "{country}");
        }
    }
}
