//! A profile as bytes: a version, then whole numbers in as few bytes as they need.

use super::{
    days::Day,
    profile::{PARTS_OF_DAY, Profile},
    recent::Burst,
    series::Series,
};

/// The format's version.
const VERSION: u8 = 1;
/// Entries of one series at most; more cannot be.
const MAX_ENTRIES: u64 = 512;

/// Why bytes are no profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BrokenProfile {
    /// It was written by a version that we do not know.
    #[error("version {0} of the profile format is not known")]
    UnknownVersion(u8),
    /// It ends too early or late, or a number or a series is out of its range.
    #[error("this is not a whole profile")]
    Broken,
}

impl Profile {
    /// The profile as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Output(vec![VERSION]);
        out.signed(self.first.into());
        out.signed(self.last.into());
        for number in [self.count, self.declined, self.frauds] {
            out.number(number.into());
        }
        self.hours.iter().for_each(|count| out.number((*count).into()));
        out.series(&self.recent, |out, burst| {
            for number in [burst.count, burst.declined] {
                out.number(number.into());
            }
            out.signed(burst.hundredths.into());
        });
        out.series(&self.days, |out, day| {
            for number in [day.count, day.declined, day.frauds, day.plain, day.partners] {
                out.number(number.into());
            }
            for number in [day.hundredths, day.top] {
                out.signed(number.into());
            }
        });
        out.series(&self.habit.steps, |out, count| out.signed((*count).into()));
        out.signed(self.habit.count.into());
        out.signed(self.habit.sum.into());
        out.signed(self.habit.squares);
        out.0
    }

    /// Reads what [`Profile::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BrokenProfile> {
        let (version, rest) = bytes.split_first().ok_or(BrokenProfile::Broken)?;
        if *version != VERSION {
            return Err(BrokenProfile::UnknownVersion(*version));
        }
        let mut input = Input(rest);
        let profile = input.profile().ok_or(BrokenProfile::Broken)?;
        if input.0.is_empty() { Ok(profile) } else { Err(BrokenProfile::Broken) }
    }
}

/// Bytes that are written.
struct Output(Vec<u8>);

impl Output {
    /// Seven bits a byte, lowest first.
    fn number(&mut self, mut value: u128) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// Small numbers of either sign stay small.
    fn signed(&mut self, value: i128) {
        self.number(((value << 1) ^ (value >> 127)) as u128);
    }

    fn series<E: Default, const KEEP: u32>(&mut self, series: &Series<E, KEEP>, entry: impl Fn(&mut Self, &E)) {
        self.number(series.entries().len() as u128);
        let mut before = 0;
        for (bucket, value) in series.entries() {
            self.number((bucket - before).into());
            before = *bucket;
            entry(self, value);
        }
    }
}

/// Bytes that are left to read.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn profile(&mut self) -> Option<Profile> {
        let mut profile = Profile { first: self.signed()?, last: self.signed()?, ..Profile::default() };
        profile.count = self.number()?;
        profile.declined = self.number()?;
        profile.frauds = self.number()?;
        for part in 0..PARTS_OF_DAY {
            profile.hours[part] = self.number()?;
        }
        profile.recent =
            self.series(|input| Some(Burst { count: input.number()?, declined: input.number()?, hundredths: input.signed()? }))?;
        profile.days = self.series(|input| {
            Some(Day {
                count: input.number()?,
                declined: input.number()?,
                frauds: input.number()?,
                plain: input.number()?,
                partners: input.number()?,
                hundredths: input.signed()?,
                top: input.signed()?,
            })
        })?;
        profile.habit.steps = self.series(Self::signed)?;
        profile.habit.count = self.signed()?;
        profile.habit.sum = self.signed()?;
        profile.habit.squares = self.signed()?;
        Some(profile)
    }

    fn number<N: TryFrom<u128>>(&mut self) -> Option<N> {
        let mut value = 0_u128;
        for shift in (0..128).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = u128::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return None;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return N::try_from(value).ok();
            }
        }
        None
    }

    fn signed<N: TryFrom<i128>>(&mut self) -> Option<N> {
        let value: u128 = self.number()?;
        N::try_from((value >> 1) as i128 ^ -((value & 1) as i128)).ok()
    }

    fn series<E: Default, const KEEP: u32>(&mut self, entry: impl Fn(&mut Self) -> Option<E>) -> Option<Series<E, KEEP>> {
        let count: u64 = self.number()?;
        if count > MAX_ENTRIES {
            return None;
        }
        let mut before = 0_u32;
        let entries = (0..count).map(|_| {
            before = before.checked_add(self.number()?)?;
            Some((before, entry(self)?))
        });
        Series::of(entries.collect::<Option<Vec<_>>>()?)
    }
}
