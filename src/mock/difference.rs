use std::fmt::Write;

use super::shown::brief;
use super::views::one_line;

/// Texts of no more letters are shown whole.
const FEW_LETTERS: usize = 60;

/// How a text's `Debug` shows the end of a line.
const LINE_END: &str = "\\n";

/// So many letters are shown before those that differ, and so many from them on.
const LETTERS_AROUND: (usize, usize) = (20, 60);

/// So many lines are shown on each side of those that differ.
const LINES_AROUND: usize = 2;

/// The most pairs of lines that are compared to find those that both texts have.
const MOST_PAIRS: usize = 1_000_000;

/// Says how an argument differs from what was expected of it, given the `{:#?}` of both.
pub(super) fn difference(name: &str, expected: &str, saw: &str) -> String {
    long_difference(name, expected, saw).unwrap_or_else(|| {
        let (expected, saw) = (one_line(expected), one_line(saw));
        if expected == saw {
            return format!("  {name}: expected {}, saw one that is shown alike", brief(&expected, FEW_LETTERS));
        }
        format!("  {name}: expected {expected}, saw {saw}")
    })
}

/// The same, if it takes more than to show both.
pub(super) fn long_difference(name: &str, expected: &str, saw: &str) -> Option<String> {
    let (expected_line, saw_line) = (one_line(expected), one_line(saw));
    let is_short = [&expected_line, &saw_line].into_iter().all(|line| line.chars().count() <= FEW_LETTERS);
    if is_short || expected_line == saw_line {
        return None;
    }
    if expected.contains('\n') && saw.contains('\n') {
        return Some(by_lines(name, expected, saw));
    }
    if [expected, saw].into_iter().all(|text| text.contains(LINE_END)) {
        let [expected, saw] = [expected, saw].map(|text| text.replace(LINE_END, &format!("{LINE_END}\n")));
        return Some(by_lines(name, &expected, &saw));
    }
    Some(by_letters(name, &expected_line, &saw_line))
}

/// Shows two long lines from a little before their first difference on.
fn by_letters(name: &str, expected: &str, saw: &str) -> String {
    let alike = expected.chars().zip(saw.chars()).take_while(|(expected, saw)| expected == saw).count();
    let (before, after) = LETTERS_AROUND;
    let start = alike.saturating_sub(before);
    let part = |text: &str| {
        let shown: String = text.chars().skip(start).take(alike - start + after).collect();
        let is_cut = text.chars().count() > alike + after;
        format!("{}{shown}{}", if start > 0 { "..." } else { "" }, if is_cut { "..." } else { "" })
    };
    format!(
        "  {name} differs from letter {} on\n    expected {}\n    saw      {}",
        alike + 1,
        part(expected),
        part(saw)
    )
}

/// A line, and which of the texts have it.
#[derive(Clone, Copy)]
enum Line<'a> {
    Both(&'a str),
    Expected(&'a str),
    Saw(&'a str),
}

impl<'a> Line<'a> {
    fn text(self) -> &'a str {
        match self {
            Self::Both(text) | Self::Expected(text) | Self::Saw(text) => text,
        }
    }

    fn indent(self) -> usize {
        self.text().len() - self.text().trim_start().len()
    }

    fn differs(self) -> bool {
        !matches!(self, Self::Both(_))
    }
}

/// Shows the lines that differ, those next to them, and those that open what they are in.
fn by_lines(name: &str, expected: &str, saw: &str) -> String {
    let lines = merged(&expected.lines().collect::<Vec<_>>(), &saw.lines().collect::<Vec<_>>());
    let mut is_shown = vec![false; lines.len()];
    for (place, line) in lines.iter().enumerate().filter(|(_, line)| line.differs()) {
        is_shown[place.saturating_sub(LINES_AROUND)..(place + LINES_AROUND + 1).min(lines.len())].fill(true);
        let mut indent = line.indent();
        for outer in (0..place).rev() {
            if lines[outer].indent() < indent && !lines[outer].differs() {
                indent = lines[outer].indent();
                is_shown[outer] = true;
            }
        }
    }
    let mut text = format!("  {name} differs: - expected, + saw");
    let mut skipped = 0;
    for (place, line) in lines.iter().enumerate() {
        // To say that one line is left out takes a line too.
        let is_alone = (place == 0 || is_shown[place - 1]) && is_shown.get(place + 1).is_none_or(|is_shown| *is_shown);
        if !is_shown[place] && !is_alone {
            skipped += 1;
            continue;
        }
        write_skipped(&mut text, std::mem::take(&mut skipped), line.indent());
        let sign = match line {
            Line::Both(_) => ' ',
            Line::Expected(_) => '-',
            Line::Saw(_) => '+',
        };
        write!(text, "\n  {sign} {}", line.text()).unwrap();
    }
    write_skipped(&mut text, skipped, 0);
    text
}

fn write_skipped(text: &mut String, count: usize, indent: usize) {
    if count > 0 {
        write!(text, "\n    {:indent$}({count} more lines are alike)", "").unwrap();
    }
}

/// The lines of both texts in one order, with as many as possible in common.
fn merged<'a>(expected: &[&'a str], saw: &[&'a str]) -> Vec<Line<'a>> {
    let start = expected.iter().zip(saw).take_while(|(expected, saw)| expected == saw).count();
    let (expected_rest, saw_rest) = (&expected[start..], &saw[start..]);
    let end =
        expected_rest.iter().rev().zip(saw_rest.iter().rev()).take_while(|(expected, saw)| expected == saw).count();
    let (expected_middle, tail) = expected_rest.split_at(expected_rest.len() - end);
    let saw_middle = &saw_rest[..saw_rest.len() - end];
    let both = |lines: &[&'a str]| lines.iter().copied().map(Line::Both).collect::<Vec<_>>();
    [both(&expected[..start]), merged_middle(expected_middle, saw_middle), both(tail)].concat()
}

/// The same for what is between the first and the last difference.
fn merged_middle<'a>(expected: &[&'a str], saw: &[&'a str]) -> Vec<Line<'a>> {
    let width = saw.len() + 1;
    if expected.len() * saw.len() > MOST_PAIRS {
        let gone = expected.iter().copied().map(Line::Expected);
        return gone.chain(saw.iter().copied().map(Line::Saw)).collect();
    }
    // How many lines the rests of both can have in common, from each pair of places on.
    let mut common = vec![0_usize; (expected.len() + 1) * width];
    for (row, expected) in expected.iter().enumerate().rev() {
        for (column, saw) in saw.iter().enumerate().rev() {
            let at = row * width + column;
            common[at] =
                if expected == saw { common[at + width + 1] + 1 } else { common[at + width].max(common[at + 1]) };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut lines = Vec::new();
    while row < expected.len() && column < saw.len() {
        let at = row * width + column;
        if expected[row] == saw[column] {
            lines.push(Line::Both(expected[row]));
            (row, column) = (row + 1, column + 1);
        } else if common[at + width] >= common[at + 1] {
            lines.push(Line::Expected(expected[row]));
            row += 1;
        } else {
            lines.push(Line::Saw(saw[column]));
            column += 1;
        }
    }
    lines.extend(expected[row..].iter().copied().map(Line::Expected));
    lines.extend(saw[column..].iter().copied().map(Line::Saw));
    lines
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    fn of(expected: &impl Debug, saw: &impl Debug) -> String {
        difference("order", &format!("{expected:#?}"), &format!("{saw:#?}"))
    }

    #[derive(Clone, Debug)]
    #[expect(dead_code, reason = "they are only shown")]
    struct Order {
        id: u64,
        items: Vec<Item>,
        note: String,
    }

    #[derive(Clone, Debug)]
    #[expect(dead_code, reason = "they are only shown")]
    struct Item {
        name: &'static str,
        count: u64,
        price: u64,
    }

    fn order() -> Order {
        let items = ["Dune", "Emma", "Ulysses"].map(|name| Item { name, count: 1, price: 10 });
        Order { id: 7, items: items.to_vec(), note: String::new() }
    }

    #[test]
    fn what_is_short_is_shown_whole() {
        assert_eq!(of(&"Anna", &"Ben"), r#"  order: expected "Anna", saw "Ben""#);
        assert_eq!(of(&Some(Some(7)), &None::<Option<u64>>), "  order: expected Some(Some(7)), saw None");
    }

    #[test]
    fn what_is_shown_alike_is_said_to_be() {
        assert_eq!(of(&f64::NAN, &f64::NAN), "  order: expected NaN, saw one that is shown alike");
    }

    #[test]
    fn a_long_text_is_shown_where_it_differs() {
        let text = "A beginning is a very delicate time. ".repeat(6);
        let other = format!("{}The end.", &text[..111]);

        assert_eq!(
            of(&text, &other),
            r#"  order differs from letter 113 on
    expected ...very delicate time. A beginning is a very delicate time. A beginning is a very d...
    saw      ...very delicate time. The end.""#
        );
    }

    #[test]
    fn a_long_value_is_shown_by_the_lines_that_differ_and_what_they_are_in() {
        let mut other = order();
        other.items[2].price = 12;
        other.note = "gift".to_owned();

        assert_eq!(
            of(&order(), &other),
            r#"  order differs: - expected, + saw
    Order {
        id: 7,
        items: [
            (10 more lines are alike)
            Item {
                name: "Ulysses",
                count: 1,
  -             price: 10,
  +             price: 12,
            },
        ],
  -     note: "",
  +     note: "gift",
    }"#
        );
    }

    #[test]
    fn a_text_of_many_lines_is_shown_by_the_lines_that_differ() {
        let query = "SELECT *\nFROM orders\nWHERE id = 1\n  AND customer = 7\n  AND total > 0\nORDER BY id";

        assert_eq!(
            of(&query, &query.replace("id = 1", "id = 2")),
            r#"  order differs: - expected, + saw
    "SELECT *\n
    FROM orders\n
  - WHERE id = 1\n
  + WHERE id = 2\n
      AND customer = 7\n
      AND total > 0\n
    ORDER BY id""#
        );
    }

    #[test]
    fn a_line_too_many_leaves_the_others_alike() {
        let mut other = order();
        other.items.remove(0);

        assert_eq!(
            of(&order(), &other),
            r#"  order differs: - expected, + saw
    Order {
        id: 7,
        items: [
            Item {
  -             name: "Dune",
  -             count: 1,
  -             price: 10,
  -         },
  -         Item {
                name: "Emma",
                count: 1,
    (10 more lines are alike)"#
        );
    }

    #[test]
    fn what_is_too_long_to_be_compared_line_by_line_is_shown_from_its_first_to_its_last_difference() {
        let (expected, saw): (Vec<_>, Vec<_>) = ((0..1_500).collect(), (0..1_500).map(|number| number * 2).collect());

        let text = of(&expected, &saw);

        assert!(
            text.starts_with("  order differs: - expected, + saw\n    [\n        0,\n  -     1,\n  -     2,"),
            "{text}"
        );
    }
}
