//! The audit trail, as people read it: of their own merchants and partner, about what their role sees.

use domain::{
    audit::{Entry, Topic},
    client::Role,
    id::Mid,
    time::Timestamp,
};
use store::{AuditFilter, Page, PageAt};

use crate::{Engine, Principal, Result};

/// Which entries; an absent member does not narrow.
#[derive(Debug, Clone, Default)]
pub struct TrailFilter {
    /// About this merchant.
    pub mid: Option<Mid>,
    /// About this topic.
    pub topic: Option<Topic>,
    /// By somebody whose name holds this text.
    pub author: Option<String>,
    /// At or after, UTC.
    pub from: Option<Timestamp>,
    /// At or before, UTC.
    pub to: Option<Timestamp>,
    /// Page.
    pub page: PageAt,
}

impl Engine {
    /// One page of the entries that the caller may see, newest first.
    pub async fn audit_log(&self, principal: &Principal, wanted: TrailFilter) -> Result<Page<Entry>> {
        principal.require_read("merchants")?;
        let mids = self.visible_merchants(principal, wanted.mid).await?;
        let partner = principal.partner.filter(|_| principal.role == Role::Partner && wanted.mid.is_none());
        let seen = Topic::ALL.iter().copied().filter(|topic| sees(principal, *topic));
        let topics: Vec<Topic> = seen.filter(|topic| wanted.topic.is_none_or(|wanted| wanted == *topic)).collect();
        if topics.is_empty() {
            return Ok(Page { rows: vec![], total: 0 });
        }
        let TrailFilter { author, from, to, page, .. } = wanted;
        Ok(self.store.audit_list(AuditFilter { mids, partner, topics, author, from, to, page }).await?)
    }
}

/// Who manages something sees what was done to it; the rest is for whoever reads about merchants.
fn sees(principal: &Principal, topic: Topic) -> bool {
    match topic {
        Topic::User => principal.holds("users"),
        Topic::Key => principal.holds("keys"),
        Topic::Processor | Topic::Routes => principal.require_read("processors").is_ok(),
        Topic::Model => principal.role == Role::Operator,
        Topic::Partner => principal.role != Role::Merchant,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use domain::environment::Environment;

    use super::*;

    fn key(role: Role, scopes: &[&str]) -> Principal {
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        Principal { role, scopes, ..Principal::operator(Environment::Sandbox) }
    }

    #[test]
    fn topics_are_seen_by_those_who_manage_them() {
        let narrow = key(Role::Merchant, &["merchants"]);
        for (topic, narrow_sees) in [(Topic::Channel, true), (Topic::User, false), (Topic::Key, false), (Topic::Processor, false)] {
            assert_eq!(sees(&narrow, topic), narrow_sees, "{topic}");
            assert!(sees(&Principal::operator(Environment::Production), topic));
        }
        for topic in [Topic::Model, Topic::Partner, Topic::Routes] {
            assert!(!sees(&key(Role::Merchant, &[]), topic), "{topic}");
        }
        assert!(sees(&key(Role::Partner, &[]), Topic::Partner) && !sees(&key(Role::Partner, &[]), Topic::Model));
    }
}
