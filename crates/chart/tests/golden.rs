//! What charts look like, byte by byte: a change here is one that readers see.

mod support;

#[test]
fn charts_are_drawn_as_before() {
    for (name, figure) in support::all() {
        insta::assert_snapshot!(name, pretty(&figure.svg()));
    }
}

#[test]
fn the_same_values_give_the_same_bytes() {
    assert_eq!(support::page().html(), support::page().html());
}

#[test]
fn a_page_loads_nothing_and_runs_nothing() {
    let html = support::page().html();
    for foreign in ["<script", "src=", "href=", "url(", "@import", "http://", "https://"] {
        assert!(!html.replace("http://www.w3.org/2000/svg", "").contains(foreign), "{foreign}");
    }
    assert!(html.contains("A report &amp; its title") && html.contains("ladder &lt;x&gt;"));
}

#[test]
fn the_style_is_the_same_for_every_page() {
    insta::assert_snapshot!("style", recoup_chart::page::css().replace('}', "}\n"));
}

/// One element a line, without the style, which has a snapshot of its own.
fn pretty(svg: &str) -> String {
    let (before, rest) = svg.split_once("<style>").expect("a style");
    let (_, after) = rest.split_once("</style>").expect("its end");
    format!("{before}{after}").replace("><", ">\n<")
}
