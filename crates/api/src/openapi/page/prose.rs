//! The little Markdown that descriptions use: paragraphs, `code`, **strong**.

use super::html::Html;

/// Paragraphs, parted by empty lines.
pub fn blocks(page: &mut Html, text: &str) {
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        page.raw("<p>");
        line(page, paragraph);
        page.raw("</p>\n");
    }
}

/// One run of text; a mark without its partner is text.
pub fn line(page: &mut Html, text: &str) {
    let mut rest = text;
    while let Some(start) = rest.find(['`', '*']) {
        let (before, marked) = rest.split_at(start);
        page.text(before);
        rest = match span(marked) {
            Some((element, inner, after)) => {
                page.element(element, "", inner);
                after
            }
            None => {
                let (mark, after) = marked.split_at(1);
                page.text(mark);
                after
            }
        };
    }
    page.text(rest);
}

fn span(text: &str) -> Option<(&'static str, &str, &str)> {
    let (mark, element) = if text.starts_with('`') { ("`", "code") } else { ("**", "strong") };
    let (inner, after) = text.strip_prefix(mark)?.split_once(mark)?;
    (!inner.is_empty()).then_some((element, inner, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_elements_or_stay() {
        for (text, expected) in [
            ("a `b<c` **d** e", "a <code>b&lt;c</code> <strong>d</strong> e"),
            ("`order.*` * ` **x", "<code>order.*</code> * ` **x"),
            ("", ""),
        ] {
            let mut page = Html::default();
            line(&mut page, text);
            assert_eq!(page.finish(), expected, "{text}");
        }
    }
}
