//! Shapes as JSON Schema.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Kind, Member, Shape};

/// How loose a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A member that must be there, in a JSON body.
    Required,
    /// A member that may be there: `null` and blank equal absent.
    Optional,
    /// A parameter: text with a meaning.
    Strict,
}

/// Named shapes of the document.
#[derive(Debug, Default)]
pub struct Shapes {
    /// Name to schema.
    pub named: BTreeMap<&'static str, Value>,
    /// Names that were used for different contents.
    pub clashes: Vec<&'static str>,
}

const WHOLE: &str = r"^\s*[+\-]?[0-9]{1,19}(\.0*)?\s*$";
const WHOLE_OR_BLANK: &str = r"^\s*([+\-]?[0-9]{1,19}(\.0*)?)?\s*$";
const DECIMAL: &str = r"^\s*[+\-]?[0-9]+(\.[0-9]+)?\s*$";
const DECIMAL_OR_BLANK: &str = r"^\s*([+\-]?[0-9]+(\.[0-9]+)?)?\s*$";
const TRUTH: &str = r"^\s*([01]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\s*$";
const TRUTH_OR_BLANK: &str = r"^\s*([01]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])?\s*$";
const NOT_BLANK: &str = r"\S";

impl Shapes {
    /// The schema of a shape; objects become components and are referred to.
    pub fn schema(&mut self, shape: &Shape, mode: Mode) -> Value {
        let mut schema = if shape.forgiving { Map::new() } else { self.typed(shape, mode) };
        if let Some(reference) = schema.remove("$ref") {
            return referred(&reference, shape, mode);
        }
        describe(&mut schema, shape);
        Value::Object(schema)
    }

    fn typed(&mut self, shape: &Shape, mode: Mode) -> Map<String, Value> {
        let nullable = mode == Mode::Optional;
        match &shape.kind {
            Kind::Text { max } => text(*max, mode),
            Kind::Integer { least, most } => {
                let pattern = if nullable { WHOLE_OR_BLANK } else { WHOLE };
                bounded(loose("integer", mode, pattern), least.map(Value::from), most.map(Value::from))
            }
            Kind::Number { least } => {
                let pattern = if nullable { DECIMAL_OR_BLANK } else { DECIMAL };
                bounded(loose("number", mode, pattern), least.map(Value::from), None)
            }
            Kind::Boolean if mode == Mode::Strict => members(json!({"type": "boolean"})),
            Kind::Boolean => {
                let pattern = if nullable { TRUTH_OR_BLANK } else { TRUTH };
                let types: &[&str] = &["boolean", "integer", "string", "null"];
                let types = &types[..if nullable { 4 } else { 3 }];
                members(json!({"type": types, "minimum": 0, "maximum": 1, "pattern": pattern}))
            }
            Kind::Guid => members(json!({"type": string(mode), "format": "uuid"})),
            Kind::DateTime => members(json!({"type": string(mode), "format": "date-time"})),
            Kind::Word(words) if nullable => {
                let all: Vec<_> = words.iter().map(|word| json!(word)).chain([Value::Null]).collect();
                members(json!({"type": ["string", "null"], "enum": all}))
            }
            Kind::Word(words) => members(json!({"type": "string", "enum": words})),
            Kind::Pattern { pattern, max } => members(json!({"type": string(mode), "pattern": pattern, "maxLength": max})),
            Kind::List { items, max } => {
                let items = self.schema(items, Mode::Required);
                let types = if nullable { json!(["array", "null"]) } else { json!("array") };
                members(json!({"type": types, "items": items, "maxItems": max}))
            }
            Kind::Map(values) => {
                let values = self.schema(values, Mode::Optional);
                let types = if nullable { json!(["object", "null"]) } else { json!("object") };
                members(json!({"type": types, "additionalProperties": values}))
            }
            Kind::Object { name, members } => {
                let schema = self.object(members, shape);
                self.component(name, &schema)
            }
            Kind::Either { name, shapes } => {
                let shapes: Vec<_> = shapes.iter().map(|shape| self.schema(shape, Mode::Required)).collect();
                let mut schema = members(json!({"anyOf": shapes}));
                describe(&mut schema, shape);
                self.component(name, &Value::Object(schema))
            }
            Kind::File => members(json!({"type": "string", "format": "binary"})),
            Kind::Any => Map::new(),
        }
    }

    fn object(&mut self, all: &[Member], shape: &Shape) -> Value {
        let required: Vec<_> = all.iter().filter(|member| member.required).map(|member| member.name).collect();
        let mode = |member: &Member| if member.required { Mode::Required } else { Mode::Optional };
        let properties: Map<_, _> =
            all.iter().map(|member| (member.name.to_owned(), self.schema(&member.shape, mode(member)))).collect();
        let mut schema = members(json!({"type": "object", "properties": properties}));
        schema.insert("x-order".into(), all.iter().map(|member| member.name).collect());
        if !required.is_empty() {
            schema.insert("required".into(), json!(required));
        }
        describe(&mut schema, shape);
        Value::Object(schema)
    }

    fn component(&mut self, name: &'static str, schema: &Value) -> Map<String, Value> {
        let known = self.named.entry(name).or_insert_with(|| schema.clone());
        if known != schema {
            self.clashes.push(name);
        }
        members(json!({"$ref": format!("#/components/schemas/{name}")}))
    }
}

fn referred(reference: &Value, shape: &Shape, mode: Mode) -> Value {
    let mut schema = match mode {
        Mode::Optional => members(json!({"anyOf": [{"$ref": reference}, {"type": "null"}]})),
        Mode::Required | Mode::Strict => members(json!({"$ref": reference})),
    };
    if !shape.note.is_empty() {
        schema.insert("description".into(), shape.note.into());
    }
    Value::Object(schema)
}

fn text(max: usize, mode: Mode) -> Map<String, Value> {
    match mode {
        Mode::Strict => members(json!({"type": "string", "maxLength": max})),
        Mode::Required => members(json!({"type": ["string", "number", "boolean"], "pattern": NOT_BLANK, "maxLength": max})),
        Mode::Optional => members(json!({"type": ["string", "number", "boolean", "null"], "maxLength": max})),
    }
}

fn loose(own: &str, mode: Mode, pattern: &str) -> Map<String, Value> {
    match mode {
        Mode::Strict => members(json!({"type": own})),
        Mode::Required => members(json!({"type": [own, "string"], "pattern": pattern})),
        Mode::Optional => members(json!({"type": [own, "string", "null"], "pattern": pattern})),
    }
}

fn string(mode: Mode) -> Value {
    if mode == Mode::Optional { json!(["string", "null"]) } else { json!("string") }
}

fn bounded(mut schema: Map<String, Value>, least: Option<Value>, most: Option<Value>) -> Map<String, Value> {
    for (keyword, bound) in [("minimum", least), ("maximum", most)] {
        if let Some(bound) = bound {
            schema.insert(keyword.into(), bound);
        }
    }
    schema
}

fn describe(schema: &mut Map<String, Value>, shape: &Shape) {
    if !shape.about.is_empty() {
        schema.insert("description".into(), shape.about.into());
    }
    if let Some(value) = &shape.default {
        schema.insert("default".into(), value.clone());
    }
    if let Some(value) = &shape.example {
        schema.insert("examples".into(), json!([value]));
    }
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::{integer, object, text, word},
        Mode, Shapes, WHOLE,
    };

    #[test]
    fn loose_types_are_said_to_be_loose() {
        let mut shapes = Shapes::default();
        let amount = integer().at_least(1).about("Cents");
        assert_eq!(
            shapes.schema(&amount, Mode::Required),
            json!({"type": ["integer", "string"], "pattern": WHOLE, "minimum": 1, "description": "Cents"})
        );
        assert_eq!(shapes.schema(&amount, Mode::Strict), json!({"type": "integer", "minimum": 1, "description": "Cents"}));
        assert_eq!(shapes.schema(&word(&["a"]), Mode::Optional), json!({"type": ["string", "null"], "enum": ["a", null]}));
        assert_eq!(shapes.schema(&text(9).forgiving().about("Hint"), Mode::Optional), json!({"description": "Hint"}));
    }

    #[test]
    fn objects_become_components_and_clashes_are_seen() {
        let mut shapes = Shapes::default();
        let card = |max| object("Card", "A card.").required("number", text(max));
        let reference = json!({"$ref": "#/components/schemas/Card"});
        assert_eq!(shapes.schema(&card(19), Mode::Required), reference);
        assert_eq!(shapes.schema(&card(19), Mode::Optional), json!({"anyOf": [reference, {"type": "null"}]}));
        assert_eq!(
            shapes.schema(&card(19).about("Of the payer"), Mode::Required),
            json!({"$ref": "#/components/schemas/Card", "description": "Of the payer"})
        );
        assert_eq!(shapes.named["Card"]["required"], json!(["number"]));
        assert!(shapes.clashes.is_empty());
        shapes.schema(&card(20), Mode::Required);
        assert_eq!(shapes.clashes, ["Card"]);
    }
}
