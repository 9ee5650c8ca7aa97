//! Numbers that only look random: the same in every run (`SplitMix64`).

/// A sequence, by where it stands in it.
pub(crate) struct Random(u64);

impl Random {
    /// The sequence that `SEED` names, or the first one.
    pub(crate) fn seeded() -> Self {
        Self(std::env::var("SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1))
    }

    /// A number below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }

    /// Whether one of so many cases holds.
    pub(crate) fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) == 0
    }

    /// One of several.
    pub(crate) fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
