//! The known name that is most like a mistyped one. Whether its letters are capital is no mistake here.

/// No name has more characters, and the time that a comparison takes grows with them.
const NAME_MAX: usize = 64;

/// The nearest of `known`, if it is near enough to have been meant.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let length = name.chars().count();
    if length > NAME_MAX {
        return None;
    }
    let near = (length / 3).max(2);
    let name = name.to_lowercase();
    let (distance, best) =
        known.into_iter().map(|other| (distance(&name, &other.to_lowercase()), other)).min()?;
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
        let known = ["ASE_DATABASE_URL", "ASE_LISTEN", "ASE_LOG"];
        for (name, expected) in [
            ("ASE_DATBASE_URL", Some("ASE_DATABASE_URL")),
            ("ASE_LISTN", Some("ASE_LISTEN")),
            ("ASE_LOGG", Some("ASE_LOG")),
            ("ase_log", Some("ASE_LOG")),
            ("ASE_SOMETHING_ELSE_ENTIRELY", None),
        ] {
            assert_eq!(nearest(name, known).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn dotted_names_are_found_alike() {
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
