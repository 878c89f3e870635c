//! Tokens of forms: what a page was given under a browser's secret comes back with its form, so that no other site can
//! send one in the browser's name.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::Engine;

impl Engine {
    /// A secret of 256 bits, for a browser's cookie.
    pub fn fresh_secret(&self) -> Zeroizing<String> {
        Zeroizing::new(self.secret_word())
    }

    /// The token of the forms of whoever holds a secret.
    pub fn form_token(&self, secret: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.hasher.of(&[b"form", secret.as_bytes()]))
    }

    /// Whether a form came with its holder's token; takes as long for wrong ones.
    pub fn is_form_token(&self, secret: &str, token: &str) -> bool {
        verify_slices_are_equal(self.form_token(secret).as_bytes(), token.as_bytes()).is_ok()
    }
}
