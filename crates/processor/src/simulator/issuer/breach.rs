//! Whether an attempt should never have been made, by what the card's issuer said before.

use domain::time::HOUR;

use crate::{
    Authorize,
    simulator::{
        history::{Earlier, History},
        magic::scenario::{Code, retry_advice_wait},
    },
};

/// The rule that forbids the attempt, if any: `order` is the order's history.
pub(crate) fn rule(request: &Authorize, order: &History) -> Option<String> {
    order.declines().rev().find_map(|earlier| forbids(request, earlier)).or_else(|| too_early(request, order))
}

/// A stop outlives everything but newer card data; a revoked mandate outlives those too (`domain-rules.md` §1.4).
fn forbids(request: &Authorize, earlier: &Earlier) -> Option<String> {
    let code = code_of(earlier)?;
    let mandate = matches!(&code.response, b"R0" | b"R1" | b"R3") || code.advice == Some(*b"21");
    let renewed = request.credential_version > earlier.credential_version && !mandate;
    (code.forbids() && !renewed).then(|| match code.advice() {
        Some(advice) => format!("attempted after code {} with advice {advice}", earlier.code),
        None => format!("attempted after code {}", earlier.code),
    })
}

fn too_early(request: &Authorize, order: &History) -> Option<String> {
    let last = order.declines().next_back()?;
    let wait = retry_advice_wait(code_of(last)?.advice?)?;
    (request.at < last.at + wait).then(|| {
        format!(
            "attempted before the {} h of advice {} had passed",
            wait.as_secs() / HOUR.as_secs(),
            last.advice.as_deref().unwrap_or_default()
        )
    })
}

fn code_of(earlier: &Earlier) -> Option<Code> {
    let advice = earlier.advice.as_deref().and_then(|advice| advice.as_bytes().try_into().ok());
    Some(Code { response: earlier.code.as_bytes().try_into().ok()?, advice })
}
