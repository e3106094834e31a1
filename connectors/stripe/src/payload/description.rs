//! One plain sentence about an event for the person who is asked about it.

use super::action::label;
use super::known;
use super::snapshot::Snapshot;
use crate::bindings::exports::ase::connector::normalizer::{Destination, Money};

/// The sentence; none for events that no customer is asked about.
pub(crate) fn sentence(
    snapshot: &Snapshot,
    amount: Option<&Money>,
    destination: Option<&Destination>,
) -> Option<String> {
    let sum = amount.map(|money| format!("{} {}", money.value, money.currency));
    let goal = destination.and_then(|destination| destination.label.as_deref());
    let (category, verb) = snapshot.kind.split_once('.')?;
    let sentence = match category {
        "payment" => format!("Pay {}{}", sum.as_deref().unwrap_or("by card"), payee(snapshot)),
        "refund" => format!("Refund {}", sum.as_deref().unwrap_or("a payment")),
        "checkout" => sum.map_or_else(|| "Check out".to_owned(), |sum| format!("Check out for {sum}")),
        "dispute" => {
            sum.map_or_else(|| "Dispute a payment".to_owned(), |sum| format!("Dispute a payment of {sum}"))
        }
        "fraud_warning" => "A payment that the card's bank reports as fraud".to_owned(),
        "review" => "A payment that is being reviewed".to_owned(),
        "payment_method" => payment_method(snapshot, verb),
        "account" => account(verb).to_owned(),
        "merchant" => "Change the details of the business account".to_owned(),
        "transfer" => format!("Transfer {}", sum.as_deref().unwrap_or("money")),
        "payout" if verb == "destination_changed" => {
            let removed = snapshot.topic.ends_with(".deleted");
            let start = if removed { "Stop sending payouts to" } else { "Send payouts to" };
            format!("{start} {}", goal.unwrap_or("another account"))
        }
        "payout" => format!(
            "Pay out {} to {}",
            sum.as_deref().unwrap_or("the balance"),
            goal.unwrap_or("your bank account")
        ),
        _ => return None,
    };
    Some(sentence)
}

/// To whom a payment goes, by the name that will stand on the statement.
fn payee(snapshot: &Snapshot) -> String {
    let object = snapshot.object;
    let own = object.calculated_statement_descriptor.as_deref();
    let inner = || object.inner_charge()?.calculated_statement_descriptor.as_deref();
    own.or_else(inner).and_then(known::name).map(|name| format!(" to {name}")).unwrap_or_default()
}

fn payment_method(snapshot: &Snapshot, verb: &str) -> String {
    let object = snapshot.object;
    let own = label(object.brand.as_deref().or(object.bank_name.as_deref()), object.last4.as_deref());
    let card = || object.card().and_then(|card| label(card.brand.as_deref(), card.last4.as_deref()));
    let method = own.or_else(card).unwrap_or_else(|| "a payment method".to_owned());
    // Until it is set up, a payment method is one that is being added.
    let verb = if snapshot.topic.starts_with("setup_intent.") { "added" } else { verb };
    match verb {
        "added" | "failed" => format!("Add {method} to the account"),
        "removed" => format!("Remove {method} from the account"),
        _ => format!("Change {method} in the account"),
    }
}

fn account(verb: &str) -> &'static str {
    match verb {
        "created" => "Open an account",
        "deleted" => "Delete the account",
        "email_changed" => "Change the e-mail address of the account",
        "phone_changed" => "Change the telephone number of the account",
        "address_changed" => "Change the postal address of the account",
        _ => "Change the details of the account",
    }
}
