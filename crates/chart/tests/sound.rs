//! Whatever the values: well-formed, accessible, no number that is none, nothing beyond the edges.

mod support;

use proptest::{collection::vec, prelude::*};
use recoup_chart::{
    Axis, Bars, Chart, Closed, Curve, Figure, Funnel, Heatmap, Kind, Line, Lines, Marker, Row, Rows, Series, Step, Unit, Value,
};

#[test]
fn the_examples_are_sound() {
    for (name, figure) in support::all() {
        check(&figure).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let html = support::page().html();
    let body = html.strip_prefix("<!DOCTYPE html>\n").expect("a doctype");
    let tree = roxmltree::Document::parse(body).expect("well-formed");
    let mut ids: Vec<&str> = tree.descendants().filter_map(|node| node.attribute("id")).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "ids are unique");
}

#[test]
fn every_number_is_in_the_table_beside_the_chart() {
    let figure = support::rows().figure();
    assert_eq!(figure.table().rows[0], ["recoup", "55.2% (52.1% to 57.9%)", "3.1 tries each"]);
    assert!(figure.svg().contains("recoup: Recovered share 55.2% (52.1% to 57.9%), Note 3.1 tries each."));
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -1e3f64..1e6, 1 => any::<f64>(), 1 => Just(0.0), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)]
}

fn value() -> impl Strategy<Value = Value> {
    (number(), proptest::option::of((number(), number()))).prop_map(|(value, interval)| Value { value, interval })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-zA-Z0-9 ]{0,60}", 1 => any::<String>(), 1 => "[<>&\"']{0,5}"]
}

fn unit() -> impl Strategy<Value = Unit> {
    prop_oneof![
        Just(Unit::Count),
        Just(Unit::Number),
        Just(Unit::Percent),
        text().prop_map(Unit::Money),
        Just(Unit::Days),
        Just(Unit::Hours)
    ]
}

fn axis() -> impl Strategy<Value = Axis> {
    let names = vec((number(), text()), 0..4);
    (text(), unit(), proptest::option::of((number(), number())), names).prop_map(|(label, unit, range, names)| Axis {
        label,
        unit,
        range,
        names,
    })
}

fn figure() -> impl Strategy<Value = Figure> {
    let lines =
        (text(), axis(), axis(), vec((text(), vec((number(), value()), 0..6)), 0..4)).prop_map(|(title, x, y, series)| {
            let series = series.into_iter().map(|(name, points)| Line { name, points }).collect();
            Lines { title, description: String::new(), x, y, series }.figure()
        });
    let bars = (text(), vec(text(), 0..6), axis(), vec((text(), vec(value(), 0..7)), 0..4), any::<bool>()).prop_map(
        |(title, categories, y, series, stacked)| {
            let series = series.into_iter().map(|(name, values)| Series { name, values }).collect();
            Bars { title, categories, y, series, stacked, ..Bars::default() }.figure()
        },
    );
    let rows = (text(), unit(), vec((text(), value(), text(), any::<bool>()), 0..6)).prop_map(|(title, unit, rows)| {
        let rows = rows.into_iter().map(|(name, value, note, marked)| Row { name, value, note, marked }).collect();
        Rows { title: title.clone(), label: title, unit, rows, ..Rows::default() }.figure()
    });
    let funnel = (unit(), vec((text(), number(), text()), 0..5)).prop_map(|(unit, steps)| {
        let steps = steps.into_iter().map(|(name, value, note)| Step { name, value, note }).collect();
        Funnel { unit, steps, ..Funnel::default() }.figure()
    });
    let heatmap = (unit(), vec(text(), 0..5), vec(text(), 0..5), vec(vec(number(), 0..5), 0..5))
        .prop_map(|(unit, columns, rows, cells)| Heatmap { unit, columns, rows, cells, ..Heatmap::default() }.figure());
    let curve =
        (axis(), axis(), vec((number(), number()), 0..8), vec((number(), text()), 0..4), any::<bool>(), number(), number())
            .prop_map(|(x, y, points, markers, stepped, from, to)| {
                let markers = markers.into_iter().map(|(x, label)| Marker { x, label, kind: Kind::Past }).collect();
                let closed = vec![Closed { from, to, label: "closed".into() }];
                Curve { x, y, points, markers, stepped, closed, ..Curve::default() }.figure()
            });
    prop_oneof![lines, bars, rows, funnel, heatmap, curve]
}

proptest! {
    #[test]
    fn no_value_breaks_a_chart(figure in figure()) {
        prop_assert!(check(&figure).is_ok(), "{:?}", check(&figure));
    }
}

/// Attributes that place something.
const PLACES: [&str; 14] = ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "rx", "viewBox", "d"];

fn check(figure: &Figure) -> Result<(), String> {
    let svg = figure.svg();
    let tree = roxmltree::Document::parse(&svg).map_err(|error| error.to_string())?;
    let root = tree.root_element();
    if root.attribute("role") != Some("img") || !root.children().any(|node| node.has_tag_name((NS, "title"))) {
        return Err("not accessible".to_owned());
    }
    for node in tree.descendants() {
        for attribute in node.attributes().filter(|attribute| PLACES.contains(&attribute.name())) {
            let numbers = attribute.value().split([' ', 'M', 'L', 'Z']).filter(|part| !part.is_empty());
            for number in numbers {
                let number: f64 = number.parse().map_err(|_| format!("{}={number}", attribute.name()))?;
                if !number.is_finite() || !(-400.0..=4_000.0).contains(&number) {
                    return Err(format!("{}={number}", attribute.name()));
                }
            }
        }
    }
    Ok(())
}

const NS: &str = "http://www.w3.org/2000/svg";
