//! One plain sentence about an event for the person who is asked about it.

use ase_connector_kit::event::sum;
use ase_connector_kit::wit::Money;

/// The sentence; none for events that no customer is asked about. `thing` is what a person may see of the card or
/// account that it is about.
pub(crate) fn sentence(kind: &str, amount: Option<&Money>, thing: Option<&str>) -> Option<String> {
    let (category, verb) = kind.split_once('.')?;
    let sum = sum(amount);
    let of = |what: &str| sum.as_ref().map_or_else(|| what.to_owned(), |sum| format!("{what} of {sum}"));
    Some(match category {
        "payment" => format!("Pay {}", sum.as_deref().unwrap_or("by card")),
        "refund" => format!("Refund {}", sum.as_deref().unwrap_or("a payment")),
        "dispute" => of("Dispute a payment"),
        "gift_card" if verb == "loaded" => {
            format!("Load {} on a gift card", sum.as_deref().unwrap_or("money"))
        }
        "gift_card" if verb == "redeemed" => {
            format!("Spend {} from a gift card", sum.as_deref().unwrap_or("money"))
        }
        "gift_card" => of("Change a gift card"),
        "payment_method" => method(verb, thing.unwrap_or("a payment method")),
        "account" => account(verb).to_owned(),
        "payout" if verb == "destination_changed" => {
            format!("Send payouts to {}", thing.unwrap_or("another account"))
        }
        "payout" => format!("Pay out {} to your bank account", sum.as_deref().unwrap_or("the balance")),
        _ => return None,
    })
}

fn method(verb: &str, thing: &str) -> String {
    match verb {
        "added" => format!("Add {thing} to the account"),
        "removed" => format!("Remove {thing} from the account"),
        _ => format!("Change {thing} in the account"),
    }
}

fn account(verb: &str) -> &'static str {
    match verb {
        "created" => "Open an account",
        "deleted" => "Delete the account",
        _ => "Change the details of the account",
    }
}
