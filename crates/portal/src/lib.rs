//! Server-rendered pages for merchants, partners and the operator, under `/portal`.
//!
//! # How a page is added
//!
//! 1. A row in [`roles::MATRIX`], if its section has none yet: the path, the label in the navigation, and who may enter.
//!    [`Viewer`] refuses everybody else, and paths that no row covers.
//! 2. A file in its section's folder: a struct that derives `askama::Template`, has `layout: Layout` as a member, and
//!    whose template extends `layout.html` (blocks `title` and `content`); and a handler that takes a [`Viewer`], calls the
//!    same use case as the API with [`Viewer::principal`], and answers `Result<Page<T>, Problem>`.
//! 3. A line in the section's `routes()`, with the whole path.
//!
//! Posts take [`Form<T>`], which checks the token that `{{ layout.csrf }}` put into the form (macro `form::token`), and
//! answer a [`Redirect`], with a notice that is shown once: `Redirect::to("/portal/x").saying("Done.")`. Errors of the
//! engine become [`Problem`]s by `?`; `Problem::faults` gives those of the fields, to render the form again with.
//! Times, money and shares come from [`format`]; charts from `Viewer`-independent `chart::Chart`s by [`format::chart`].
//! No page has inline script or style: the policy forbids both. What script adds is in `assets/portal.js`, by `data-`
//! attributes: `data-copy="text"`, `data-confirm="Question?"`, `data-submit` (a filter that submits when it changes).

mod account;
mod assets;
mod audit;
mod cookie;
mod developers;
mod edge;
mod flash;
pub mod format;
mod form;
mod gate;
mod home;
mod layout;
mod operator;
mod orders;
mod page;
mod partner;
mod problem;
pub mod roles;
mod settings;
mod settlements;
mod shop;
mod sign_in;
mod state;
mod users;
mod viewer;
mod widget;

use axum::{Router, extract::Request, middleware, response::Redirect as Elsewhere, response::Response, routing::get};
use tower::ServiceExt as _;

pub use flash::Redirect;
pub use form::Form;
pub use gate::{Gate, Open};
pub use layout::Layout;
pub use page::{Page, Pager};
pub use problem::Problem;
pub use state::{Options, Portal};
pub use viewer::Viewer;

/// Every page, and `beyond` for whatever is none: the API.
pub fn router(portal: Portal, beyond: Router) -> Router {
    let pages = Router::new()
        .route("/portal", get(|| async { Elsewhere::to("/portal/home") }))
        .route("/portal/", get(|| async { Elsewhere::to("/portal/home") }))
        .merge(assets::routes())
        .merge(sign_in::routes())
        .merge(account::routes())
        .merge(users::routes())
        .merge(audit::routes())
        .merge(home::routes())
        .merge(orders::routes())
        .merge(settings::routes())
        .merge(settlements::routes())
        .merge(developers::routes())
        .merge(partner::routes())
        .merge(operator::routes())
        .merge(widget::routes())
        .merge(shop::routes())
        .route("/portal/{*rest}", axum::routing::any(|| async { Problem::NotFound }))
        .method_not_allowed_fallback(|| async { Problem::NotFound })
        .layer(middleware::from_fn_with_state(portal.clone(), edge::edge))
        .with_state(portal);
    pages.fallback(move |request: Request| doorstep(request, beyond.clone()))
}

/// A browser that asks for nothing in particular wants the portal; everything else is for the API.
async fn doorstep(request: Request, beyond: Router) -> Response {
    let accepts = request.headers().get(http::header::ACCEPT).and_then(|value| value.to_str().ok());
    if request.uri().path() == "/" && accepts.is_some_and(|accepts| accepts.contains("text/html")) {
        return axum::response::IntoResponse::into_response(Elsewhere::to("/portal/home"));
    }
    match beyond.oneshot(request).await {
        Ok(response) => response,
        Err(infallible) => match infallible {},
    }
}
