//! Merchants.

use serde::{Deserialize, Serialize};

use super::{page::Page, site::Site};
use crate::{Client, Error, request::requests};

requests! {
    /// Which merchants.
    pub struct MerchantQuery {}
    optional {
        /// Part of a name.
        query: String,
        /// `1` active, `0` inactive.
        status: String,
        /// From 1.
        page_number: u32,
        /// At most 200.
        page_size: u32,
    }
}

/// A merchant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Merchant {
    /// Its id.
    pub mid: String,
    /// Its name.
    pub company_name: String,
    /// Its trading name.
    pub dba: String,
    /// Its legal name.
    pub legal_entity_name: Option<String>,
    /// Where it is.
    pub country: String,
    /// Merchant category code.
    pub mcc: Option<String>,
    /// Its pages.
    pub website: Option<String>,
    /// 1 active, 0 inactive.
    pub status: u8,
    /// `ACTIVE` or `INACTIVE`.
    pub status_name: String,
    /// When it was added.
    pub created_on: String,
    /// Whom its customers may ask.
    pub customer_support_information: CustomerSupport,
    /// Its sites.
    pub sites: Vec<Site>,
    /// Its partner.
    pub partner_id: Option<String>,
    /// Its time zone.
    pub timezone_name: Option<String>,
    /// Its language.
    pub language: String,
}

/// Whom customers may ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerSupport {
    /// Name.
    pub customer_support_name: Option<String>,
    /// Address of mail.
    pub customer_support_email: Option<String>,
    /// Telephone.
    pub customer_support_phone: Option<String>,
    /// Page.
    pub customer_support_link: Option<String>,
}

/// Partners and operators get a list, a merchant gets itself.
#[derive(Deserialize)]
#[serde(untagged)]
enum Listed {
    Page(Page<Merchant>),
    Own(Box<Merchant>),
}

impl Client {
    /// `GET /v1/merchants`: those that the caller may act for; for a merchant's own key a page of one.
    pub async fn merchants(&self, query: &MerchantQuery) -> Result<Page<Merchant>, Error> {
        Ok(match self.get("/v1/merchants").asking(query).json().await? {
            Listed::Page(page) => page,
            Listed::Own(merchant) => Page { total_item_count: 1, page_number: 1, page_size: 1, rows: vec![*merchant] },
        })
    }

    /// `GET /v1/merchants/{mid}`.
    pub async fn merchant(&self, mid: &str) -> Result<Merchant, Error> {
        self.get("/v1/merchants/{mid}").at(mid).json().await
    }
}
