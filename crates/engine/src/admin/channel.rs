//! Channel switches.

use domain::{
    channel::{Channel, Mode},
    id::{Mid, SiteId},
    merchant::Merchant,
    site::Site,
};

use crate::{Engine, Result};

impl Engine {
    /// Sets the mode of a merchant's channel; new orders follow at once.
    pub async fn set_merchant_mode(&self, mid: Mid, channel: Channel, mode: Mode) -> Result<Merchant> {
        let mut merchant = self.merchant(mid).await?;
        merchant.modes.set(channel, mode);
        self.put_merchant(merchant).await
    }

    /// Sets the mode of a site's channel; `None` inherits.
    pub async fn set_site_mode(&self, id: SiteId, channel: Channel, mode: Option<Mode>) -> Result<Site> {
        let mut site = self.site(id).await?;
        site.modes.set(channel, mode);
        self.put_site(site).await
    }
}
