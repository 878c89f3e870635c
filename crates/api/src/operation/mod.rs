//! One call of the interface: how it is served and how it is described. The router and the OpenAPI document are both
//! made from one list of these, so neither can know a path that the other does not.
//!
//! A resource module offers its calls, and `v1/mod.rs` collects them:
//!
//! ```ignore
//! use crate::{json::shape::{object, text, guid, word, boolean}, operation::{Operation, Tag, schema}};
//!
//! pub fn operations() -> Vec<Operation> {
//!     vec![
//!         Operation::get("/v1/sites", list).id("listSites").tag(Tag::Sites).scope("sites")
//!             .summary("List sites").listed().query("name", "Only sites whose name holds this text")
//!             .answers(200, schema::<List<Site>>()),
//!         Operation::post("/v1/sites", create).id("createSite").tag(Tag::Sites).scope("sites")
//!             .summary("Add a site").about("Names are unique for a merchant.")
//!             .body(object("SiteDraft", "A site to add.")
//!                 .required("name", text(255).about("Name, unique for the merchant"))
//!                 .optional("mid", guid().about("Merchant; required for partners")))
//!             .example("shop", "A web shop", json!({"name": "Shop"}))       // `.runnable(…)`: works on any fresh sandbox
//!             .answers(201, schema::<Site>()).showing(json!({"id": "…", "name": "Shop"})),
//!         Operation::delete("/v1/sites/{siteId}", delete).id("deleteSite").tag(Tag::Sites).scope("sites")
//!             .path("siteId", "Site id").summary("Remove a site").answers_empty(204),
//!     ]
//! }
//! ```
//!
//! Render structs derive `schemars::JsonSchema` (only `#[derive(Serialize, JsonSchema)]` and a unique
//! `#[schemars(rename = "SiteReply")]`: names of the document are unique, a test holds it; doc comments become
//! descriptions). Defaults: a bearer is needed; GET counts as [`Budget::Read`], everything else as
//! [`Budget::Management`]; every `{name}` of the path is a GUID unless [`Operation::path_as`] says otherwise; common
//! errors (400, 401, 403, 404, 409, 413, 415, 429, 500, 503) and the `Idempotency-Key` header are added by rule.

mod access;
mod answer;
mod body;
mod budget;
mod parameter;
mod tag;

pub use access::Access;
pub use answer::{Answer, Schema, schema};
pub use body::{Body, Example};
pub use budget::Budget;
pub use parameter::{Parameter, Place};
pub use tag::Tag;

use axum::{
    Extension,
    handler::Handler,
    routing::{MethodFilter, MethodRouter, on},
};
use http::Method;
use serde_json::Value;

use crate::{
    json::shape::{self, Shape},
    state::AppState,
};

/// One method on one path.
pub struct Operation {
    /// GET also answers HEAD.
    pub method: Method,
    /// With `{name}` for each path parameter.
    pub path: &'static str,
    /// `operationId`: unique.
    pub id: &'static str,
    /// Where it stands in the document.
    pub tag: Tag,
    /// A few words.
    pub summary: &'static str,
    /// More, as Markdown; may be empty.
    pub about: &'static str,
    /// What a caller must show.
    pub access: Access,
    /// Scope that the key needs.
    pub scope: Option<&'static str>,
    /// Rate-limit class.
    pub budget: Budget,
    /// Still served, not for new clients.
    pub deprecated: bool,
    /// Path, query and header parameters.
    pub parameters: Vec<Parameter>,
    /// What it reads; more than one when content types differ.
    pub bodies: Vec<Body>,
    /// Successes, and failures with shapes of their own.
    pub answers: Vec<Answer>,
    route: MethodRouter<AppState>,
}

impl Operation {
    /// A GET; HEAD comes with it.
    pub fn get<H: Handler<T, AppState>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::GET, path, on(MethodFilter::GET, handler))
    }

    /// A POST.
    pub fn post<H: Handler<T, AppState>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::POST, path, on(MethodFilter::POST, handler))
    }

    /// A PUT.
    pub fn put<H: Handler<T, AppState>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::PUT, path, on(MethodFilter::PUT, handler))
    }

    /// A PATCH.
    pub fn patch<H: Handler<T, AppState>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::PATCH, path, on(MethodFilter::PATCH, handler))
    }

    /// A DELETE.
    pub fn delete<H: Handler<T, AppState>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::DELETE, path, on(MethodFilter::DELETE, handler))
    }

    /// A browser's preflight: open to all.
    pub fn options<H: Handler<T, AppState>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::OPTIONS, path, on(MethodFilter::OPTIONS, handler)).open()
    }

    fn new(method: Method, path: &'static str, route: MethodRouter<AppState>) -> Self {
        let budget = Budget::of(&method);
        let in_path = |name| Parameter::new(Place::Path, name, shape::guid());
        Self {
            method,
            path,
            id: "",
            tag: Tag::Operations,
            summary: "",
            about: "",
            access: Access::Bearer,
            scope: None,
            budget,
            deprecated: false,
            parameters: parameter::names(path).map(in_path).collect(),
            bodies: vec![],
            answers: vec![],
            route,
        }
    }

    /// `operationId`, camelCase, unique.
    #[must_use]
    pub const fn id(mut self, id: &'static str) -> Self {
        self.id = id;
        self
    }

    /// Where it stands in the document.
    #[must_use]
    pub const fn tag(mut self, tag: Tag) -> Self {
        self.tag = tag;
        self
    }

    /// A few words, no full stop.
    #[must_use]
    pub const fn summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// More, as paragraphs with `code` where it helps.
    #[must_use]
    pub const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// The scope that the key needs.
    #[must_use]
    pub const fn scope(mut self, scope: &'static str) -> Self {
        self.scope = Some(scope);
        self
    }

    /// No credentials are needed, and no rate limit by key applies.
    #[must_use]
    pub const fn open(mut self) -> Self {
        self.budget = Budget::Unlimited;
        self.access(Access::Open)
    }

    /// What a caller must show, when it is not a bearer.
    #[must_use]
    pub const fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// The rate-limit class, when it is not the method's own.
    #[must_use]
    pub const fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// Still served, not for new clients.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// Describes a path parameter that is a GUID.
    #[must_use]
    pub fn path(self, name: &'static str, about: &'static str) -> Self {
        self.path_as(name, shape::guid().about(about))
    }

    /// Describes a path parameter of another type. One that the path does not have is a mistake that a test finds.
    #[must_use]
    pub fn path_as(mut self, name: &'static str, shape: Shape) -> Self {
        self.parameters.retain(|known| known.place != Place::Path || known.name != name);
        self.parameters.push(Parameter::new(Place::Path, name, shape));
        self
    }

    /// An optional query parameter: text.
    #[must_use]
    pub fn query(self, name: &'static str, about: &'static str) -> Self {
        self.query_as(name, shape::text(255).about(about))
    }

    /// An optional query parameter of another type.
    #[must_use]
    pub fn query_as(mut self, name: &'static str, shape: Shape) -> Self {
        self.parameters.push(Parameter::new(Place::Query, name, shape));
        self
    }

    /// `pageNumber`, `pageSize`, `sortBy`, `sortOrder`, `createdFrom`, `createdTo` and `mid` of every list.
    #[must_use]
    pub fn listed(mut self) -> Self {
        self.parameters.extend(parameter::of_lists());
        self
    }

    /// A header of the request. `Idempotency-Key` is there by rule on every POST, PUT and PATCH with a bearer.
    #[must_use]
    pub fn header(mut self, name: &'static str, about: &'static str) -> Self {
        self.parameters.push(Parameter::new(Place::Header, name, shape::text(255).about(about)));
        self
    }

    /// What it shows or changes has a version, its `ETag`: a GET honours `If-None-Match`, and everything honours `If-Match`.
    #[must_use]
    pub fn versioned(self) -> Self {
        const ONLY: &str = "Version that is meant, as `ETag` showed it; 412 `41200` when the object has changed since";
        const NEWS: &str = "Version that is known already, as `ETag` showed it; 304 when it is still that one";
        let reads = self.method == Method::GET;
        let operation = self.header("If-Match", ONLY);
        if reads { operation.header("If-None-Match", NEWS).answers_empty(304) } else { operation }
    }

    /// A JSON body.
    #[must_use]
    pub fn body(self, shape: Shape) -> Self {
        self.body_as(&["application/json"], shape)
    }

    /// A body of other content types; may be called again for more.
    #[must_use]
    pub fn body_as(mut self, content_types: &'static [&'static str], shape: Shape) -> Self {
        self.bodies.push(Body { content_types, shape, examples: vec![] });
        self
    }

    /// An example of the body declared last.
    #[must_use]
    pub fn example(self, name: &'static str, summary: &'static str, value: Value) -> Self {
        self.with_example(Example { name, summary, value, runnable: false })
    }

    /// An example that works as it stands for a new sandbox merchant; a test sends it.
    #[must_use]
    pub fn runnable(self, name: &'static str, summary: &'static str, value: Value) -> Self {
        self.with_example(Example { name, summary, value, runnable: true })
    }

    fn with_example(mut self, example: Example) -> Self {
        if let Some(body) = self.bodies.last_mut() {
            body.examples.push(example);
        }
        self
    }

    /// A JSON answer. Several of one status are alternatives. Common errors need no mention.
    #[must_use]
    pub fn answers(self, status: u16, schema: Schema) -> Self {
        self.answers_as(status, "application/json", schema)
    }

    /// An answer of another content type.
    #[must_use]
    pub fn answers_as(mut self, status: u16, content_type: &'static str, schema: Schema) -> Self {
        self.answers.push(Answer { status, content: Some((content_type, schema)), about: "", example: None });
        self
    }

    /// An answer without body.
    #[must_use]
    pub fn answers_empty(mut self, status: u16) -> Self {
        self.answers.push(Answer { status, content: None, about: "", example: None });
        self
    }

    /// When the answer declared last is given.
    #[must_use]
    pub fn when(mut self, about: &'static str) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.about = about;
        }
        self
    }

    /// An example of the answer declared last.
    #[must_use]
    pub fn showing(mut self, value: Value) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.example = Some(value);
        }
        self
    }

    /// How it is served: its [`Budget`] is among the request's extensions.
    pub fn route(&self) -> MethodRouter<AppState> {
        self.route.clone().route_layer(Extension(self.budget))
    }

    /// The first segment after the version: what metrics are counted under.
    pub fn resource(&self) -> &'static str {
        let path = self.path.strip_prefix("/v1/").unwrap_or(self.path.trim_start_matches('/'));
        path.split('/').next().unwrap_or(path)
    }
}
