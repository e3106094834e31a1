//! Matches on lists in words.

use crate::history::ListMatch;

/// What matched and where to look it up. The entry says why, and only those who may see lists see what it holds.
pub(super) fn words(found: &ListMatch) -> String {
    let kind = match found.kind.as_str() {
        "ip" => "address",
        "email_domain" => "e-mail domain",
        kind => kind,
    };
    format!("the {kind} is on the {} list: entry {}", found.list, found.entry_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_list_and_entry_are_named() {
        let table = [
            ("deny", "ip", "the address is on the deny list: entry lst_7"),
            ("watch", "email_domain", "the e-mail domain is on the watch list: entry lst_7"),
            ("allow", "device", "the device is on the allow list: entry lst_7"),
        ];
        for (list, kind, text) in table {
            let found =
                ListMatch { list: list.to_owned(), kind: kind.to_owned(), entry_id: "lst_7".to_owned() };
            assert_eq!(words(&found), text);
        }
    }
}
