//! How `/v1/merchants` is served and described.

use serde_json::json;

use super::{channels, create::create, get::get, history::history, list::list, patch::patch, settings, shape};
use crate::{
    json::shape::word,
    operation::{Operation, Tag, schema},
    render::{
        List,
        channels::{OfMerchant, Switched},
        merchant::{Merchant, Settings},
    },
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/merchants", list)
            .id("listMerchants")
            .tag(Tag::Merchants)
            .scope("merchants")
            .summary("List merchants")
            .versioned()
            .about("A partner sees the merchants that it onboarded or was granted. A merchant's own key gets its one object instead of a list.")
            .listed()
            .query("query", "Part of a name, the website or the id")
            .query_as("status", word(&["1", "0", "ACTIVE", "INACTIVE"]).about("Only these"))
            .answers(200, schema::<List<Merchant<'_>>>())
            .answers(200, schema::<Merchant<'_>>()),
        Operation::post("/v1/merchants", create)
            .id("createMerchant")
            .tag(Tag::Merchants)
            .scope("merchants")
            .summary("Add a merchant")
            .about("For operators. Its channels start in sandbox mode; its first site becomes its default.")
            .body(shape::merchant("MerchantDraft"))
            .example("shop", "A subscription shop", json!({
                "companyName": "Aurora Subscriptions", "country": "US", "mcc": "5968", "timezoneName": "America/New_York",
                "primaryContact": {"firstName": "Ada", "lastName": "Byron", "email": "ada@aurora.example"},
                "settings": {"mitMode": "managed", "rescueWindowDays": 28}
            }))
            .answers(201, schema::<Merchant<'_>>()),
        Operation::get("/v1/merchants/{mid}", get)
            .id("getMerchant")
            .tag(Tag::Merchants)
            .scope("merchants")
            .path("mid", "Merchant id")
            .summary("Read a merchant")
            .versioned()
            .answers(200, schema::<Merchant<'_>>()),
        Operation::patch("/v1/merchants/{mid}", patch)
            .id("updateMerchant")
            .tag(Tag::Merchants)
            .scope("merchants")
            .path("mid", "Merchant id")
            .summary("Change a merchant")
            .about("Operators change everything; a merchant's own key changes its contacts: `customerSupportInformation`, `primaryContact` and `developerContact`.")
            .versioned()
            .body(shape::merchant("MerchantChange"))
            .example("contact", "A new developer contact", json!({"developerContact": {"developerEmail": "dev@aurora.example"}}))
            .answers(200, schema::<Merchant<'_>>()),
        Operation::get("/v1/merchants/{mid}/settings", settings::get)
            .id("getMerchantSettings")
            .tag(Tag::Merchants)
            .scope("merchants")
            .path("mid", "Merchant id")
            .summary("Read the settings")
            .versioned()
            .answers(200, schema::<Settings>()),
        Operation::patch("/v1/merchants/{mid}/settings", settings::patch)
            .id("updateMerchantSettings")
            .tag(Tag::Merchants)
            .scope("merchants")
            .path("mid", "Merchant id")
            .summary("Change settings")
            .about("New orders follow at once. A site may override some of them, see `settings` of a site.")
            .versioned()
            .body(shape::settings())
            .example("sync", "The merchant repeats the request itself", json!({"mitMode": "sync", "rescueWindowDays": 30}))
            .answers(200, schema::<Settings>()),
        Operation::get("/v1/merchants/{mid}/channels", channels::get)
            .id("getMerchantChannels")
            .tag(Tag::Merchants)
            .scope("channels")
            .path("mid", "Merchant id")
            .summary("Read the channel modes")
            .versioned()
            .answers(200, schema::<OfMerchant>()),
        Operation::put("/v1/merchants/{mid}/channels", channels::put)
            .id("setMerchantChannels")
            .tag(Tag::Merchants)
            .scope("channels")
            .path("mid", "Merchant id")
            .summary("Switch channels")
            .about(
                "Each channel is `off`, tried in the `sandbox`, or live in `production`, independent of the others. New orders follow at \
                 once; open ones keep the kind of route they started with, and `off` pauses them. People with the role `developer` may \
                 switch to `off` and `sandbox`, not to `production`.",
            )
            .versioned()
            .body(shape::channels("MerchantChannelsDraft", "MerchantChannelSwitch", &["off", "sandbox", "production"]))
            .runnable("rebills", "Rebills stop, the rest stays", json!({"mit": {"mode": "off"}}))
            .answers(200, schema::<OfMerchant>()),
        Operation::get("/v1/merchants/{mid}/channels/history", history)
            .id("listChannelSwitches")
            .tag(Tag::Merchants)
            .scope("channels")
            .path("mid", "Merchant id")
            .summary("Who switched which channel")
            .about("Every switch of the merchant and its sites, newest first. Entries are never changed or removed.")
            .query("pageNumber", "Page, from 1")
            .query("pageSize", "Rows of a page, 1 to 200")
            .answers(200, schema::<List<Switched>>()),
    ]
}
