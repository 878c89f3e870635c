//! Named schemas: of what is read, and of what is answered.

use schemars::{
    SchemaGenerator,
    generate::{Contract, SchemaSettings},
};
use serde_json::{Map, Value, json};

use crate::{
    json::shape::{Mode, Shape, Shapes},
    operation::Schema,
};

/// Collects components while operations are described.
pub struct Components {
    answers: SchemaGenerator,
    requests: Shapes,
}

impl Components {
    /// None yet.
    pub fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
            settings.contract = Contract::Serialize;
        });
        Self { answers: settings.into_generator(), requests: Shapes::default() }
    }

    /// The schema of a request's part.
    pub fn request(&mut self, shape: &Shape, mode: Mode) -> Value {
        self.requests.schema(shape, mode)
    }

    /// The schema of an answer.
    pub fn answer(&mut self, schema: Schema) -> Value {
        match schema {
            Schema::Of(make) => make(&mut self.answers).to_value(),
            Schema::Object => json!({"type": "object"}),
            Schema::Text => json!({"type": "string"}),
        }
    }

    /// Everything that was named, and names that mean two things.
    pub fn finish(mut self) -> (Map<String, Value>, Vec<String>) {
        let mut all = self.answers.take_definitions(true);
        let mut clashes: Vec<String> = self.requests.clashes.iter().map(|name| (*name).to_owned()).collect();
        clashes.extend(numbered(&all));
        for (name, schema) in self.requests.named {
            if all.get(name).is_some_and(|known| *known != schema) {
                clashes.push(name.to_owned());
            }
            all.insert(name.to_owned(), schema);
        }
        all.sort_keys();
        (all, clashes)
    }
}

/// The generator numbers the second of two types with one name.
fn numbered(all: &Map<String, Value>) -> Vec<String> {
    let base = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    all.keys().filter(|name| base(name) != **name && all.contains_key(&base(name))).cloned().collect()
}
