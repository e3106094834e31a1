//! The known name that is most like a mistyped one.

/// The nearest of `known`, if it is near enough to have been meant.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = (name.chars().count() / 3).max(2);
    let (distance, best) = known.into_iter().map(|other| (distance(name, other), other)).min()?;
    (distance <= near).then(|| best.to_owned())
}

/// How many characters have to be put in, left out or changed (Levenshtein).
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (above, c) in one.chars().enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        let mut next = vec![left];
        for (d, over) in two.iter().zip(row.iter().skip(1)) {
            left = (diagonal + usize::from(c != *d)).min(left + 1).min(over + 1);
            diagonal = *over;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_strange_one_has_none() {
        let known = ["event.amount", "event.country", "size"];
        for (name, expected) in [
            ("event.amont", Some("event.amount")),
            ("event.contry", Some("event.country")),
            ("siez", Some("size")),
            ("something_else_entirely", None),
        ] {
            assert_eq!(nearest(name, known).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn distances_count_single_changes() {
        for (one, two, expected) in
            [("", "abc", 3), ("abc", "abc", 0), ("kitten", "sitting", 3), ("ab", "ba", 2)]
        {
            assert_eq!(distance(one, two), expected, "{one} {two}");
        }
    }
}
