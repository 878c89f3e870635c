//! Writes a page with every chart into the file named on the command line, to be looked at.

#[path = "../tests/support/mod.rs"]
mod support;

fn main() -> std::io::Result<()> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "gallery.html".to_owned());
    std::fs::write(file, support::page().html())
}
