use std::collections::BTreeSet;

use serde_json::Value;

use super::{VARIABLES, collection, operations, text};

fn made() -> Value {
    collection(&api::description())
}

/// All requests, with their items' names.
fn requests(collection: &Value) -> Vec<(&str, &Value)> {
    let folders = collection["item"].as_array().unwrap().iter();
    let items = folders.flat_map(|folder| folder["item"].as_array().unwrap());
    items.map(|item| (item["name"].as_str().unwrap(), &item["request"])).collect()
}

#[test]
fn the_copy_in_the_handbook_is_this_one() {
    let kept = include_str!("../../../../docs/recoup.postman_collection.json");
    assert!(text(&api::description()) == kept, "write it anew: recoup openapi --postman > docs/recoup.postman_collection.json");
}

#[test]
fn every_operation_is_in_it_and_nothing_else() {
    let (document, collection) = (api::description(), made());
    let template = |path: &str| {
        path.split('/').map(|part| if part.starts_with(['{', ':']) { "*" } else { part }).collect::<Vec<_>>().join("/")
    };
    let described: BTreeSet<_> = operations(&document).map(|of| (of.method.clone(), template(of.path))).collect();
    let collected: BTreeSet<_> = requests(&collection)
        .into_iter()
        .map(|(_, request)| {
            let path = request["url"]["raw"].as_str().unwrap().strip_prefix("{{baseUrl}}").unwrap();
            (request["method"].as_str().unwrap().to_owned(), template(path))
        })
        .collect();
    assert_eq!(described, collected);
}

/// What format v2.1 asks of a collection, an item, an address and a body.
#[test]
fn the_form_is_that_of_version_2_1() {
    let collection = made();
    assert!(collection["info"]["name"].is_string() && collection["info"]["schema"] == super::SCHEMA);
    for folder in collection["item"].as_array().unwrap() {
        assert!(folder["name"].is_string() && !folder["item"].as_array().unwrap().is_empty(), "{}", folder["name"]);
    }
    let mut names = BTreeSet::new();
    for (name, request) in requests(&collection) {
        assert!(names.insert((name, request["url"]["raw"].as_str())), "{name} is there twice");
        let url = &request["url"];
        let path: Vec<_> = url["path"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
        assert_eq!(url["raw"].as_str().unwrap(), format!("{{{{baseUrl}}}}/{}", path.join("/")), "{name}");
        let variables: BTreeSet<_> =
            url["variable"].as_array().into_iter().flatten().map(|one| one["key"].as_str().unwrap()).collect();
        assert_eq!(path.iter().filter_map(|part| part.strip_prefix(':')).collect::<BTreeSet<_>>(), variables, "{name}");
        for list in [&request["header"], &url["query"]] {
            for one in list.as_array().into_iter().flatten() {
                assert!(one["key"].is_string() && one["value"].is_string(), "{name}: {one}");
            }
        }
        let Some(body) = request.get("body") else { continue };
        let mode = body["mode"].as_str().unwrap();
        assert!(["raw", "urlencoded", "formdata"].contains(&mode), "{name}: {mode}");
        match mode {
            "raw" => assert!(serde_json::from_str::<Value>(body["raw"].as_str().unwrap()).is_ok(), "{name}"),
            mode => assert!(body[mode].as_array().unwrap().iter().all(|one| one["key"].is_string()), "{name}"),
        }
    }
}

#[test]
fn variables_are_declared_and_credentials_are_variables() {
    let collection = text(&api::description());
    let declared: BTreeSet<_> = VARIABLES.iter().map(|(name, ..)| *name).collect();
    let used: BTreeSet<_> = collection.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()).collect();
    let strange: Vec<_> = used.iter().filter(|name| !name.starts_with('$') && !declared.contains(**name)).collect();
    assert!(strange.is_empty(), "{strange:?}");
    let collection = made();
    let (_, token) =
        requests(&collection).into_iter().find(|(_, request)| request["url"]["raw"] == "{{baseUrl}}/v1/oauth2/token").unwrap();
    let body: Value = serde_json::from_str(token["body"]["raw"].as_str().unwrap()).unwrap();
    assert_eq!((&body["AppKey"], &body["AppSecret"]), (&"{{appKey}}".into(), &"{{appSecret}}".into()));
    assert_eq!(token["auth"]["type"], "noauth");
    let (_, evaluate) =
        requests(&collection).into_iter().find(|(_, request)| request["url"]["raw"] == "{{baseUrl}}/v1/evaluate").unwrap();
    let body: Value = serde_json::from_str(evaluate["body"]["raw"].as_str().unwrap()).unwrap();
    assert_eq!(body["idempotencyKey"], "{{$guid}}");
}
