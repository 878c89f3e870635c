//! Charts as SVG, and reports as one HTML file, from typed values.
//!
//! A [`Chart`] is a struct that says what is to be seen: [`Lines`] with bands of confidence, [`Bars`] side by side
//! with error bars or stacked, lying [`Rows`], a [`Funnel`], a [`Heatmap`], a [`Curve`] with marks. Its
//! [`Figure`] is a file by [`Figure::svg`], or a part of a [`Page`]:
//!
//! ```
//! use recoup_chart::{Block, Chart, Page, Row, Rows, Section, Unit, Value};
//!
//! let chart = Rows {
//!     title: "Recovered share by policy".into(),
//!     unit: Unit::Percent,
//!     rows: vec![Row::new("recoup", Value::between(0.52, 0.55, 0.58)), Row::new("ladder", 0.41)],
//!     ..Rows::default()
//! };
//! let file = chart.figure().svg();
//! let page = Page {
//!     title: "Simulation".into(),
//!     sections: vec![Section::new("Policies", [Block::chart(&chart)])],
//!     ..Page::default()
//! };
//! assert!(file.starts_with("<svg") && page.html().contains("ladder"));
//! ```
//!
//! Drawn without chance and without a clock: the same values give the same bytes. Colours follow the reader's
//! system, light or dark, and can be told apart by the colour-blind. Every chart has a title, a description and its
//! numbers as a table beside it. Values that are not finite are gaps; text is escaped here and nowhere else.

mod axis;
mod bars;
mod curve;
mod figure;
mod funnel;
mod heatmap;
mod lines;
mod number;
pub mod page;
mod rows;
mod scale;
mod style;
mod svg;
mod table;
mod text;
mod value;

pub use axis::Axis;
pub use bars::{Bars, Series};
pub use curve::{Closed, Curve, Kind, Marker};
pub use figure::{Chart, Figure};
pub use funnel::{Funnel, Step};
pub use heatmap::Heatmap;
pub use lines::{Line, Lines};
pub use number::Unit;
pub use page::{Block, Page, Section, Tile, Tone};
pub use rows::{Row, Rows};
pub use style::chart_css;
pub use table::{Align, Table};
pub use value::Value;
