//! One operation of the page.

use serde_json::Value;

use super::{Entry, curl, html::Html, list, prose, types};

/// The whole article.
pub fn article(page: &mut Html, document: &Value, entry: Entry<'_>) {
    let id = entry.text("operationId");
    page.raw("<article id=\"").text(id).raw("\" aria-labelledby=\"").text(id).raw("-title\">\n<h3 id=\"").text(id);
    page.raw("-title\">").text(entry.text("summary"));
    if entry.value["deprecated"] == true {
        page.raw(" <span class=\"badge\">deprecated</span>");
    }
    page.raw(" <a class=\"anchor\" href=\"#").text(id).raw("\" aria-label=\"Link to this operation\">#</a></h3>\n");
    page.raw("<p class=\"call\"><span class=\"verb ").raw(entry.method).raw("\">").raw(entry.method).raw("</span> <code>");
    path(page, entry.path);
    page.raw("</code></p>\n");
    facts(page, entry);
    prose::blocks(page, entry.text("description"));
    parameters(page, entry);
    request(page, document, entry);
    answers(page, document, entry);
    page.raw("</article>\n");
}

fn path(page: &mut Html, path: &str) {
    for part in path.split('/').skip(1) {
        page.raw("/");
        if part.starts_with('{') {
            page.element("var", "", part)
        } else {
            page.text(part)
        };
        page.raw("<wbr>");
    }
}

fn facts(page: &mut Html, entry: Entry<'_>) {
    page.raw("<p class=\"facts\">");
    let needed: Vec<&Value> = list(&entry.value["security"]).collect();
    page.raw(match needed.as_slice() {
        [] => "No credentials",
        [only] if only.get("processorSignature").is_some() => "Processor's signature",
        [_] => "Bearer token",
        _ => "Bearer token, or <code>mid</code> and <code>environment</code> in the query",
    });
    if let Some(scope) = entry.value["x-scope"].as_str() {
        page.raw(" · scope ").element("code", "", scope);
    }
    if let Some(class) = entry.value["x-rate-limit"].as_str() {
        page.raw(" · rate limit ").element("code", "", class);
    }
    page.raw("</p>\n");
}

fn parameters(page: &mut Html, entry: Entry<'_>) {
    let all: Vec<&Value> = list(&entry.value["parameters"]).collect();
    if all.is_empty() {
        return;
    }
    page.raw("<h4>Parameters</h4>\n<table><thead><tr><th>Name</th><th>Type</th><th>Meaning</th></tr></thead><tbody>\n");
    for parameter in all {
        let name = parameter["name"].as_str().unwrap_or_default();
        page.raw("<tr><td>").element("code", "", name).raw(" ");
        page.element("span", "in", parameter["in"].as_str().unwrap_or_default()).raw("</td><td>");
        types::kind(page, &parameter["schema"]);
        page.raw("</td><td>");
        prose::line(page, parameter["description"].as_str().unwrap_or_default());
        types::rules(page, &parameter["schema"]);
        page.raw("</td></tr>\n");
    }
    page.raw("</tbody></table>\n");
}

fn request(page: &mut Html, document: &Value, entry: Entry<'_>) {
    let contents = entry.value["requestBody"]["content"].as_object();
    let mut shown = false;
    for (content_type, media) in contents.into_iter().flatten() {
        page.raw("<h4>Request ").element("code", "", content_type).raw("</h4>\n");
        types::body(page, document, &media["schema"]);
        for (_, example) in media["examples"].as_object().into_iter().flatten() {
            shown = true;
            command(
                page,
                example["summary"].as_str().unwrap_or_default(),
                &curl::line(entry, Some((content_type, &example["value"]))),
            );
        }
    }
    if !shown && entry.method != "options" {
        command(page, "Call", &curl::line(entry, None));
    }
}

fn command(page: &mut Html, summary: &str, line: &str) {
    page.raw("<figure><figcaption>").text(summary).raw("</figcaption><pre tabindex=\"0\"><code>").text(line);
    page.raw("</code></pre></figure>\n");
}

fn answers(page: &mut Html, document: &Value, entry: Entry<'_>) {
    page.raw("<h4>Answers</h4>\n<dl class=\"answers\">\n");
    let mut shared = vec![];
    for (status, response) in entry.value["responses"].as_object().into_iter().flatten() {
        if let Some(name) = response["$ref"].as_str().and_then(|target| target.rsplit('/').next()) {
            shared.push((status, name));
            continue;
        }
        page.raw("<dt><code class=\"status s").raw(&status[..1]).raw("\">").text(status).raw("</code></dt><dd><p>");
        prose::line(page, response["description"].as_str().unwrap_or_default());
        page.raw("</p>\n");
        for (content_type, media) in response["content"].as_object().into_iter().flatten() {
            if content_type == "application/problem+json" {
                continue;
            }
            if content_type != "application/json" {
                page.element("p", "facts", content_type);
            }
            types::body(page, document, &media["schema"]);
            for (_, example) in media["examples"].as_object().into_iter().flatten() {
                let text = serde_json::to_string_pretty(&example["value"]).unwrap_or_default();
                command(page, example["summary"].as_str().unwrap_or_default(), &text);
            }
        }
        page.raw("</dd>\n");
    }
    page.raw("</dl>\n");
    if !shared.is_empty() {
        page.raw("<p class=\"facts\">Also ");
        for (place, (status, name)) in shared.into_iter().enumerate() {
            page.raw(if place == 0 { "" } else { " · " }).link(&format!("#error-{name}"), "", &format!("{status} {name}"));
        }
        page.raw("</p>\n");
    }
}
