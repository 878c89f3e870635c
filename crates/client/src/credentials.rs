//! What a caller shows.

use crate::Secret;

/// The keys of an API client.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// `AppKey`.
    pub app_key: String,
    /// `AppSecret`.
    pub app_secret: Secret,
}

impl Credentials {
    /// An AppKey and its AppSecret.
    pub fn new(app_key: impl Into<String>, app_secret: impl Into<Secret>) -> Self {
        Self { app_key: app_key.into(), app_secret: app_secret.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_does_not_print() {
        let printed = format!("{:?}", Credentials::new("rk_1", "hush"));
        assert!(printed.contains("rk_1") && !printed.contains("hush"), "{printed}");
    }
}
