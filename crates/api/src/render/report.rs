//! Reports as JSON objects or CSV, both from the same columns.

use std::borrow::Cow;

use domain::report::{Column, Key, Kind, Name, Row, Value, columns};
use engine::Report;
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, json};

use super::{Iso, csv::line};

/// The reply.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Body<'a> {
    report: Name,
    from: Iso,
    to: Iso,
    generated_on: Iso,
    rows: Vec<Object<'a>>,
}

struct Object<'a> {
    columns: &'a [Column],
    row: &'a Row,
}

impl<'a> Body<'a> {
    /// The reply of a report.
    pub fn of(report: &'a Report) -> Self {
        Self {
            report: report.ask.name,
            from: Iso(report.ask.from),
            to: Iso(report.ask.to),
            generated_on: Iso(report.generated_at),
            rows: report.rows.iter().map(|row| Object { columns: &report.columns, row }).collect(),
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        self.columns.iter().zip(self.row).try_for_each(|(column, value)| map.serialize_entry(column.name, value))?;
        map.end()
    }
}

/// Header and rows (RFC 4180).
pub fn csv(report: &Report) -> String {
    let mut out = String::new();
    line(report.columns.iter().map(|column| Cow::Borrowed(column.name)), &mut out);
    for row in &report.rows {
        line(row.iter().map(cell), &mut out);
    }
    out
}

fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Int(number) => number.to_string().into(),
        Value::Real(number) => number.to_string().into(),
        Value::Text(text) => Cow::Borrowed(text),
    }
}

/// The schema of a report's reply; members of group keys are there when they are asked for.
pub fn schema_of(name: Name) -> schemars::Schema {
    let always: Vec<&str> = columns(name, &[]).iter().map(|column| column.name).collect();
    let members: Map<_, _> = columns(name, Key::ALL).iter().map(|column| (column.name.to_owned(), member(*column))).collect();
    let row = json!({"type": "object", "properties": members, "required": always});
    let date = json!({"type": "string", "format": "date-time"});
    let whole = json!({
        "type": "object",
        "properties": {
            "report": {"type": "string", "const": name.as_str()},
            "from": date, "to": date, "generatedOn": date,
            "rows": {"type": "array", "items": row},
        },
        "required": ["report", "from", "to", "generatedOn", "rows"],
    });
    schemars::Schema::try_from(whole).unwrap_or_default()
}

fn member(column: Column) -> serde_json::Value {
    match column.kind {
        Kind::Text => json!({"type": ["string", "null"]}),
        Kind::Count => json!({"type": "integer"}),
        Kind::Amount => json!({"type": "integer", "description": "Minor units of the row's currency."}),
        Kind::Rate => json!({"type": ["number", "null"], "minimum": 0, "maximum": 1}),
        Kind::Number => json!({"type": ["number", "null"]}),
        Kind::MaybeCount => json!({"type": ["integer", "null"]}),
    }
}

#[cfg(test)]
mod tests {
    use domain::{report::Interval, time::Timestamp};

    use super::*;

    fn report() -> Report {
        let ask = domain::report::Ask {
            name: Name::Sites,
            from: Timestamp::EPOCH,
            to: Timestamp::EPOCH,
            interval: Interval::Day,
            keys: vec![],
            site: None,
            channel: None,
            currency: None,
            include_test: false,
        };
        let text = |text: &str| Value::Text(text.into());
        let row = vec![
            text("1970-01-01"),
            text("m"),
            text("USD"),
            Value::Null,
            text("Shop, EU"),
            text("default"),
            text("mit"),
            Value::Int(3),
            Value::Int(-1),
            Value::Int(0),
            Value::Int(2),
        ];
        Report { columns: columns(ask.name, &ask.keys), ask, generated_at: Timestamp::EPOCH, rows: vec![row] }
    }

    #[test]
    fn both_forms_have_the_same_members_in_the_same_order() {
        let report = report();
        let json = serde_json::to_string(&Body::of(&report)).unwrap();
        assert!(
            json.ends_with(
                "\"rows\":[{\"period\":\"1970-01-01\",\"mid\":\"m\",\"currency\":\"USD\",\"siteId\":null,\"siteName\":\"Shop, EU\",\
                 \"matchedBy\":\"default\",\"channel\":\"mit\",\"transactions\":3,\"rescued\":-1,\"recoveredAmount\":0,\"unresolved\":2}]}"
            ),
            "{json}"
        );
        assert_eq!(
            csv(&report),
            "period,mid,currency,siteId,siteName,matchedBy,channel,transactions,rescued,recoveredAmount,unresolved\r\n\
             1970-01-01,m,USD,,\"Shop, EU\",default,mit,3,-1,0,2\r\n"
        );
        let bare = Report { rows: vec![], ..report };
        assert_eq!(csv(&bare).lines().count(), 1, "a report without rows has its header");
    }

    #[test]
    fn every_report_has_a_schema() {
        for name in Name::ALL {
            let schema = serde_json::to_value(schema_of(*name)).unwrap();
            assert!(schema["properties"]["rows"]["items"]["properties"]["mid"].is_object(), "{name}");
        }
    }
}
