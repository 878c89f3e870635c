//! The portal beside the API: the same engine, the same limits.

use std::{net::IpAddr, sync::Arc, time::Duration};

use api::Guard;
use axum::{
    Router,
    http::{Extensions, HeaderMap},
};
use engine::{Engine, Random};
use portal::{Gate, Options, Portal};

use crate::{config::Config, failure::Failure};

/// The limits of the API, kept for pages too.
struct Doors(Arc<Guard>);

impl Gate for Doors {
    fn address(&self, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
        self.0.address_of(extensions, headers)
    }

    fn stranger(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.spend_stranger(address)
    }

    fn failed(&self, address: IpAddr) {
        self.0.note_failure(address);
    }

    fn user(&self, user: [u8; 16], writes: bool) -> Result<(), Duration> {
        self.0.spend_user(user, writes)
    }
}

/// The API with the portal in front of it, when it is switched on.
pub fn around(api: Router, config: &Config, engine: &Arc<Engine>, guard: &Arc<Guard>) -> Result<Router, Failure> {
    if !config.portal.enabled {
        return Ok(api);
    }
    let options = Options {
        secure: config.tls.cert.is_some() || config.listen.behind_proxy,
        idle_minutes: config.portal.idle_minutes,
        session_hours: config.portal.session_hours,
    };
    let portal = Portal::new(engine.clone(), Doors(guard.clone()), Random::from_system()?, options);
    Ok(portal::router(portal, api))
}
