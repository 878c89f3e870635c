//! Every operation of the document that the server gives of itself, asked by everybody who must not be answered. An
//! operation that this sweep cannot fill fails it: whoever adds one says here whose objects it names.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use recoup_tests::{Client, Keys, Receiver, Reply, Rig, Server, Shop, body, card, cast, guid};
use reqwest::Method;
use serde_json::{Value, json};

/// An operation that needs a bearer.
#[derive(Debug, Clone)]
struct Operation {
    id: String,
    method: Method,
    template: String,
    /// The document's own example of the body.
    example: Option<Value>,
    /// Names of query parameters.
    query: Vec<String>,
    /// Those that must be there, filled.
    needed: String,
    /// Names of the body's members.
    members: Vec<String>,
    content_type: String,
}

/// Operations whose bearer is optional or that answer everybody by design: the reason stands beside each.
const NOT_BY_BEARER: [&str; 0] = [];

async fn operations(server: &Server) -> Vec<Operation> {
    let document = server.client().get("/openapi.json").await.must(200).json;
    let mut found = vec![];
    for (template, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
            if !known.contains(&method) || !needs_bearer(&document, operation) {
                continue;
            }
            found.push(read(&document, template, method, operation));
        }
    }
    assert!(found.len() >= 20, "only {} operations need a bearer: is the document whole?", found.len());
    found
}

/// A bearer is the only way in.
fn needs_bearer(document: &Value, operation: &Value) -> bool {
    let security = operation.get("security").or_else(|| document.get("security"));
    let ways = security.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    !ways.is_empty()
        && ways.iter().all(|way| way.as_object().is_some_and(|way| way.keys().any(|name| name.to_lowercase().contains("bearer"))))
}

fn read(document: &Value, template: &str, method: Method, operation: &Value) -> Operation {
    let contents = operation["requestBody"]["content"].as_object().cloned().unwrap_or_default();
    let content = contents.iter().find(|(kind, _)| kind.contains("json")).or_else(|| contents.iter().next());
    let (content_type, media) = content.map_or((String::new(), Value::Null), |(kind, media)| (kind.clone(), media.clone()));
    let examples = media["examples"].as_object().cloned().unwrap_or_default();
    let example = media
        .get("example")
        .cloned()
        .or_else(|| examples.values().next().map(|example| resolve(document, example)["value"].clone()));
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let parameters = parameters.iter().map(|parameter| resolve(document, parameter));
    let query: Vec<_> = parameters.filter(|parameter| parameter["in"] == "query").collect();
    let needed = query
        .iter()
        .filter(|parameter| parameter["required"] == true || template.starts_with("/v1/reports/"))
        .map(|parameter| (parameter["name"].as_str().unwrap_or_default(), parameter["required"] == true));
    let mut members = vec![];
    collect_members(document, &media["schema"], &mut members, 0);
    Operation {
        id: operation["operationId"].as_str().unwrap_or(template).to_owned(),
        method,
        template: template.to_owned(),
        example,
        needed: needed.map(|(name, required)| filled(name, required)).collect(),
        query: query.iter().filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect(),
        members,
        content_type,
    }
}

/// A value for a query parameter that must be there.
fn filled(name: &str, required: bool) -> String {
    let value = match name {
        "from" => "2026-11-01",
        "to" => "2026-11-20",
        "url" => "https://shop.example/",
        _ if !required => return String::new(),
        other => panic!("the sweep cannot fill the query parameter {other}"),
    };
    format!("&{name}={value}")
}

fn resolve<'d>(document: &'d Value, value: &'d Value) -> Value {
    let target = value["$ref"].as_str().and_then(|path| document.pointer(path.trim_start_matches('#')));
    target.unwrap_or(value).clone()
}

fn collect_members(document: &Value, schema: &Value, members: &mut Vec<String>, depth: usize) {
    let schema = resolve(document, schema);
    for name in schema["properties"].as_object().map(|of| of.keys().cloned().collect::<Vec<_>>()).unwrap_or_default() {
        members.push(name);
    }
    for list in ["allOf", "anyOf", "oneOf"] {
        for part in schema[list].as_array().cloned().unwrap_or_default() {
            if depth < 4 {
                collect_members(document, &part, members, depth + 1);
            }
        }
    }
}

/// Objects of one tenant: what stands for each parameter of a path.
struct Belongings {
    owner: Client,
    shop: &'static Shop,
    by_template: BTreeMap<String, String>,
    /// Texts that nobody else may ever see.
    secrets: Vec<String>,
    _receiver: Receiver,
}

impl Belongings {
    /// Makes one of everything.
    async fn of(server: &Server, shop: &'static Shop, keys: &Keys, operations: &[Operation]) -> Self {
        let (owner, receiver) = (server.login(keys).await, Receiver::start().await);
        let marker = format!("secret-of-{}", guid());
        let sent = body::with(body::cit(card::APPROVED), "/orderId", json!(format!("INV-{marker}")));
        let order = owner.evaluate(&sent).await.order();
        let copied = body::with(body::copy(true), "/orderId", json!(format!("TX-{marker}")));
        let transmit = owner.post("/v1/transmit", &copied).await.must(200).text("transmitId").to_owned();
        let draft = json!({"url": receiver.url, "events": ["*"], "description": marker});
        let webhook = owner.post("/v1/webhooks", &draft).await.must(201).text("id").to_owned();
        let delivery = owner.post(&format!("/v1/webhooks/{webhook}/test"), &json!({})).await.must(200).text("id").to_owned();
        let token = owner.tokenize(card::APPROVED, None).await;
        let hooks = format!("/v1/webhooks/{webhook}");
        let by_template = [
            ("/v1/orders/{id}", format!("/v1/orders/{order}")),
            ("/v1/transmit/{id}", format!("/v1/transmit/{transmit}")),
            ("/v1/transmit/{transmitId}", format!("/v1/transmit/{transmit}")),
            ("/v1/webhooks/{id}", hooks.clone()),
            ("/v1/webhooks/{id}/deliveries/{delivery}", format!("{hooks}/deliveries/{delivery}")),
            ("/v1/webhooks/{id}/deliveries/{deliveryId}", format!("{hooks}/deliveries/{delivery}")),
            ("/v1/tokens/{token}", format!("/v1/tokens/{token}")),
            ("/v1/merchants/{mid}", format!("/v1/merchants/{}", shop.mid)),
            ("/v1/merchants/{id}", format!("/v1/merchants/{}", shop.mid)),
            ("/v1/sites/{siteId}", format!("/v1/sites/{}", shop.site)),
            ("/v1/sites/{id}", format!("/v1/sites/{}", shop.site)),
            ("/v1/api-keys/{id}", format!("/v1/api-keys/{}", shop.mid)),
        ];
        let mut made = Self {
            owner,
            shop,
            by_template: by_template.map(|(template, path)| (template.to_owned(), path)).into(),
            secrets: vec![marker, order, transmit, webhook, delivery, token],
            _receiver: receiver,
        };
        made.make_the_rest(server, operations).await;
        made
    }

    /// Objects of resources that have a `POST` with an example: made from it, by the owner or the operator.
    async fn make_the_rest(&mut self, server: &Server, operations: &[Operation]) {
        let (operator, rival) = (server.login(&cast().operator).await, server.login(&rival(server)).await);
        self.make_chargeback(&operator).await;
        self.make_payout(&operator).await;
        let mut templates: Vec<String> = operations.iter().filter_map(|operation| object_of(&operation.template)).collect();
        templates.sort_by_key(String::len);
        templates.dedup();
        for template in templates {
            if self.path(&template).is_some() {
                continue;
            }
            let (parent, _) = template.rsplit_once('/').expect("a template has segments");
            let Some(make) = operations.iter().find(|operation| operation.template == parent && operation.method == Method::POST)
            else {
                continue;
            };
            let Some(path) = self.path(parent) else { continue };
            let mut example = make.example.clone().unwrap_or_else(|| json!({}));
            unique(&mut example);
            if make.members.iter().any(|member| member == "mid") {
                example["mid"] = json!(self.shop.mid);
            }
            for client in [&self.owner, &rival, &operator] {
                let (headers, body) = match make.content_type.starts_with("multipart/") {
                    true => (vec![("content-type", MULTIPART)], FORM.to_owned()),
                    false => (vec![], example.to_string()),
                };
                let reply = client.send(Method::POST, &path, &headers, Some(body)).await;
                let id =
                    ["id", "applicationId", "uploadedDocumentId", "adviceId"].iter().find_map(|name| reply.json[name].as_str());
                if let (200..=202, Some(id)) = (reply.status, id) {
                    self.by_template.insert(template.clone(), format!("{path}/{id}"));
                    self.secrets.push(id.to_owned());
                    break;
                }
            }
        }
    }

    /// Disputes come from the operator.
    async fn make_chargeback(&mut self, operator: &Client) {
        let draft = json!({
            "mid": self.shop.mid, "orderId": self.secrets[1], "reference": guid(), "amount": 1999, "currency": "USD",
            "reasonCode": "10.4", "stage": "chargeback",
        });
        let reply = operator.post("/v1/chargebacks", &draft).await;
        if let (200..=202, Some(id)) = (reply.status, reply.json["id"].as_str()) {
            self.by_template.insert("/v1/chargebacks/{id}".into(), format!("/v1/chargebacks/{id}"));
            self.secrets.push(id.to_owned());
        }
    }

    /// A settlement opens by itself, and its payout comes when the operator closes it.
    async fn make_payout(&mut self, operator: &Client) {
        let owner = &self.owner;
        let settlement = recoup_tests::until("a settlement is open", || async {
            let list = owner.get("/v1/settlements").await.must(200).json;
            list["rows"][0]["id"].as_str().map(str::to_owned)
        })
        .await;
        let path = format!("/v1/settlements/{settlement}");
        operator.post(&format!("{path}/adjustments"), &json!({"amount": 500, "note": "sweep"})).await.must(201);
        operator.post(&format!("{path}/close"), &json!({})).await.must(200);
        let payout = owner.get("/v1/payouts").await.must(200).json["rows"][0]["id"].as_str().expect("a payout").to_owned();
        self.by_template.insert("/v1/settlements/{id}".into(), path);
        self.by_template.insert("/v1/payouts/{id}".into(), format!("/v1/payouts/{payout}"));
        self.secrets.extend([settlement, payout]);
    }

    /// The path of an operation with the objects of this tenant in it.
    fn path(&self, template: &str) -> Option<String> {
        if !template.contains('{') {
            return Some(template.to_owned());
        }
        let known =
            self.by_template.iter().filter(|(known, _)| template == known.as_str() || template.starts_with(&format!("{known}/")));
        let (known, path) = known.max_by_key(|(known, _)| known.len())?;
        let rest = &template[known.len()..];
        (!rest.contains('{')).then(|| format!("{path}{rest}"))
    }
}

const MULTIPART: &str = "multipart/form-data; boundary=edge";
/// A small document.
const FORM: &str = "--edge\r\ncontent-disposition: form-data; name=\"documentType\"\r\n\r\nID\r\n--edge\r\n\
    content-disposition: form-data; name=\"document\"; filename=\"id.pdf\"\r\ncontent-type: application/pdf\r\n\r\n\
    %PDF-1.4\n%%EOF\n\r\n--edge--\r\n";

/// A partner that has nothing to do with any of the cast.
fn rival(server: &Server) -> Keys {
    let partner = server.run(&["partner", "create", "--name", &format!("Rival {}", guid())]);
    let id = partner["id"].as_str().expect("an id");
    let made = server.run(&["key", "create", "--name", "rival", "--partner", id]);
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") }
}

/// `/v1/things/{id}/parts/{part}/verb` is about `/v1/things/{id}/parts/{part}`.
fn object_of(template: &str) -> Option<String> {
    template.rfind('}').map(|end| template[..=end].to_owned())
}

/// Names and ids of an example that must be unique are made so.
fn unique(example: &mut Value) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    if let Some(members) = example.as_object_mut() {
        for name in ["name", "email", "idempotencyKey", "orderId", "reference", "referenceNumber"] {
            if let Some(Value::String(text)) = members.get_mut(name) {
                *text = if name == "email" { format!("s{count}-{text}") } else { format!("{text}-{count}") };
            }
        }
    }
}

fn body_of(operation: &Operation) -> Option<String> {
    let writes = operation.method != Method::GET && operation.method != Method::DELETE;
    writes.then(|| operation.example.clone().unwrap_or_else(|| json!({})).to_string())
}

async fn send(client: &Client, operation: &Operation, path: &str, body: Option<String>) -> Reply {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path = &format!("{path}?{query}{}", operation.needed);
    if operation.content_type.starts_with("multipart/") {
        let headers = [("content-type", MULTIPART)];
        return client.send(operation.method.clone(), path, &headers, body.map(|_| FORM.to_owned())).await;
    }
    let json = operation.content_type.is_empty() || operation.content_type.contains("json");
    let headers = if json { vec![] } else { vec![("content-type", operation.content_type.as_str())] };
    client.send(operation.method.clone(), path, &headers, body).await
}

/// What people do with their own sessions (`wire-api` §2.3): keys are refused by their role, `logins.rs` has the rest.
fn is_of_people(operation: &Operation) -> bool {
    operation.template.starts_with("/v1/auth/")
}

/// No objects are named: what is wrong with the caller is found before.
fn any_path(template: &str) -> String {
    let mut path = template.to_owned();
    while let Some((start, end)) = path.find('{').zip(path.find('}')) {
        path.replace_range(start..=end, &guid());
    }
    path
}

/// Tokens that are none, each wrong in one way.
fn forgeries(token: &str) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = token.split('.').collect();
    let decode = |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON") };
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let (header, claims) = (decode(parts[0]), decode(parts[1]));
    let with = |name: &str, value: Value| body::with(header.clone(), &format!("/{name}"), value);
    let foreign = |claims: &Value, header: &Value, algorithm| {
        let signed = format!("{}.{}", encode(header), encode(claims));
        let tag = hmac::sign(&hmac::Key::new(algorithm, b"a key that anybody could have made up"), signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
    };
    let mighty = body::with(body::with(claims.clone(), "/role", json!("operator")), "/custom:mid", json!(cast().stranger.mid));
    let last = if parts[2].starts_with('A') { "B" } else { "A" };
    vec![
        ("malformed", "nonsense".into()),
        ("two parts", parts[..2].join(".")),
        ("without algorithm", format!("{}.{}.", encode(&with("alg", json!("none"))), parts[1])),
        ("without algorithm, signed", format!("{}.{}.{}", encode(&with("alg", json!("none"))), parts[1], parts[2])),
        ("another algorithm", foreign(&claims, &with("alg", json!("HS512")), hmac::HMAC_SHA512)),
        ("another key id", format!("{}.{}.{}", encode(&with("kid", json!("2020-01a"))), parts[1], parts[2])),
        ("signature cut", format!("{}.{}.{}", parts[0], parts[1], &parts[2][..20])),
        ("signature changed", format!("{}.{}.{last}{}", parts[0], parts[1], &parts[2][1..])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("another key", foreign(&claims, &header, hmac::HMAC_SHA256)),
        ("claims changed", format!("{}.{}.{}", parts[0], encode(&mighty), parts[2])),
    ]
}

/// Expired tokens need a clock that can be set: `crates/api/tests/it/token.rs` has them.
fn unauthorized(reply: &Reply, code: u32, what: &str) {
    assert_eq!(reply.status, 401, "{what}: {reply:?}");
    reply.assert_error(code);
    assert_eq!(reply.json["errors"], json!([]), "{what}");
    assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"recoup\", error=\"invalid_token\"", "{what}");
}

fn unlimited() -> Rig {
    Rig::default().config("limits", "read_per_sec = 0\nmanagement_per_sec = 0\nevaluate_per_sec = 0\ntransmit_per_sec = 0")
}

#[tokio::test]
async fn without_a_good_token_nothing_is_answered() {
    let server = unlimited().start().await;
    let (shop, live) = (server.shop().await, server.live_client());
    let token = shop.token().expect("a token").to_owned();
    let foreign = live.with_token(Some(&token));
    let forgeries = forgeries(&token);
    for operation in operations(&server).await {
        let (path, sent) = (any_path(&operation.template), body_of(&operation));
        let what = |how: &str| format!("{} {} {how}", operation.method, operation.template);
        unauthorized(&send(&server.client(), &operation, &path, sent.clone()).await, 40101, &what("without a token"));
        for (how, forged) in &forgeries {
            let client = server.client().with_token(Some(forged));
            unauthorized(&send(&client, &operation, &path, sent.clone()).await, 40101, &what(how));
        }
        let elsewhere = send(&foreign, &operation, &path, sent).await;
        if is_of_people(&operation) && elsewhere.status == 403 {
            // Sessions of people belong to no environment; a key has none.
            elsewhere.assert_error(40303);
        } else {
            unauthorized(&elsewhere, 40103, &what("on the other environment's listener"));
        }
    }
    // The token itself is good.
    shop.get("/v1/orders").await.must(200);
}

#[tokio::test]
async fn a_key_without_the_scope_gets_nothing() {
    let server = unlimited().prepare();
    // A scope that no operation asks for.
    let made = server.run(&["key", "create", "--name", "nothing", "--mid", &cast().shop.mid, "--scope", "nothing-at-all"]);
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    let keys = Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") };
    let server = server.started().await;
    let client = server.login(&keys).await;
    let operations = operations(&server).await;
    let mine = Belongings::of(&server, &cast().shop, &cast().shop.sandbox, &operations).await;
    for operation in operations.iter().filter(|operation| !is_of_people(operation)) {
        let path = mine.path(&operation.template).unwrap_or_else(|| any_path(&operation.template));
        let reply = send(&client, operation, &path, body_of(operation)).await;
        let what = format!("{} {} ({}): {reply:?}", operation.method, operation.template, operation.id);
        assert_eq!(reply.status, 403, "{what}");
        assert!(["40302", "40303"].contains(&reply.text("statusCode")), "{what}");
    }
}

#[tokio::test]
async fn anothers_objects_are_unknown_to_everybody() {
    let server = unlimited().start().await;
    let operations = operations(&server).await;
    let theirs = Belongings::of(&server, &cast().stranger, &cast().stranger.sandbox, &operations).await;
    let unfilled: Vec<_> = operations.iter().filter(|operation| theirs.path(&operation.template).is_none()).collect();
    let unfilled: Vec<_> = unfilled.iter().map(|operation| format!("{} {}", operation.method, operation.template)).collect();
    assert!(unfilled.is_empty(), "the sweep has no object for:\n{}", unfilled.join("\n"));
    let callers = [
        ("another merchant", server.login(&cast().shop.sandbox).await),
        ("a partner of others", server.login(&cast().partner).await),
        ("the other environment", server.login(&cast().stranger.production).await),
    ];
    let shared = ["/v1/merchants", "/v1/sites", "/v1/users", "/v1/processors", "/v1/routes", "/v1/api-keys/{id}"];
    for (who, client) in &callers {
        for operation in &operations {
            let path = theirs.path(&operation.template).expect("filled above");
            let named = operation.template.contains('{');
            // Records of both environments are the same merchant's own (§1.1).
            let own = *who == "the other environment" && shared.iter().any(|prefix| operation.template.starts_with(prefix));
            if own || NOT_BY_BEARER.contains(&operation.id.as_str()) {
                continue;
            }
            let reply = send(client, operation, &path, if named { body_of(operation) } else { None }).await;
            let what = format!("{who}: {} {path} ({}): {reply:?}", operation.method, operation.id);
            if named {
                assert!(matches!(reply.status, 403 | 404), "{what}");
                assert!(["40301", "40303", "40401", "40302"].contains(&reply.text("statusCode")), "{what}");
            }
            let told = &reply.text.replace(&path, "");
            for secret in &theirs.secrets {
                assert!(!told.contains(secret.as_str()), "{secret} is told: {what}");
            }
        }
    }
    // Nobody's attempt changed anything.
    assert!(theirs.owner.get(&theirs.by_template["/v1/orders/{id}"]).await.must(200).text.contains("secret-of-"));
    theirs.owner.get(&theirs.by_template["/v1/webhooks/{id}"]).await.must(200);
}

#[tokio::test]
async fn another_merchant_cannot_be_named() {
    let server = unlimited().start().await;
    let operations = operations(&server).await;
    let stranger = &cast().stranger.mid;
    let callers = [("a merchant", server.shop().await), ("a partner", server.login(&cast().partner).await)];
    let mine = Belongings::of(&server, &cast().shop, &cast().shop.sandbox, &operations).await;
    let mut named = 0;
    for (who, client) in &callers {
        for operation in &operations {
            let Some(path) = mine.path(&operation.template) else { continue };
            let is_delete = operation.method == Method::DELETE;
            if operation.query.iter().any(|name| name == "mid") && !is_delete {
                named += 1;
                let reply = send(client, operation, &format!("{path}?mid={stranger}"), body_of(operation)).await;
                // A merchant is shown itself (§10.1), and objects that it names by their ids, whatever else it asks for.
                let is_own = operation.template == "/v1/merchants" || operation.template.contains('{');
                if is_own && reply.text.contains(&cast().shop.mid) {
                    assert!(!reply.text.contains(stranger.as_str()), "{who}: {reply:?}");
                    continue;
                }
                refused(&reply, &format!("{who}: {} {path}?mid=", operation.method));
            }
            if operation.members.iter().any(|name| name == "mid") && !is_delete {
                named += 1;
                let mut example = operation.example.clone().unwrap_or_else(|| json!({}));
                unique(&mut example);
                example["mid"] = json!(stranger);
                let reply = send(client, operation, &path, Some(example.to_string())).await;
                if operation.template.contains('{') {
                    // The object is named by its id; the merchant beside it moves nothing and tells nothing.
                    assert!(!reply.text.contains(stranger.as_str()), "{who}: {} {path}: {reply:?}", operation.method);
                    continue;
                }
                refused(&reply, &format!("{who}: {} {path} with mid in its body", operation.method));
            }
        }
    }
    assert!(named > 10, "only {named} calls name a merchant");
    for list in ["/v1/orders", "/v1/webhooks", "/v1/events"] {
        let theirs = server.login(&cast().stranger.sandbox).await.get(list).await.must(200);
        assert!(!theirs.text.contains(&cast().shop.mid), "nothing of the callers' went to the stranger: {theirs:?}");
    }
}

fn refused(reply: &Reply, what: &str) {
    // Where an object's merchant is fixed, another one is a fault of the request.
    if reply.status == 400 && reply.json["Mid"] == json!(["The field Mid is invalid."]) {
        return;
    }
    assert!(matches!(reply.status, 403 | 404), "{what}: {reply:?}");
    assert!(["40301", "40302", "40303", "40401"].contains(&reply.text("statusCode")), "{what}: {reply:?}");
    assert!(!reply.text.contains(&cast().stranger.site), "{what}");
}
