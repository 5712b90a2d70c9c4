//! Figures and signs as words.

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn below_thousand(number: u64, out: &mut Vec<&'static str>) {
    if number >= 100 {
        out.extend([ONES[(number / 100) as usize], "hundred"]);
    }
    let rest = number % 100;
    if rest >= 20 {
        out.push(TENS[(rest / 10) as usize]);
        if !rest.is_multiple_of(10) {
            out.push(ONES[(rest % 10) as usize]);
        }
    } else if rest > 0 || number == 0 {
        out.push(ONES[rest as usize]);
    }
}

/// The words of a number; of a long one, of each figure.
pub(super) fn say(figures: &str) -> Vec<&'static str> {
    let mut out = Vec::new();
    match figures.parse::<u64>() {
        Ok(year @ (1_100..=1_999)) if figures.len() == 4 => {
            below_thousand(year / 100, &mut out);
            match year % 100 {
                0 => out.push("hundred"),
                few @ 1..=9 => out.extend(["oh", ONES[few as usize]]),
                rest => below_thousand(rest, &mut out),
            }
        }
        Ok(number) if number < 1_000_000_000 => {
            for (size, name) in [(1_000_000, "million"), (1_000, "thousand")] {
                let part = number / size % 1_000;
                if part > 0 {
                    below_thousand(part, &mut out);
                    out.push(name);
                }
            }
            if !number.is_multiple_of(1_000) || number == 0 {
                below_thousand(number % 1_000, &mut out);
            }
        }
        _ => out.extend(
            figures.bytes().filter_map(|figure| ONES.get(usize::from(figure.wrapping_sub(b'0')))),
        ),
    }
    out
}

/// The word of a sign.
pub(super) fn sign(sign: char) -> Option<&'static str> {
    Some(match sign {
        '%' => "percent",
        '&' => "and",
        '+' => "plus",
        '=' => "equals",
        '$' => "dollars",
        '€' => "euros",
        '@' => "at",
        '°' => "degrees",
        _ => return None,
    })
}
