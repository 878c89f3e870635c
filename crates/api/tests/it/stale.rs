//! Every operation that takes a bearer token, asked with one that has run out.

use domain::time::MINUTE;
use http::Method;
use serde_json::{Value, json};

use crate::support::App;

/// Lives 10 minutes, with a minute of leeway.
const TOKEN_LIFE_MINUTES: u32 = 12;

#[tokio::test]
async fn no_operation_takes_a_token_that_has_run_out() {
    let app = App::start().await;
    let token = app.token().await;
    assert_eq!(app.get("/v1/orders", &token).await.status, 200);
    app.engine.clock().advance(MINUTE * TOKEN_LIFE_MINUTES);
    let document = recoup_api::description();
    let mut asked = 0;
    for (method, path) in guarded(&document) {
        let answer = app.call(method.clone(), &path, Some(&token), Some(&json!({}))).await;
        let said = (answer.status.as_u16(), answer.json()["statusCode"].clone());
        assert_eq!(said, (401, json!("40102")), "{method} {path}: {}", answer.body);
        assert!(answer.header("www-authenticate").contains("invalid_token"), "{method} {path}");
        asked += 1;
    }
    assert!(asked > 80, "only {asked} operations were asked");
}

/// The operations that a bearer token opens, with some id in their paths.
fn guarded(document: &Value) -> Vec<(Method, String)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        let members = item.as_object().into_iter().flatten();
        members.filter_map(move |(verb, operation)| Some((verb.to_uppercase().parse().ok()?, path, operation)))
    });
    let by_bearer = |operation: &Value| {
        let ways = operation["security"].as_array().into_iter().flatten();
        ways.filter_map(Value::as_object).any(|way| way.contains_key("bearer"))
    };
    operations
        .filter(|(_, _, operation)| by_bearer(operation))
        .map(|(method, path, _): (Method, _, _)| (method, filled(path)))
        .collect()
}

fn filled(template: &str) -> String {
    let part =
        |part: &str| if part.starts_with('{') { "0b9e0000-0000-7000-8000-000000000000".to_owned() } else { part.to_owned() };
    template.split('/').map(part).collect::<Vec<_>>().join("/")
}
