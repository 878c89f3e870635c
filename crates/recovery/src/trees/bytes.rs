//! A forest as bytes: a format of ours with a version, lengths and a check sum.
//!
//! `"RCFT"`, version, columns, base, number of roots, number of nodes, roots, nodes of 15 bytes, check sum; all little-endian.

use super::forest::{Forest, Node};

/// What a file begins with.
const MAGIC: [u8; 4] = *b"RCFT";
/// The format's version.
const VERSION: u8 = 1;
/// Bytes of one node.
const NODE_BYTES: usize = 15;

/// Why bytes are no forest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BrokenForest {
    /// It begins with something else.
    #[error("this is not a forest")]
    NotAForest,
    /// It was written by a version that we do not know.
    #[error("version {0} of the forest format is not known")]
    UnknownVersion(u8),
    /// It is shorter or longer than it says.
    #[error("the forest's length is not what it says")]
    Length,
    /// It was changed since it was written.
    #[error("the forest's check sum is wrong")]
    CheckSum,
    /// Its parts do not fit each other.
    #[error("the forest's nodes do not fit each other")]
    Inconsistent,
}

impl Forest {
    /// The forest as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(40 + self.roots.len() * 4 + self.nodes.len() * NODE_BYTES);
        bytes.extend(MAGIC);
        bytes.push(VERSION);
        bytes.extend(self.columns.to_le_bytes());
        bytes.extend(self.base.to_le_bytes());
        bytes.extend((self.roots.len() as u32).to_le_bytes());
        bytes.extend((self.nodes.len() as u32).to_le_bytes());
        self.roots.iter().for_each(|root| bytes.extend(root.to_le_bytes()));
        for node in &self.nodes {
            bytes.extend(node.column.to_le_bytes());
            bytes.push(u8::from(node.missing_right));
            bytes.extend(node.threshold.to_le_bytes());
            bytes.extend(node.left.to_le_bytes());
            bytes.extend(node.value.to_le_bytes());
        }
        bytes.extend(check_sum(&bytes).to_le_bytes());
        bytes
    }

    /// Reads what [`Forest::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BrokenForest> {
        let mut input = Input(bytes);
        if input.take::<4>() != Ok(MAGIC) {
            return Err(BrokenForest::NotAForest);
        }
        match input.take::<1>()? {
            [VERSION] => {}
            [other] => return Err(BrokenForest::UnknownVersion(other)),
        }
        let columns = u16::from_le_bytes(input.take()?);
        let base = f64::from_le_bytes(input.take()?);
        let (roots, nodes) = (input.length()?, input.length()?);
        let expected = roots.saturating_mul(4).saturating_add(nodes.saturating_mul(NODE_BYTES)).saturating_add(8);
        if input.0.len() != expected {
            return Err(BrokenForest::Length);
        }
        let (content, sum) = bytes.split_at(bytes.len() - 8);
        if check_sum(content).to_le_bytes() != *sum {
            return Err(BrokenForest::CheckSum);
        }
        let roots = (0..roots).map(|_| Ok(u32::from_le_bytes(input.take()?))).collect::<Result<_, BrokenForest>>()?;
        let nodes = (0..nodes).map(|_| input.node()).collect::<Result<_, BrokenForest>>()?;
        Self { columns, base, roots, nodes }.checked()
    }
}

/// What is left to read.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], BrokenForest> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or(BrokenForest::Length)?;
        self.0 = tail;
        Ok(*head)
    }

    fn length(&mut self) -> Result<usize, BrokenForest> {
        Ok(u32::from_le_bytes(self.take()?) as usize)
    }

    fn node(&mut self) -> Result<Node, BrokenForest> {
        Ok(Node {
            column: u16::from_le_bytes(self.take()?),
            missing_right: self.take::<1>()? != [0],
            threshold: f32::from_le_bytes(self.take()?),
            left: u32::from_le_bytes(self.take()?),
            value: f32::from_le_bytes(self.take()?),
        })
    }
}

/// FNV-1a: finds accidents, not intent.
fn check_sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, &byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
