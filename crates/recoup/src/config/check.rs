//! What must hold between settings.

use super::{Config, Problem, layers::Setting};

/// Adds a problem for every rule that the settings break together.
pub fn check(config: &Config, settings: &[Setting], problems: &mut Vec<Problem>) {
    let mut refuse = |key: &str, message: String| {
        let origin = settings.iter().find(|setting| setting.key == key).map(|setting| setting.origin.clone());
        problems.push(Problem { origin: origin.unwrap_or(super::Origin::Default), message });
    };
    tls(config, &mut refuse);
    listeners(config, &mut refuse);
    mail(config, &mut refuse);
    if let Some(dir) = config.engine.rules_dir.as_ref().filter(|dir| !dir.is_dir()) {
        refuse("engine.rules_dir", format!("`engine.rules_dir`: {} is not a folder", dir.display()));
    }
}

fn tls(config: &Config, refuse: &mut impl FnMut(&str, String)) {
    match (&config.tls.cert, &config.tls.key) {
        (Some(_), None) => refuse("tls.cert", "`tls.cert` needs `tls.key` beside it".to_owned()),
        (None, Some(_)) => refuse("tls.key", "`tls.key` needs `tls.cert` beside it".to_owned()),
        (Some(cert), Some(key)) => {
            if let Err(message) = crate::server::tls::load(cert, key) {
                refuse("tls.cert", message);
            }
        }
        (None, None) => {}
    }
}

fn mail(config: &Config, refuse: &mut impl FnMut(&str, String)) {
    if let Some(Err(message)) = config.mail.smtp_url.as_ref().map(|url| engine::mail::Smtp::parse(url.reveal())) {
        refuse("mail.smtp_url", format!("`mail.smtp_url`: {message}, such as smtps://user:password@mail.example:465"));
    }
    if config.mail.from.as_deref().is_some_and(|from| !engine::mail::is_sender(from)) {
        refuse("mail.from", "`mail.from` is no address, such as Recoup <mail@pay.example>".to_owned());
    }
    if config.mail.portal_url.as_deref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
        refuse("mail.portal_url", "`mail.portal_url` must begin with https://".to_owned());
    }
}

fn listeners(config: &Config, refuse: &mut impl FnMut(&str, String)) {
    let listen = &config.listen;
    let given =
        [("listen.address", Some(listen.address)), ("listen.sandbox", listen.sandbox), ("listen.production", listen.production)];
    let bound: Vec<_> = given.into_iter().filter_map(|(key, address)| Some((key, address?))).collect();
    for (index, (key, address)) in bound.iter().enumerate() {
        if let Some((other, _)) = bound[..index].iter().find(|(_, taken)| taken == address && address.port() != 0) {
            refuse(key, format!("`{key}` and `{other}` are both {address}"));
        }
        if config.tls.cert.is_none() && !listen.behind_proxy && !address.ip().is_loopback() {
            refuse(
                key,
                format!(
                    "`{key}` is {address}, and plain HTTP is served on loopback addresses only: set `tls.cert` and `tls.key`, \
                     or `listen.behind_proxy = true` when a proxy in front speaks TLS"
                ),
            );
        }
    }
}
