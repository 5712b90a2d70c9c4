//! Medians and percentiles.

/// The value in the middle, or the mean of the two there. Zero of nothing.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// The smallest of the sorted values that `percent` of them do not exceed. Zero of nothing.
pub(crate) fn percentile(sorted: &[u32], percent: f64) -> u32 {
    let rank = (sorted.len() as f64 * percent / 100.0).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).or(sorted.last()).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_two_there() {
        assert_eq!(median(&[]), 0.0);
        assert_eq!(median(&[7.0]), 7.0);
        assert_eq!(median(&[9.0, 1.0, 5.0]), 5.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 100.0]), 3.0);
    }

    #[test]
    fn a_percentile_is_a_value_that_occurred() {
        let values: Vec<u32> = (1..=200).collect();
        assert_eq!(percentile(&values, 50.0), 100);
        assert_eq!(percentile(&values, 99.0), 198);
        assert_eq!(percentile(&values, 100.0), 200);
        assert_eq!(percentile(&values, 0.0), 1);
        assert_eq!(percentile(&[3], 99.0), 3);
        assert_eq!(percentile(&[], 99.0), 0);
    }

    #[test]
    fn one_slow_call_in_a_hundred_is_above_the_99th() {
        let mut values = vec![1; 99];
        values.push(1_000);
        assert_eq!(percentile(&values, 99.0), 1);
        assert_eq!(percentile(&values, 99.1), 1_000);
    }
}
