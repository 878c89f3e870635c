//! The switchboard: the channels of many merchants and their sites at once, several switched in one commit, with a reason.

use std::collections::{HashMap, hash_map::Entry};

use domain::{
    audit::What,
    bounds::SITES_SHOWN_MAX,
    change::{ChangeSet, Write},
    channel::{Channel, Mode},
    environment::Environment,
    fault::Faults,
    id::{Mid, SiteId},
    merchant::Merchant,
    site::Site,
};
use store::{MerchantFilter, Page};

use super::{
    channel::{is_developer, may_go_to, may_switch_at_all},
    touched,
};
use crate::{Engine, Error, Principal, Result};

/// Cells that are switched in one go.
pub const CELLS_MAX: usize = 500;
/// Characters of a reason.
pub const REASON_CHARS_MAX: usize = 500;

/// A merchant and its sites on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The merchant.
    pub merchant: Merchant,
    /// Its sites that are not archived, oldest first; at most [`SITES_SHOWN_MAX`].
    pub sites: Vec<Site>,
    /// Sites beyond these.
    pub more_sites: usize,
}

/// One channel of a merchant or of one of its sites, and what it is to be set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Merchant.
    pub mid: Mid,
    /// Site; none: the merchant itself.
    pub site: Option<SiteId>,
    /// Channel.
    pub channel: Channel,
    /// What the caller saw there; none: inherited.
    pub from: Option<Mode>,
    /// What it is to be; none: inherited, for sites only.
    pub to: Option<Mode>,
}

/// A switch as it would be made, or was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switched {
    /// The cell; `from` is what is really there.
    pub cell: Cell,
    /// Name of the merchant.
    pub merchant: String,
    /// Name of the site.
    pub site: Option<String>,
    /// What was in force before all switches.
    pub in_force_before: Mode,
    /// What is in force after all of them.
    pub in_force: Mode,
    /// Somebody else switched it since the caller looked.
    pub is_stale: bool,
}

/// How far somebody may switch, and why not further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everything.
    Everything,
    /// Not to production.
    TestOnly(&'static str),
    /// Nothing.
    Nothing(&'static str),
}

/// Why nothing may be switched.
const SECOND_FACTOR: &str = "Set up your second factor first.";
const LOOKS_ONLY: &str = "Your role may look at channels, not switch them. Owners and administrators may.";
/// Why production may not be switched on.
const DEVELOPER: &str = "Developers switch between off and sandbox. An owner or administrator switches production on.";
const SANDBOX_REACH: &str = "Your account does not reach production.";

impl Principal {
    /// How far this caller may switch channels.
    pub fn switching(&self) -> Reach {
        if self.user.as_ref().is_some_and(|user| user.second_factor_due) {
            return Reach::Nothing(SECOND_FACTOR);
        }
        match (may_switch_at_all(self).is_ok(), may_go_to(self, Mode::Production).is_ok()) {
            (false, _) => Reach::Nothing(LOOKS_ONLY),
            (true, true) => Reach::Everything,
            (true, false) if is_developer(self) => Reach::TestOnly(DEVELOPER),
            (true, false) => Reach::TestOnly(SANDBOX_REACH),
        }
    }

    /// Whether live money is out of this caller's reach whatever its role: a user whose sessions stay in the sandbox.
    pub(super) fn stays_in_sandbox(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.reach == Environment::Sandbox)
    }
}

/// Merchants with their sites as they stand, changed cell by cell.
struct Board(HashMap<Mid, (Merchant, Vec<Site>)>);

impl Engine {
    /// One page of the merchants that the caller may act for, with their sites.
    pub async fn board(&self, principal: &Principal, named: Option<Mid>, filter: MerchantFilter) -> Result<Page<Row>> {
        principal.require_read("channels")?;
        let mids = self.visible_merchants(principal, named).await?;
        let page = self.store.merchant_list(MerchantFilter { mids, ..filter }).await?;
        let mut rows = Vec::with_capacity(page.rows.len());
        for merchant in page.rows {
            let mut sites = self.store.sites(merchant.id).await?;
            sites.retain(|site| !site.archived);
            let more_sites = sites.len().saturating_sub(SITES_SHOWN_MAX);
            sites.truncate(SITES_SHOWN_MAX);
            rows.push(Row { merchant, sites, more_sites });
        }
        Ok(Page { rows, total: page.total })
    }

    /// What switching these cells would change; cells that are already so are left out. Nothing is written.
    pub async fn plan_switches(&self, principal: &Principal, cells: &[Cell]) -> Result<Vec<Switched>> {
        may_switch_at_all(principal)?;
        let before = self.board_of(principal, cells).await?;
        before.planned(principal, cells).map(|(planned, _)| planned)
    }

    /// Switches cells in one commit, all or none. New orders follow at once.
    pub async fn switch_board(&self, principal: &Principal, cells: &[Cell], reason: &str) -> Result<Vec<Switched>> {
        may_switch_at_all(principal)?;
        self.admit()?;
        let reason = reason.trim();
        let mut faults = Faults::new();
        if reason.is_empty() {
            faults.required("Reason");
        } else if reason.chars().count() > REASON_CHARS_MAX {
            faults.too_long("Reason", REASON_CHARS_MAX);
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        self.amend(|| async {
            let before = self.board_of(principal, cells).await?;
            let (planned, after) = before.planned(principal, cells)?;
            if planned.iter().any(|switched| switched.is_stale) {
                return Err(Error::Precondition);
            }
            let mut set = after.writes(&planned);
            for switched in &planned {
                let Cell { mid, site, channel, from, to } = switched.cell;
                let what = What::Channel { site, channel, from, to, reason: Some(reason.to_owned()) };
                set.push(self.audit(principal, mid, what).await?);
            }
            Ok((set, planned))
        })
        .await
    }

    /// The merchants and sites that cells are about; another tenant's are not found.
    async fn board_of(&self, principal: &Principal, cells: &[Cell]) -> Result<Board> {
        if cells.len() > CELLS_MAX {
            let mut faults = Faults::new();
            faults.too_many("Cells", CELLS_MAX);
            return Err(Error::Invalid(faults));
        }
        let mut board = HashMap::new();
        for cell in cells {
            if let Entry::Vacant(free) = board.entry(cell.mid) {
                self.may_act_for(principal, cell.mid).await.map_err(|_| Error::NotFound)?;
                free.insert((self.merchant(cell.mid).await?, self.store.sites(cell.mid).await?));
            }
        }
        Ok(Board(board))
    }
}

impl Board {
    /// What changes, and the board after it. The order of the cells does not matter: what is in force is read at the end.
    fn planned(&self, principal: &Principal, cells: &[Cell]) -> Result<(Vec<Switched>, Self)> {
        let mut after = Self(self.0.clone());
        let mut changed: Vec<(Cell, bool)> = vec![];
        for cell in cells {
            let (from, _) = self.read(cell)?;
            if from != cell.to {
                after.set(cell)?;
                changed.push((Cell { from, ..*cell }, from != cell.from));
            }
        }
        let switched = |(cell, is_stale): (Cell, bool)| {
            let ((_, in_force_before), (_, in_force)) = (self.read(&cell)?, after.read(&cell)?);
            if in_force != in_force_before || cell.to == Some(Mode::Production) {
                may_go_to(principal, in_force)?;
                may_go_to(principal, cell.to.unwrap_or(in_force))?;
            }
            let (merchant, sites) = self.of(cell.mid)?;
            let site = sites.iter().find(|site| Some(site.id) == cell.site).map(|site| site.name.clone());
            Ok(Switched { cell, merchant: merchant.name.clone(), site, in_force_before, in_force, is_stale })
        };
        let planned = changed.into_iter().map(switched).collect::<Result<Vec<_>>>()?;
        Ok((planned, after))
    }

    fn of(&self, mid: Mid) -> Result<&(Merchant, Vec<Site>)> {
        self.0.get(&mid).ok_or(Error::NotFound)
    }

    /// What a cell is set to, and what is in force there.
    fn read(&self, cell: &Cell) -> Result<(Option<Mode>, Mode)> {
        let (merchant, sites) = self.of(cell.mid)?;
        let own = merchant.modes.get(cell.channel);
        let Some(id) = cell.site else { return Ok((Some(own), own)) };
        let site = sites.iter().find(|site| site.id == id).ok_or(Error::NotFound)?;
        Ok((site.modes.get(cell.channel), site.mode(&merchant.modes, cell.channel)))
    }

    fn set(&mut self, cell: &Cell) -> Result<()> {
        let (merchant, sites) = self.0.get_mut(&cell.mid).ok_or(Error::NotFound)?;
        match (cell.site, cell.to) {
            (None, Some(mode)) => merchant.modes.set(cell.channel, mode),
            (None, None) => return Err(Error::State { message: "A merchant inherits from nobody.".into(), order: None }),
            (Some(id), mode) => {
                let site = sites.iter_mut().find(|site| site.id == id).ok_or(Error::NotFound)?;
                if site.archived {
                    return Err(Error::State { message: format!("The site {} is archived.", site.name), order: None });
                }
                site.modes.set(cell.channel, mode);
            }
        }
        Ok(())
    }

    /// The rows that changed, each at its next version.
    fn writes(self, planned: &[Switched]) -> ChangeSet {
        let mut set = ChangeSet::new();
        for (mid, (merchant, sites)) in self.0 {
            let of_merchant = |switched: &&Switched| switched.cell.mid == mid;
            if !planned.iter().any(|switched| of_merchant(&switched)) {
                continue;
            }
            set.push(touched(&merchant));
            for site in sites {
                if planned.iter().filter(of_merchant).any(|switched| switched.cell.site == Some(site.id)) {
                    set.push(Write::PutSite(Box::new(Site { version: site.version + 1, ..site })));
                }
            }
        }
        set
    }
}
