//! Colours and fonts of charts, as custom properties: light, dark by the reader's system, and print.
//!
//! The series colours are those of Okabe and Ito (distinguishable with every common colour blindness), the light
//! ones darkened until they stand out from white by at least 3:1. Lines differ by dashes and marks, too.

/// How many series have a colour of their own; later ones begin again.
pub(crate) const COLOURS: usize = 8;

/// The class of the colour of the `n`-th series.
pub(crate) fn series(n: usize) -> String {
    format!("rc-s{}", n % COLOURS + 1)
}

/// The properties, to be set on `root`: a selector such as `:root`, or `svg`.
pub(crate) fn properties(root: &str) -> String {
    format!("{root}{{{LIGHT}}}@media (prefers-color-scheme:dark){{{root}{{{DARK}}}}}@media print{{{root}{{{LIGHT}}}}}")
}

/// The style of charts alone, for servers whose pages have one of their own: a root with `data-theme="light"` or
/// `data-theme="dark"` overrides the reader's system.
pub fn chart_css() -> String {
    format!(
        "{}:root[data-theme=light]{{{LIGHT}}}:root[data-theme=dark]{{{DARK}}}{CHART}\
         .rc-chart{{display:block;width:100%;height:auto}}.rc-chart.narrow{{display:none}}\
         @media (max-width:40rem){{.rc-chart.wide{{display:none}}.rc-chart.narrow{{display:block}}}}",
        properties(":root")
    )
}

const LIGHT: &str = "--rc-paper:#ffffff;--rc-ink:#1b2430;--rc-soft:#5a6675;--rc-grid:#e3e7ec;--rc-axis:#9aa5b1;\
--rc-s1:#0072b2;--rc-s2:#d55e00;--rc-s3:#00875f;--rc-s4:#b5548f;--rc-s5:#b07a00;--rc-s6:#2f8fc9;--rc-s7:#5f6b7a;--rc-s8:#7a4fa3";

const DARK: &str = "--rc-paper:#151b23;--rc-ink:#e8edf3;--rc-soft:#a3afbd;--rc-grid:#2b3440;--rc-axis:#5b6776;\
--rc-s1:#5ab4f0;--rc-s2:#f28c45;--rc-s3:#3cc79b;--rc-s4:#e297c5;--rc-s5:#e6b83c;--rc-s6:#9cc9ee;--rc-s7:#a9b5c3;--rc-s8:#bb9be0";

/// What the classes in charts look like. Each colour is said twice: for viewers that know no custom properties first.
pub(crate) const CHART: &str = "\
.rc-chart{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-size:12px}\
.rc-chart text{fill:#1b2430;fill:var(--rc-ink)}\
.rc-chart .rc-soft{fill:#5a6675;fill:var(--rc-soft)}\
.rc-chart .rc-strong{font-weight:600}\
.rc-chart .rc-title{font-size:15px;font-weight:600}\
.rc-chart .rc-on{fill:#ffffff;fill:var(--rc-paper)}\
.rc-paper{fill:#ffffff;fill:var(--rc-paper)}\
.rc-grid{stroke:#e3e7ec;stroke:var(--rc-grid);stroke-width:1}\
.rc-axis{stroke:#9aa5b1;stroke:var(--rc-axis);stroke-width:1}\
.rc-fill{fill:currentColor}\
.rc-faint{fill:currentColor;fill-opacity:.45}\
.rc-band{fill:currentColor;fill-opacity:.16}\
.rc-line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}\
.rc-dash1{stroke-dasharray:7 4}.rc-dash2{stroke-dasharray:2 4}.rc-dash3{stroke-dasharray:9 3 2 3}\
.rc-ring{fill:#ffffff;fill:var(--rc-paper);stroke:currentColor;stroke-width:2}\
.rc-error{stroke:#1b2430;stroke:var(--rc-ink);stroke-width:1.4;fill:none}\
.rc-closed{fill:#9aa5b1;fill:var(--rc-axis);fill-opacity:.22}\
.rc-rule{stroke:currentColor;stroke-width:1.2;stroke-dasharray:3 3}\
.rc-empty{fill:none;stroke:#9aa5b1;stroke:var(--rc-axis);stroke-dasharray:4 4}\
.rc-s1{color:#0072b2;color:var(--rc-s1)}.rc-s2{color:#d55e00;color:var(--rc-s2)}\
.rc-s3{color:#00875f;color:var(--rc-s3)}.rc-s4{color:#b5548f;color:var(--rc-s4)}\
.rc-s5{color:#b07a00;color:var(--rc-s5)}.rc-s6{color:#2f8fc9;color:var(--rc-s6)}\
.rc-s7{color:#5f6b7a;color:var(--rc-s7)}.rc-s8{color:#7a4fa3;color:var(--rc-s8)}";
