//! From an application to a merchant whose payments are rescued.

use std::{fs, path::Path};

use recoup_tests::{Client, Keys, Receiver, Reply, Server, body, body::with, card, cast, guid};
use reqwest::Method;
use serde_json::{Value, json};

const APPLICATIONS: &str = "/v1/onboarding/application";
const TAX_ID: &str = "98-7654321";
const ACCOUNT: &str = "730059981142";
const ROUTING: &str = "021000021";

fn application() -> Value {
    json!({
        "LegalEntityName": "Lovelace Books LLC", "DBA": "Lovelace Books", "descriptor": "LOVELACE BOOKS",
        "PrimaryContact": {"FirstName": "Ada", "LastName": "Byron", "Email": "ada@lovelace.example", "Phone": "+1 555 010 0199"},
        "TaxId": TAX_ID,
        "CustomerSupportInformation": {"SupportLink": "https://lovelace.example/help", "SupportEmail": "help@lovelace.example"},
        "BankAccountInformation": {"BankName": "First Bank", "AccountNumber": ACCOUNT, "RoutingNumber": ROUTING, "AccountType": "checking"},
        "Address": {"AddressLine1": "1 Engine Way", "City": "Albany", "State": "NY", "Zipcode": "12207", "Country": "United States"},
        "Website": "https://lovelace.example", "Mcc": 5942, "Urls": ["https://shop.lovelace.example"], "ExternalId": "m-1001",
    })
}

fn path(id: &str, step: &str) -> String {
    format!("{APPLICATIONS}/{id}/{step}")
}

async fn draft(partner: &Client) -> String {
    partner.post(APPLICATIONS, &application()).await.must(201).text("id").to_owned()
}

async fn step(client: &Client, id: &str, step: &str) -> Reply {
    client.send(Method::POST, &path(id, step), &[], None).await
}

async fn review(operator: &Client, id: &str, decision: &str) -> Reply {
    operator.post(&path(id, "review"), &json!({"decision": decision, "reason": "as seen"})).await
}

async fn approved(partner: &Client, operator: &Client) -> String {
    let id = draft(partner).await;
    assert_eq!(step(partner, &id, "submit").await.must(200).text("status"), "SUCCESS");
    for decision in ["start", "approve"] {
        review(operator, &id, decision).await.must(200);
    }
    id
}

/// A form with its fields in the order given; a file name makes a field a file.
fn form(fields: &[(&str, Option<&str>, &[u8])]) -> (String, Vec<u8>) {
    let boundary = format!("b{}", guid());
    let mut out = Vec::new();
    for (name, file, bytes) in fields {
        let file =
            file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream")).unwrap_or_default();
        out.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        out.extend(*bytes);
        out.extend(b"\r\n");
    }
    out.extend(format!("--{boundary}--\r\n").bytes());
    (format!("multipart/form-data; boundary={boundary}"), out)
}

async fn upload(client: &Client, id: &str, fields: &[(&str, Option<&str>, &[u8])]) -> Reply {
    let (content_type, bytes) = form(fields);
    client.send_bytes(Method::POST, &path(id, "documents"), &[("content-type", &content_type)], bytes).await
}

fn pdf(length: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((bytes.len()..length).map(|n| (n % 251) as u8));
    bytes
}

#[tokio::test]
async fn an_application_becomes_a_merchant_whose_payment_is_rescued() {
    let server = Server::start().await;
    let (partner, operator) = (server.login(&cast().partner).await, server.login(&cast().operator).await);
    let receiver = Receiver::start().await;
    let endpoint = partner.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    assert_eq!(endpoint.json["mid"], Value::Null);

    let made = partner.post(APPLICATIONS, &application()).await.must(201);
    let id = made.text("id").to_owned();
    let shown = ["status", "statusName", "dba", "taxId", "merchantId"].map(|member| made.json[member].clone());
    assert_eq!(shown, [json!("Draft"), json!("DRAFT"), json!("Lovelace Books"), json!("*****4321"), Value::Null]);
    assert_eq!(made.json["bankAccountInformation"]["accountNumber"], "*****1142");
    assert_eq!(made.json["bankAccountInformation"]["routingNumber"], "*****0021");
    assert_eq!(made.json["address"]["country"], "US");

    // What was read can be sent back; the sealed numbers stay.
    let changed = with(made.json.clone(), "/mcc", json!("5943")).to_string();
    let rewritten = partner.send(Method::PUT, &format!("{APPLICATIONS}/{id}"), &[], Some(changed)).await.must(200);
    assert_eq!((&rewritten.json["mcc"], &rewritten.json["taxId"]), (&json!("5943"), &json!("*****4321")));
    assert_eq!(rewritten.json["customerSupportInfo"], made.json["customerSupportInfo"]);

    let early = step(&partner, &id, "convert").await.must(200);
    assert_eq!((early.text("status"), &early.json["merchantId"]), ("FAILED", &Value::Null));
    let submitted = step(&partner, &id, "submit").await.must(200);
    assert_eq!(
        submitted.text,
        r#"{"status":"SUCCESS","success":true,"result":"Application submitted successfully.","statusCode":"200","errors":[],"customProperties":{}}"#
    );
    let again = step(&partner, &id, "submit").await.must(200);
    let found = ["status", "success", "statusCode"].map(|member| again.json[member].clone());
    assert_eq!(found, [json!("FAILED"), json!(false), json!("400")]);
    assert_eq!(again.json["errors"], json!(["Application is already submitted."]));
    partner.send(Method::PUT, &format!("{APPLICATIONS}/{id}"), &[], Some(application().to_string())).await.assert_error(40903);
    review(&partner, &id, "start").await.assert_error(40303);
    review(&operator, &id, "approve").await.assert_error(40903);
    assert_eq!(review(&operator, &id, "start").await.must(200).text("status"), "In Review");
    assert_eq!(review(&operator, &id, "approve").await.must(200).text("statusName"), "APPROVED");

    let converted = step(&partner, &id, "convert").await.must(200);
    assert_eq!(converted.member_names(), ["merchantId", "status", "success", "result", "errors"]);
    let mid = converted.text("merchantId").to_owned();
    assert_eq!(step(&partner, &id, "convert").await.must(200).text("merchantId"), mid);
    assert_eq!(partner.get(&format!("{APPLICATIONS}/{id}")).await.must(200).text("merchantId"), mid);
    let cancelled = step(&partner, &id, "cancel").await.must(200);
    assert_eq!(cancelled.json["errors"], json!(["Application is already converted."]));

    let merchant = server.run(&["merchant", "show", &mid]);
    assert_eq!(
        (&merchant["name"], &merchant["mcc"], &merchant["country"]),
        (&json!("Lovelace Books"), &json!("5943"), &json!("US"))
    );
    let sites = server.run(&["site", "list", "--mid", &mid]);
    assert_eq!(sites.as_array().map(Vec::len), Some(1));
    assert_eq!(sites[0]["urls"], json!(["https://lovelace.example", "https://shop.lovelace.example"]));
    assert_eq!((&sites[0]["descriptors"], &sites[0]["isDefault"]), (&json!(["LOVELACE BOOKS"]), &json!(true)));

    let keys = server.run(&["key", "create", "--mid", &mid, "--name", "server"]);
    let text = |member: &str| keys[member].as_str().expect("a text").to_owned();
    let keys = Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") };
    let shop = server.login(&keys).await;
    let rescued = shop.evaluate(&body::cit(card::APPROVED)).await;
    assert_eq!(rescued.verdict().0, "APPROVED");
    // The partner hears of its application and of its merchant's payments; its merchant sees nothing of that endpoint.
    let hit = receiver.event(&rescued.order(), "order.completed").await;
    assert_eq!(hit.payload["EventData"]["Mid"], json!(mid));
    let path = format!("/v1/webhooks/{}", endpoint.text("id"));
    shop.get(&path).await.assert_error(40401);
    assert!(!shop.get("/v1/webhooks").await.must(200).text.contains(endpoint.text("id")));
    shop.get(&format!("{APPLICATIONS}/{id}")).await.assert_error(40303);

    let hits =
        receiver.until("every event of the application", |hits| hits.iter().any(|hit| hit.event() == "application.converted"));
    let of_application: Vec<_> = hits.await.into_iter().filter(|hit| hit.event().starts_with("application.")).collect();
    let mut events: Vec<_> = of_application.iter().map(|hit| hit.event().to_owned()).collect();
    events.sort_unstable();
    let expected = ["application.approved", "application.converted", "application.in_review", "application.submitted"];
    assert_eq!(events, expected);
    let last = of_application.iter().find(|hit| hit.event() == "application.converted").expect("it came");
    assert_eq!(last.payload["EventData"], json!({"ApplicationId": id, "Status": "CONVERTED", "Reason": null, "MerchantId": mid}));
    assert_eq!(last.payload["OrderId"], Value::Null);
    let feed = partner.get("/v1/events?types=application.*").await.must(200);
    assert_eq!(feed.json["events"].as_array().map(Vec::len), Some(4));
    let feed = shop.get("/v1/events").await.must(200);
    assert!(feed.text.contains("order.completed") && !feed.text.contains("application."));
}

#[tokio::test]
async fn all_faults_are_told_at_once() {
    let server = Server::start().await;
    let partner = server.login(&cast().partner).await;
    let wrong = json!({
        "dba": " ", "descriptor": "x".repeat(26), "primaryContact": {"email": "ada", "phone": "1"}, "taxId": "?",
        "bankAccountInformation": {"accountNumber": "1", "routingNumber": "021000022"}, "address": {"country": "Atlantis"},
        "mcc": "59", "urls": ["javascript:x"], "website": {},
    });
    let faults = partner.post(APPLICATIONS, &wrong).await.faults();
    let paths: Vec<_> = faults.iter().map(|(path, _)| path.as_str()).collect();
    let expected = [
        "Address.Country",
        "BankAccountInformation.AccountNumber",
        "BankAccountInformation.RoutingNumber",
        "Dba",
        "Descriptor",
        "LegalEntityName",
        "Mcc",
        "PrimaryContact.Email",
        "PrimaryContact.Phone",
        "TaxId",
        "Urls[0]",
        "Website",
    ];
    assert_eq!(paths, expected);
    assert_eq!(faults[5].1, "The LegalEntityName field is required.");
    let id = draft(&partner).await;
    let operator = server.login(&cast().operator).await;
    assert_eq!(operator.post(&path(&id, "review"), &json!({"decision": "maybe"})).await.faults()[0].0, "Decision");
}

#[tokio::test]
async fn nobody_sees_the_applications_of_others() {
    let server = Server::start().await;
    let (partner, operator) = (server.login(&cast().partner).await, server.login(&cast().operator).await);
    let other = server.run(&["partner", "create", "--name", "Other"]);
    let other = other["id"].as_str().expect("an id");
    let login = async |further: &[&str]| {
        let made = server.run(&[&["key", "create", "--name", "server"], further].concat());
        let text = |member: &str| made[member].as_str().expect("a text").to_owned();
        server.login(&Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") }).await
    };
    let stranger = login(&["--partner", other]).await;
    let live = login(&["--operator", "--environment", "production"]).await;
    let id = approved(&partner, &operator).await;
    let of_operator = operator.post(APPLICATIONS, &application()).await.must(201).text("id").to_owned();
    let document = format!("documents/{}", guid());
    for (client, id) in [(&stranger, &id), (&live, &id), (&partner, &of_operator)] {
        client.get(&format!("{APPLICATIONS}/{id}")).await.assert_error(40401);
        client.send(Method::PUT, &format!("{APPLICATIONS}/{id}"), &[], Some(application().to_string())).await.assert_error(40401);
        for call in ["submit", "cancel", "convert"] {
            step(client, id, call).await.assert_error(40401);
        }
        client.get(&path(id, "documents")).await.assert_error(40401);
        client.get(&path(id, &document)).await.assert_error(40401);
        client.delete(&path(id, &document)).await.assert_error(40401);
        upload(client, id, &[("documentType", None, b"ID"), ("document", Some("a.pdf"), &pdf(100))]).await.assert_error(40401);
    }
    review(&live, &id, "start").await.assert_error(40401);
    let shop = server.shop().await;
    shop.post(APPLICATIONS, &application()).await.assert_error(40303);
    shop.get(&format!("{APPLICATIONS}/list")).await.assert_error(40303);
    assert_eq!(stranger.get(&format!("{APPLICATIONS}/list")).await.must(200).json["totalItemCount"], 0);
    assert_eq!(operator.get(&format!("{APPLICATIONS}/list")).await.must(200).json["totalItemCount"], 2);
    let narrow = login(&["--partner", other, "--scope", "webhooks"]).await;
    narrow.post(APPLICATIONS, &application()).await.assert_error(40302);
}

#[tokio::test]
async fn applications_are_listed_and_reviewed_at_the_shell() {
    let server = Server::start().await;
    let partner = server.login(&cast().partner).await;
    let mut ids = vec![];
    for dba in ["Beta", "alpha", "Gamma"] {
        let made = partner.post(APPLICATIONS, &with(application(), "/DBA", json!(dba))).await.must(201);
        ids.push(made.text("id").to_owned());
    }
    step(&partner, &ids[0], "submit").await.must(200);
    step(&partner, &ids[2], "cancel").await.must(200);
    let list = async |query: &str| {
        let page = partner.get(&format!("{APPLICATIONS}/list?{query}")).await.must(200);
        assert_eq!(page.member_names(), ["totalItemCount", "pageNumber", "pageSize", "rows"]);
        let rows = page.json["rows"].as_array().expect("rows").clone();
        let names: Vec<_> = rows.iter().map(|row| row["dba"].as_str().expect("a name").to_owned()).collect();
        (page.json["totalItemCount"].clone(), names)
    };
    for (query, total, names) in [
        ("", 3, &["Gamma", "alpha", "Beta"][..]),
        ("sortOrder=asc", 3, &["Beta", "alpha", "Gamma"]),
        ("sortBy=dba&sortOrder=asc", 3, &["alpha", "Beta", "Gamma"]),
        ("status=SUBMITTED", 1, &["Beta"]),
        ("status=draft,cancelled&sortOrder=asc", 2, &["alpha", "Gamma"]),
        ("pageSize=2&pageNumber=2", 3, &["Beta"]),
        ("pageSize=0&pageNumber=-1", 3, &["Gamma"]),
        ("createdFrom=2999-01-01", 0, &[]),
    ] {
        assert_eq!(list(query).await, (json!(total), names.iter().map(ToString::to_string).collect()), "{query}");
    }
    let row = partner.get(&format!("{APPLICATIONS}/list?status=SUBMITTED")).await.json["rows"][0].clone();
    assert_eq!(
        (row.as_object().map(serde_json::Map::len), &row["status"], &row["id"]),
        (Some(4), &json!("SUBMITTED"), &json!(ids[0]))
    );

    let listed = server.run(&["application", "list", "--status", "SUBMITTED"]);
    assert_eq!((listed.as_array().map(Vec::len), &listed[0]["id"]), (Some(1), &json!(ids[0])));
    assert_eq!(server.run(&["application", "show", &ids[0]])["taxId"], "*****4321");
    assert_eq!(server.run(&["application", "start", &ids[0]])["status"], "IN_REVIEW");
    let declined = server.run(&["application", "decline", &ids[0], "--reason", "no licence"]);
    assert_eq!((&declined["status"], &declined["reason"]), (&json!("DECLINED"), &json!("no licence")));
    let shown = partner.get(&format!("{APPLICATIONS}/{}", ids[0])).await.must(200);
    assert_eq!((shown.text("status"), shown.text("reason")), ("Declined", "no licence"));
}

#[tokio::test]
async fn documents_come_in_any_order_and_go_out_as_they_came() {
    let server = Server::start().await;
    let (partner, operator) = (server.login(&cast().partner).await, server.login(&cast().operator).await);
    let id = draft(&partner).await;
    let largest = pdf(10 * 1024 * 1024);
    let file = ("document", Some("statement größe.pdf"), largest.as_slice());
    let (kind, words) = (("documentType", None, &b"bankstatement"[..]), ("description", None, &b"November"[..]));
    let kept = upload(&partner, &id, &[file, words, kind]).await.must(200);
    assert_eq!(kept.member_names(), ["status", "success", "result", "uploadedDocumentId", "errors"]);
    assert_eq!((kept.text("status"), kept.text("result")), ("SUCCESS", "Document uploaded successfully."));
    let document = kept.text("uploadedDocumentId").to_owned();
    upload(&partner, &id, &[kind, ("document", Some("table.csv"), b"a;b\n1;2\n")]).await.must(200);
    let listed = partner.get(&path(&id, "documents")).await.must(200);
    assert_eq!(listed.json["totalItemCount"], 2);
    let row = &listed.json["rows"][0];
    let found = ["documentType", "fileName", "contentType", "size", "description"].map(|member| row[member].clone());
    let expected =
        [json!("BankStatement"), json!("statement größe.pdf"), json!("application/pdf"), json!(largest.len()), json!("November")];
    assert_eq!(found, expected);
    assert_eq!(partner.get(&format!("{APPLICATIONS}/{id}")).await.json["documents"], listed.json["rows"]);

    let download = partner.download(&path(&id, &format!("documents/{document}"))).await;
    assert_eq!((download.status, download.bytes == largest), (200, true));
    let header = |name: &str| download.headers[name].to_str().expect("text").to_owned();
    assert_eq!((header("content-type"), header("x-content-type-options")), ("application/pdf".into(), "nosniff".into()));
    assert!(header("content-disposition").starts_with("attachment; filename=\"statement gr__e.pdf\""));

    // One byte too many, and everything that is no document.
    upload(&partner, &id, &[kind, ("document", Some("a.pdf"), &pdf(10 * 1024 * 1024 + 1))]).await.assert_error(41300);
    upload(&partner, &id, &[kind, ("document", Some("a.pdf"), &pdf(30 * 1024 * 1024))]).await.assert_error(41300);
    for (fields, paths) in [
        (&[kind, ("document", Some("a.pdf"), &b"MZ\x90\0 program"[..])][..], &["Document"][..]),
        (&[kind, ("document", Some("a.exe"), b"%PDF-1.7")], &["Document"]),
        (&[kind, ("document", None, b"%PDF-1.7")], &["Document"]),
        (&[kind, ("document", Some("a.csv"), b"")], &["Document"]),
        (&[kind], &["Document"]),
        (&[("document", Some("a.pdf"), b"%PDF-1.7")], &["DocumentType"]),
        (&[("documentType", None, b"Passport"), ("document", Some("a.pdf"), b"%PDF-1.7")], &["DocumentType"]),
        (&[], &["Document", "DocumentType"]),
    ] {
        let faults = upload(&partner, &id, fields).await.faults();
        assert_eq!(faults.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), paths);
    }
    let (content_type, bytes) = form(&[kind, ("document", Some("a.pdf"), &pdf(700_000))]);
    let documents = path(&id, "documents");
    let send = async |content_type: &str, bytes: &[u8]| {
        partner.send_bytes(Method::POST, &documents, &[("content-type", content_type)], bytes.to_vec()).await
    };
    assert_eq!(send(&content_type, &bytes[..bytes.len() - 600]).await.faults()[0].0, "$", "truncated");
    assert_eq!(send("multipart/form-data; boundary=other", &bytes).await.faults()[0].0, "$", "another boundary");
    send("multipart/form-data", &bytes).await.assert_error(41500);
    send("application/json", b"{}").await.assert_error(41500);
    assert_eq!(partner.get(&documents).await.json["totalItemCount"], 2, "nothing half-done");

    // The same key again is the same document; nothing of what was refused is left behind.
    let keyed = [("content-type", content_type.as_str()), ("idempotency-key", "upload-1")];
    let first = partner.send_bytes(Method::POST, &documents, &keyed, bytes.clone()).await.must(200);
    let second = partner.send_bytes(Method::POST, &documents, &keyed, bytes.clone()).await.must(200);
    assert_eq!(first.text("uploadedDocumentId"), second.text("uploadedDocumentId"));
    assert_eq!(second.header("idempotent-replayed"), "true");
    partner.delete(&path(&id, &format!("documents/{}", first.text("uploadedDocumentId")))).await.must(204);
    partner.get(&path(&id, &format!("documents/{}", first.text("uploadedDocumentId")))).await.assert_error(40401);
    assert_eq!(parts(&server.data()), [document.clone(), listed.json["rows"][1]["id"].as_str().expect("an id").to_owned()]);

    // After the decision nothing changes any more; reading goes on.
    step(&partner, &id, "submit").await.must(200);
    for decision in ["start", "approve"] {
        review(&operator, &id, decision).await.must(200);
    }
    let refused = upload(&partner, &id, &[kind, ("document", Some("a.pdf"), &pdf(100))]).await.must(200);
    assert_eq!((refused.text("status"), &refused.json["uploadedDocumentId"]), ("FAILED", &Value::Null));
    partner.delete(&path(&id, &format!("documents/{document}"))).await.assert_error(40903);
    assert_eq!(operator.download(&path(&id, &format!("documents/{document}"))).await.bytes, largest);
}

/// The documents that any part is kept of, oldest first; panics when an upload is still noted.
fn parts(data: &Path) -> Vec<String> {
    let path = data.join("recoup.sqlite");
    let open = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY);
    let database = open.expect("the database can be read");
    let uploads: i64 = database.query_row("SELECT count(*) FROM uploads", [], |row| row.get(0)).expect("a count");
    assert_eq!(uploads, 0, "uploads are left");
    let mut statement = database.prepare("SELECT DISTINCT document FROM document_parts ORDER BY document").expect("the table");
    let rows = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).expect("rows");
    rows.map(|id| uuid::Uuid::from_bytes(id.expect("an id")).to_string()).collect()
}

#[tokio::test]
async fn an_application_has_only_so_many_documents() {
    let server = Server::start().await;
    let partner = server.login(&cast().partner).await;
    let id = draft(&partner).await;
    let file = ("document", Some("a.pdf"), &b"%PDF-1.7 short"[..]);
    for _ in 0..20 {
        assert_eq!(upload(&partner, &id, &[("documentType", None, b"ID"), file]).await.must(200).text("status"), "SUCCESS");
    }
    let refused = upload(&partner, &id, &[("documentType", None, b"ID"), file]).await.must(200);
    assert_eq!(refused.json["errors"], json!(["An application has at most 20 documents."]));
}

#[tokio::test]
async fn numbers_and_documents_are_nowhere_in_the_clear() {
    let mut server = Server::start().await;
    let (partner, operator) = (server.login(&cast().partner).await, server.login(&cast().operator).await);
    let receiver = Receiver::start().await;
    partner.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    let marked = "THE MARK OF THIS DOCUMENT";
    let id = draft(&partner).await;
    let file = [b"%PDF-1.7 ", marked.as_bytes()].concat();
    upload(&partner, &id, &[("documentType", None, b"ID"), ("document", Some("a.pdf"), &file)]).await.must(200);
    let wrong = with(application(), "/Mcc", json!("x"));
    assert_eq!(partner.post_with(APPLICATIONS, &[("idempotency-key", "1")], &wrong).await.status, 400);
    partner.post_with(APPLICATIONS, &[("idempotency-key", "2")], &application()).await.must(201);
    step(&partner, &id, "submit").await.must(200);
    server.run(&["application", "start", &id]);
    review(&operator, &id, "approve").await.must(200);
    step(&partner, &id, "convert").await.must(200);
    receiver.until("it is told", |hits| hits.iter().any(|hit| hit.event() == "application.converted")).await;
    let shown = server.run(&["application", "show", &id]).to_string();
    // After a rotation the numbers are still masked and the document still opens.
    server.run(&["vault", "rotate"]);
    let document = partner.get(&path(&id, "documents")).await.json["rows"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(partner.download(&path(&id, &format!("documents/{document}"))).await.bytes, file);
    server.terminate().await;
    let wanted = [TAX_ID, "987654321", ACCOUNT, ROUTING, marked];
    let holds = |bytes: &[u8]| {
        let narrow: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
        wanted.iter().find(|text| narrow.windows(text.len()).any(|window| window == text.as_bytes())).copied()
    };
    for entry in fs::read_dir(server.data()).expect("the folder").flatten().filter(|entry| entry.path().is_file()) {
        assert_eq!(holds(&fs::read(entry.path()).expect("a file")), None, "{}", entry.path().display());
    }
    assert_eq!(holds(server.logs().as_bytes()), None);
    assert_eq!(holds(shown.as_bytes()), None);
    for answer in server.transcript() {
        assert_eq!(holds(answer.as_bytes()), None, "{answer}");
    }
    for hit in receiver.hits() {
        assert_eq!(holds(&hit.body), None);
    }
}
