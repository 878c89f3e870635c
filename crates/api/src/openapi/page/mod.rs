//! The reference page: the document as HTML, rendered here so that it needs no script and no outside resource.

mod curl;
mod html;
mod operation;
mod prose;
mod types;

use html::Html;
use http::HeaderValue;
use serde_json::Value;

/// The page's style sheet.
pub const STYLE: &str = include_str!("style.css");
/// Only the own style sheet; no script, no frame, no form.
pub static POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

/// The methods of a path, in the order in which they are shown.
const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "options"];

/// One operation of the document.
#[derive(Clone, Copy)]
struct Entry<'d> {
    method: &'static str,
    path: &'d str,
    value: &'d Value,
}

impl<'d> Entry<'d> {
    fn text(&self, name: &str) -> &'d str {
        self.value[name].as_str().unwrap_or_default()
    }
}

/// Renders a document.
pub fn render(document: &Value) -> String {
    let entries = entries(document);
    let mut page = Html::default();
    let title = document["info"]["title"].as_str().unwrap_or("API");
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n").element("title", "", title);
    page.raw("\n<link rel=\"stylesheet\" href=\"/docs/style.css\">\n</head>\n<body>\n");
    page.raw("<a class=\"skip\" href=\"#main\">Skip to content</a>\n");
    navigation(&mut page, document, &entries);
    page.raw("<main id=\"main\">\n");
    introduction(&mut page, document);
    for tag in list(&document["tags"]) {
        chapter(&mut page, document, tag, &entries);
    }
    errors(&mut page, document);
    page.raw("<section aria-labelledby=\"types\">\n<h2 id=\"types\">Types</h2>\n");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        types::component(&mut page, document, name, schema);
    }
    page.raw("</section>\n</main>\n</body>\n</html>\n");
    page.finish()
}

fn entries(document: &Value) -> Vec<Entry<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| METHODS.iter().filter_map(move |method| Some(Entry { method, path, value: item.get(*method)? })))
        .collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The operations of a chapter, in its order.
fn of_tag<'d>(entries: &[Entry<'d>], tag: &Value) -> Vec<Entry<'d>> {
    let named = |id: &Value| entries.iter().copied().find(|entry| entry.value["operationId"] == *id);
    list(&tag["x-operations"]).filter_map(named).collect()
}

fn slug(tag: &str) -> String {
    format!("tag-{}", tag.to_ascii_lowercase().replace(' ', "-"))
}

fn navigation(page: &mut Html, document: &Value, entries: &[Entry<'_>]) {
    page.raw("<nav aria-label=\"Contents\">\n<p class=\"brand\"><a href=\"#main\">Recoup <span>API</span></a></p>\n<ul>\n");
    for tag in list(&document["tags"]) {
        let name = tag["name"].as_str().unwrap_or_default();
        page.raw("<li>").link(&format!("#{}", slug(name)), "chapter", name).raw("<ul>\n");
        for entry in of_tag(entries, tag) {
            let id = entry.text("operationId");
            page.raw("<li><a href=\"#").text(id).raw("\"><span class=\"verb ").raw(entry.method).raw("\">");
            page.raw(entry.method).raw("</span><span>").text(entry.text("summary")).raw("</span></a></li>\n");
        }
        page.raw("</ul></li>\n");
    }
    page.raw("<li><a class=\"chapter\" href=\"#errors\">Errors</a></li>\n");
    page.raw("<li><a class=\"chapter\" href=\"#types\">Types</a></li>\n</ul>\n</nav>\n");
}

fn introduction(page: &mut Html, document: &Value) {
    let info = &document["info"];
    page.raw("<header>\n<p class=\"eyebrow\">").text(info["summary"].as_str().unwrap_or_default()).raw("</p>\n");
    page.element("h1", "", info["title"].as_str().unwrap_or_default());
    page.raw("\n<p class=\"facts\">Version ").element("code", "", info["version"].as_str().unwrap_or_default());
    page.raw(" · OpenAPI 3.1: <a href=\"/openapi.json\">openapi.json</a></p>\n");
    prose::blocks(page, info["description"].as_str().unwrap_or_default());
    page.raw("<p>The examples are ready to paste into a shell once these two are set:</p>\n<pre tabindex=\"0\"><code>");
    page.text("export RECOUP=http://localhost:8080\n");
    page.text("export TOKEN=$(curl -s $RECOUP/v1/oauth2/token -d '{\"AppKey\":\"…\",\"AppSecret\":\"…\"}' \\\n");
    page.text("  -H 'Content-Type: application/json' | sed 's/.*\"accessToken\":\"\\([^\"]*\\)\".*/\\1/')");
    page.raw("</code></pre>\n</header>\n");
}

fn chapter(page: &mut Html, document: &Value, tag: &Value, entries: &[Entry<'_>]) {
    let name = tag["name"].as_str().unwrap_or_default();
    let id = slug(name);
    page.raw("<section aria-labelledby=\"").text(&id).raw("\">\n<h2 id=\"").text(&id).raw("\">").text(name).raw("</h2>\n");
    page.element("p", "lead", tag["description"].as_str().unwrap_or_default());
    for entry in of_tag(entries, tag) {
        operation::article(page, document, entry);
    }
    page.raw("</section>\n");
}

fn errors(page: &mut Html, document: &Value) {
    page.raw("<section aria-labelledby=\"errors\">\n<h2 id=\"errors\">Errors</h2>\n");
    page.raw("<p class=\"lead\">What any operation may answer beside its own.</p>\n<dl class=\"answers\">\n");
    for (name, response) in document["components"]["responses"].as_object().into_iter().flatten() {
        page.raw("<dt id=\"error-").text(name).raw("\">").text(name).raw("</dt><dd>");
        prose::line(page, response["description"].as_str().unwrap_or_default());
        page.raw("</dd>\n");
    }
    page.raw("</dl>\n</section>\n");
}

#[cfg(test)]
mod tests {
    use crate::{openapi::document, v1};

    #[test]
    fn the_page_is_whole_and_loads_nothing_from_outside() {
        let document = document(&v1::operations()).value;
        let page = super::render(&document);
        for operation in v1::operations() {
            assert!(page.contains(&format!("<article id=\"{}\"", operation.id)), "{}", operation.id);
        }
        for outside in ["<script", " src=", "@import", "url(", "<style", " style=", " onclick"] {
            assert!(!page.contains(outside), "{outside}");
        }
        let targets: Vec<_> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        for target in targets {
            assert!(page.contains(&format!(" id=\"{target}\"")), "a link leads nowhere: {target}");
        }
        for tag in ["article", "section", "table", "ul", "dl", "a", "code", "pre", "nav", "main"] {
            let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
        }
    }
}
