//! One plain sentence about an event for the person who is asked about it.

use ase_connector_kit::event::sum;
use ase_connector_kit::wit::Money;

/// The sentence; none for events that no customer is asked about.
pub(crate) fn sentence(kind: &str, amount: Option<&Money>, goal: Option<&str>) -> Option<String> {
    let sum = sum(amount);
    let of = |what: &str| sum.as_ref().map_or_else(|| what.to_owned(), |sum| format!("{what} of {sum}"));
    Some(match kind.split('.').next()? {
        "payment" => format!("Pay {}", sum.as_deref().unwrap_or("by card")),
        "refund" => format!("Refund {}", sum.as_deref().unwrap_or("a payment")),
        "dispute" => of("Dispute a payment"),
        "fraud_warning" => "A payment that the card's bank reports as fraud".to_owned(),
        "review" => "A payment that was reviewed".to_owned(),
        "payment_method" => "Add a payment method to the account".to_owned(),
        "merchant" => "Change the details of the business account".to_owned(),
        "payout" if kind == "payout.destination_changed" => {
            format!("Send payouts to {}", goal.unwrap_or("another account"))
        }
        "payout" => format!(
            "Pay out {} to {}",
            sum.as_deref().unwrap_or("the balance"),
            goal.unwrap_or("your bank account")
        ),
        _ => return None,
    })
}
