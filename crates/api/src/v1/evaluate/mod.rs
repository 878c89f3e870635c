//! `POST /v1/evaluate`.

mod request;
