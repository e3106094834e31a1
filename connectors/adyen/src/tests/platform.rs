//! Webhooks of balance platforms.

use ase_connector_kit::testing::{amount, changes, description, destination, event, ignored, links};

use super::{outcome, samples};

#[test]
fn a_sweep_changes_where_money_goes() {
    let event = event(outcome(samples::SWEEP));
    assert_eq!(
        (event.type_.as_str(), event.subject.id.as_str()),
        ("payout.destination_changed", "BA32272223222B59K6ZXHBFN6")
    );
    assert_eq!(event.occurred_at.as_deref(), Some("2026-08-20T14:00:00+02:00"));
    assert_eq!(destination(&event), Some(("instrument:SE32272223222B5GFSGFN2HCLM", None)));
    assert_eq!(description(&event), Some("Send payouts to another account"));
    assert_eq!(changes(&event), ["payout_destination"]);
    assert!(event.test);
    let pulling = samples::SWEEP.replace("\"push\"", "\"pull\"");
    assert!(ignored(outcome(&pulling)).contains("brings money in"));
}

#[test]
fn a_transfer_to_a_bank_account_is_a_payout() {
    let paid = event(outcome(samples::TRANSFER));
    assert_eq!((paid.type_.as_str(), paid.subject.id.as_str()), ("payout.paid", "AH32272223222B59K6RTQBFNW"));
    assert_eq!(paid.id, "balancePlatform.transfer.updated:4JE3XB5YH8KK5M2Q:3:2026-08-20T14:00:00+02:00");
    assert_eq!(amount(&paid).as_deref(), Some("900.00 EUR"));
    assert_eq!(destination(&paid), Some(("iban:DE89370400440532013000", Some("DE89 … 3000"))));
    assert_eq!(
        links(&paid),
        ["transfer 4JE3XB5YH8KK5M2Q", "balance_account BA32272223222B59K6ZXHBFN6", "reference payout-3"]
    );
    let with = |from: &str, to: &str| outcome(&samples::TRANSFER.replace(from, to));
    assert_eq!(event(with("\"booked\"", "\"failed\"")).type_, "payout.failed");
    assert_eq!(event(with("\"booked\"", "\"authorised\"")).type_, "payout.updated");
    assert!(ignored(with("\"outgoing\"", "\"incoming\"")).contains("does not leave"));
    assert!(ignored(with("\"bank\"", "\"issuedCard\"")).contains("does not leave"));
}

#[test]
fn an_account_holder_is_a_merchant_and_other_types_are_ignored() {
    let holder = r#"{"type":"balancePlatform.accountHolder.updated","environment":"live","timestamp":"2026-08-20T14:00:00+02:00",
        "data":{"accountHolder":{"id":"AH1","legalEntityId":"LE1","status":"suspended"}}}"#;
    let updated = event(outcome(holder));
    assert_eq!((updated.type_.as_str(), updated.subject.id.as_str()), ("merchant.updated", "AH1"));
    let report = holder.replace("accountHolder.updated", "report.created");
    assert!(ignored(outcome(&report)).contains("report.created"));
}
