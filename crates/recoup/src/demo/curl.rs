//! Three lines to paste: a token, a card into the vault, a declined payment rescued.

use super::credentials::Credentials;

const JSON: &str = "-H 'Content-Type: application/json'";
/// Rescued in real time when its token was made with a CVV (`wire-api` §14.1).
const CARD: &str = "4111111111111111";

/// The three lines, for a POSIX shell; each works on what the one before has left in a variable.
pub fn lines(credentials: &Credentials) -> [String; 3] {
    let Credentials { base_url, mid, site_id, app_key, app_secret, .. } = credentials;
    let bearer = "-H \"Authorization: Bearer $TOKEN\"";
    let token = format!(
        "TOKEN=$(curl -s {base_url}/v1/oauth2/token {JSON} -d '{{\"AppKey\":\"{app_key}\",\"AppSecret\":\"{app_secret}\"}}' | {})",
        cut("\"accessToken\":")
    );
    let tokenize = format!(
        "CARD=$(curl -s {base_url}/v1/tokenize {bearer} {JSON} -d '{{\"payment_method\":{{\"credit_card\":{{\"number\":\"{CARD}\",\
         \"month\":12,\"year\":2031,\"verification_value\":\"123\",\"full_name\":\"Ada Byron\"}}}}}}' | {})",
        cut("\"payment_method\":{\"token\":")
    );
    let evaluate = format!(
        "curl -s {base_url}/v1/evaluate {bearer} {JSON} -d '{{\"mid\":\"{mid}\",\"siteId\":\"{site_id}\",\
         \"orderId\":\"INV-'$(date +%s)'\",\"idempotencyKey\":\"try-'$(date +%s)'\",\"isDeclined\":true,\
         \"transaction\":{{\"id\":\"T-'$(date +%s)'\",\"amount\":1999,\"currency\":\"USD\",\"responseCode\":\"05\",\
         \"responseCodeSource\":\"nmi\",\"avsResultCode\":\"NA\",\"cvvResultCode\":\"NA\",\"cavvResultCode\":\"NA\"}},\
         \"paymentMethod\":{{\"Token\":true,\"cardNumber\":\"'$CARD'\"}}}}'; echo"
    );
    [token, tokenize, evaluate]
}

/// The text behind a member's name, by what every POSIX system has.
fn cut(name: &str) -> String {
    format!("sed -n 's/.*{name}\"\\([^\"]*\\)\".*/\\1/p'")
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Made up.
    pub fn credentials() -> Credentials {
        let text = str::to_owned;
        Credentials {
            base_url: text("http://127.0.0.1:8080"),
            mid: text("0190aaaa-0000-7000-8000-000000000001"),
            site_id: text("0190aaaa-0000-7000-8000-000000000002"),
            app_key: text("rk_test_key"),
            app_secret: text("app-secret"),
            tokenization_key: text("rt_key"),
            webhook_key: text("AAECAw=="),
            portal_url: text("http://127.0.0.1:8080/portal"),
            portal_users: vec![],
        }
    }

    /// What a shell would hand to curl behind `-d`.
    fn body(line: &str) -> serde_json::Value {
        let data = line.split_once("-d '").unwrap().1;
        let data = data.split("}' | ").next().unwrap().split("}'; echo").next().unwrap();
        let data = data.replace("'$(date +%s)'", "1795170331").replace("'$CARD'", "0190aaaa-0000-7000-8000-000000000003");
        serde_json::from_str(&format!("{data}}}")).unwrap_or_else(|error| panic!("{error}: {data}"))
    }

    #[test]
    fn the_lines_send_what_the_contract_asks_for() {
        let [token, tokenize, evaluate] = lines(&credentials());
        assert_eq!(body(&token), serde_json::json!({"AppKey": "rk_test_key", "AppSecret": "app-secret"}));
        assert_eq!(body(&tokenize)["payment_method"]["credit_card"]["verification_value"], "123");
        let sent = body(&evaluate);
        assert_eq!(sent["orderId"], "INV-1795170331");
        assert_eq!(sent["paymentMethod"]["cardNumber"], "0190aaaa-0000-7000-8000-000000000003");
        assert_eq!(sent["transaction"]["amount"], 1_999);
    }

    #[test]
    fn every_line_is_one_line() {
        assert!(lines(&credentials()).iter().all(|line| !line.contains('\n')));
    }
}
