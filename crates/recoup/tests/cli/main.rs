//! The binary from the shell: configuration, administration, serving.

mod common;

mod administer;
mod configure;
mod serve;
