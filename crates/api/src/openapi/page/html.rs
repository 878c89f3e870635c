//! Text into HTML, escaped.

/// A page being written.
#[derive(Default)]
pub struct Html(String);

impl Html {
    /// Markup of our own.
    pub fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text from the document.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// An element with text.
    pub fn element(&mut self, name: &str, class: &str, text: &str) -> &mut Self {
        self.raw("<").raw(name);
        if !class.is_empty() {
            self.raw(" class=\"").raw(class).raw("\"");
        }
        self.raw(">").text(text).raw("</").raw(name).raw(">")
    }

    /// A link with text.
    pub fn link(&mut self, target: &str, class: &str, text: &str) -> &mut Self {
        self.raw("<a");
        if !class.is_empty() {
            self.raw(" class=\"").raw(class).raw("\"");
        }
        self.raw(" href=\"").text(target).raw("\">").text(text).raw("</a>")
    }

    /// The page.
    pub fn finish(self) -> String {
        self.0
    }
}
