//! Drawing a moment: what the explore arm does in place of taking the best, so that the log knows about others.

use crate::{jitter::Jitter, slot::Slot};

/// How far worse a moment may be and still be drawn often, as a chance of success: a softmax over the chances.
const TEMPERATURE: f64 = 0.06;

/// Marks one of the moments, drawn by a softmax over their chances, as the only wanted one; each gets the probability
/// with which it is drawn.
pub fn draw(slots: &mut [Slot], jitter: &mut Jitter) {
    let best = slots.iter().map(|slot| slot.probability).fold(0.0, f64::max);
    let weights: Vec<f64> = slots.iter().map(|slot| ((slot.probability - best) / TEMPERATURE).exp()).collect();
    let sum: f64 = weights.iter().sum();
    let mut left = jitter.unit() * sum;
    let drawn = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    let drawn = drawn.unwrap_or(slots.len().saturating_sub(1));
    for (place, (slot, weight)) in slots.iter_mut().zip(weights).enumerate() {
        slot.propensity = weight / sum;
        slot.wanted = place == drawn;
    }
}

#[cfg(test)]
mod tests {
    use domain::time::{DAY, Timestamp};

    use super::*;

    const DRAWS: u32 = 20_000;

    #[test]
    fn moments_are_drawn_as_often_as_it_says() {
        let slots: Vec<Slot> =
            [0.30, 0.24, 0.05].iter().zip(0u32..).map(|(chance, n)| Slot::only(Timestamp::EPOCH + DAY * n, *chance)).collect();
        let mut counts = [0u32; 3];
        let mut propensities = [0.0; 3];
        for seed in 0..DRAWS {
            let mut drawn = slots.clone();
            draw(&mut drawn, &mut Jitter::new(seed.into(), 1));
            assert_eq!(drawn.iter().filter(|slot| slot.wanted).count(), 1);
            for (place, slot) in drawn.iter().enumerate() {
                counts[place] += u32::from(slot.wanted);
                propensities[place] = slot.propensity;
            }
        }
        assert!((propensities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        for (count, propensity) in counts.iter().zip(propensities) {
            let share = f64::from(*count) / f64::from(DRAWS);
            assert!((share - propensity).abs() < 0.015, "{share} {propensity}");
        }
        assert!(propensities[0] > propensities[1] && propensities[1] > propensities[2]);
    }
}
