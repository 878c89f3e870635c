//! How `/v1/sites` is served and described.

use domain::bounds::{DESCRIPTOR_CHARS_MAX, ID_CHARS_MAX, SITE_NAMES_MAX, TEXT_CHARS_MAX};
use serde_json::json;

use super::{channels, create::create, delete::delete, get::get, list::list, patch::patch, resolve::resolve};
use crate::{
    json::shape::{Shape, boolean, guid, list as items, object, pattern, text},
    operation::{Operation, Tag, schema},
    render::{
        List,
        channels::OfSite,
        site::{Resolution, Site},
    },
    v1::merchants::shape::{channels as switches, overridable},
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/sites", list)
            .id("listSites")
            .tag(Tag::Sites)
            .scope("sites")
            .summary("List sites")
            .listed()
            .query_as("archived", boolean().about("Archived sites instead of the others"))
            .answers(200, schema::<List<Site<'_>>>()),
        Operation::post("/v1/sites", create)
            .id("createSite")
            .tag(Tag::Sites)
            .scope("sites")
            .summary("Add a site")
            .about("The first site of a merchant is its default; a new default takes that over. Two sites of a merchant share neither an address nor a descriptor (409 `40904`).")
            .body(site("SiteDraft").required("name", text(ID_CHARS_MAX).about("Its name")))
            .runnable("shop", "A shop under a path", json!({
                "name": "Shop EU", "urls": ["https://shop.example/eu"], "descriptors": ["SHOP*EU"],
                "settings": {"mitMode": "sync"}, "ui": {"primaryColor": "#225588"}
            }))
            .answers(201, schema::<Site<'_>>()),
        Operation::get("/v1/sites/resolve", resolve)
            .id("resolveSite")
            .tag(Tag::Sites)
            .scope("sites")
            .summary("Which site a transaction belongs to")
            .query_as("mid", guid().about("Merchant; required for partners and operators"))
            .query("siteUrl", "As `/evaluate` takes it")
            .query("descriptor", "As `transaction.dynamicDescriptor` of `/evaluate`")
            .answers(200, schema::<Resolution>()),
        Operation::get("/v1/sites/{siteId}", get)
            .id("getSite")
            .tag(Tag::Sites)
            .scope("sites")
            .path("siteId", "Site id")
            .summary("Read a site")
            .versioned()
            .answers(200, schema::<Site<'_>>()),
        Operation::patch("/v1/sites/{siteId}", patch)
            .id("updateSite")
            .tag(Tag::Sites)
            .scope("sites")
            .path("siteId", "Site id")
            .summary("Change a site")
            .versioned()
            .body(site("SiteChange").optional("name", text(ID_CHARS_MAX).about("Its name")))
            .example("default", "Makes it the default", json!({"isDefault": true}))
            .answers(200, schema::<Site<'_>>()),
        Operation::delete("/v1/sites/{siteId}", delete)
            .id("archiveSite")
            .tag(Tag::Sites)
            .scope("sites")
            .path("siteId", "Site id")
            .summary("Archive a site")
            .about("It matches nothing any more; its orders go on. The default site cannot be archived (409 `40903`).")
            .versioned()
            .answers_empty(204),
        Operation::get("/v1/sites/{siteId}/channels", channels::get)
            .id("getSiteChannels")
            .tag(Tag::Sites)
            .scope("channels")
            .path("siteId", "Site id")
            .summary("Read the channel modes")
            .versioned()
            .answers(200, schema::<OfSite>()),
        Operation::put("/v1/sites/{siteId}/channels", channels::put)
            .id("setSiteChannels")
            .tag(Tag::Sites)
            .scope("channels")
            .path("siteId", "Site id")
            .summary("Switch channels")
            .about("Like the merchant's; `inherit` follows the merchant.")
            .versioned()
            .body(switches("SiteChannelsDraft", "SiteChannelSwitch", &["off", "sandbox", "production", "inherit"]))
            .example("live", "Rebills of this site go live", json!({"mit": {"mode": "production"}}))
            .answers(200, schema::<OfSite>()),
    ]
}

fn site(name: &'static str) -> Shape {
    object(name, "A site; blank takes a text away, what is left out stays.")
        .optional("id", guid().about("Its id, when it has one already; fixed afterwards"))
        .optional("mid", guid().about("Merchant; required for partners and operators; fixed afterwards"))
        .optional(
            "urls",
            items(text(TEXT_CHARS_MAX), SITE_NAMES_MAX).about("Host and path prefix, such as https://shop.example/eu"),
        )
        .optional("descriptors", items(text(DESCRIPTOR_CHARS_MAX), SITE_NAMES_MAX).about("The first is sent to the processor"))
        .optional("mcc", pattern("^([0-9]{4})?$", 4).about("Merchant category code, when it differs"))
        .optional("isDefault", boolean().about("Takes what matches no other site"))
        .optional("allowedOrigins", items(text(TEXT_CHARS_MAX), SITE_NAMES_MAX).about("Such as https://shop.example"))
        .optional(
            "ui",
            object("SiteUiDraft", "The widget's look.")
                .optional("logoUrl", text(TEXT_CHARS_MAX))
                .optional("primaryColor", pattern("^(#[0-9A-Fa-f]{6})?$", 7))
                .optional("textColor", pattern("^(#[0-9A-Fa-f]{6})?$", 7))
                .optional("locale", text(35))
                .optional("successUrl", text(TEXT_CHARS_MAX))
                .optional("failUrl", text(TEXT_CHARS_MAX)),
        )
        .optional("settings", overridable("SiteSettingsDraft", "What differs from the merchant's settings; `null` inherits."))
}
