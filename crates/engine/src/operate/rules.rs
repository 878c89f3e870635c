//! The rules in force, row by row with their dates and sources.

use domain::{
    bounds::PAGE_ROWS_MAX,
    rules::{FileSummary, Files, Listed},
};
use store::{Page, PageAt};

use super::only_operators;
use crate::{Engine, Error, Principal, Result};

/// A rule file at a glance.
pub type RuleFile = FileSummary;

/// Rows of a rule file, and which rules this process works by.
#[derive(Debug, Clone)]
pub struct RuleRows {
    /// Version of the rules that this process loaded.
    pub version: String,
    /// The folder holds other rules than this process loaded: they come into force when it starts anew.
    pub is_outdated: bool,
    /// Every file.
    pub files: Vec<RuleFile>,
    /// Rows of the one asked for.
    pub page: Page<Listed>,
}

impl Engine {
    /// Rows of a rule file that hold a text, as they stand today; for operators.
    pub async fn rule_rows(
        &self,
        principal: &Principal,
        file: &str,
        query: Option<&str>,
        upcoming: bool,
        at: PageAt,
    ) -> Result<RuleRows> {
        principal.require_read("merchants")?;
        only_operators(principal)?;
        let unreadable = |error: domain::rules::Error| Error::State { message: error.to_string(), order: None };
        let dir = self.options.rules_dir.clone();
        let read = tokio::task::spawn_blocking(move || dir.map_or_else(|| Ok(Files::builtin()), |dir| Files::read(&dir)));
        let files = read.await.map_err(|error| Error::Internal(error.to_string()))?.map_err(unreadable)?;
        let today = self.clock.now().civil_at(0);
        let mut rows = files.rows(file, today.into()).map_err(unreadable)?.ok_or(Error::NotFound)?;
        rows.retain(|row| (!upcoming || row.is_upcoming()) && query.is_none_or(|query| row.holds(query)));
        let (size, skip) = (at.size.clamp(1, PAGE_ROWS_MAX) as usize, at.number.max(1) as usize - 1);
        let total = rows.len() as u64;
        let page = Page { rows: rows.into_iter().skip(skip.saturating_mul(size)).take(size).collect(), total };
        let version = self.rules().version().to_owned();
        let is_outdated = files.rules().map_err(unreadable)?.version() != version;
        Ok(RuleRows { version, is_outdated, files: files.summary(today.into()).map_err(unreadable)?, page })
    }
}
