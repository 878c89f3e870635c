//! The figures for readers: tables in the terminal, Markdown and charts in `docs`, JSON for programs.

pub mod chart;
pub mod figures;
pub mod lines;
pub mod markdown;
pub mod save;
pub mod section;
pub mod table;
pub mod target;

#[cfg(test)]
pub mod example;
