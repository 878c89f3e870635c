//! Floors: what a server could reach that did nothing but speak HTTP and write these rows.

pub mod copier;
pub mod echo;
pub mod plan;
pub mod sample;
pub mod schema;
pub mod sqlite;

/// Operations per second of a server on one core that answers `echo` requests a second when it does nothing
/// else, and writes the rows of `store` operations a second when it does nothing else: `1 / (1/a + 1/b)`.
pub fn combined(echo: f64, store: f64) -> f64 {
    (echo.recip() + store.recip()).recip()
}

#[cfg(test)]
mod tests {
    use super::combined;

    #[test]
    fn a_floor_is_below_both_and_half_of_equal_ones() {
        for (echo, store, floor) in [(80_000.0, 28_000.0, 20_740.7), (100.0, 100.0, 50.0), (f64::INFINITY, 7.0, 7.0)] {
            let told = combined(echo, store);
            assert!((told - floor).abs() < 0.1, "{told} for {floor}");
            assert!(told <= echo && told <= store);
        }
        assert!(combined(80_000.0, 0.0).abs() < f64::EPSILON);
    }
}
