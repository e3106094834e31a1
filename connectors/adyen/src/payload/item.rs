//! One item of a Standard webhook, opened: what is known of it, and the neutral event it becomes.

use ase_connector_kit::refusal::malformed;
use ase_connector_kit::wit::{Action, Destination, Event, Link, Money, Refusal, Subject};
use ase_connector_kit::{Node, event, known};

use super::{attributes, description, risk, sum};

/// An item with the three facts without which it means nothing.
#[derive(Debug)]
pub(crate) struct Item<'n, 'b> {
    /// Adyen's event code.
    pub(crate) code: String,
    /// Whether what was asked for was done.
    pub(crate) success: bool,
    /// The reference of what the item is about: a payment, a refund, a dispute, a payout.
    reference: String,
    /// Whether it is of the test environment.
    test: bool,
    node: &'n Node<'b>,
}

impl<'n, 'b> Item<'n, 'b> {
    /// Opens an item.
    ///
    /// # Errors
    /// `malformed` when it has no code or no reference.
    ///
    /// Source: <https://docs.adyen.com/api-explorer/Webhooks/1/overview>, `NotificationRequestItem`.
    pub(crate) fn open(place: usize, node: &'n Node<'b>, test: bool) -> Result<Self, Refusal> {
        let at = |field: &str| format!("/notificationItems/{place}/NotificationRequestItem/{field}");
        let missing = |field: &str| malformed(format!("the item has no {field}"), Some(&at(field)));
        let code = node.word("eventCode").ok_or_else(|| missing("eventCode"))?;
        let reference = node.id("pspReference").ok_or_else(|| missing("pspReference"))?;
        Ok(Self { code, success: node.flag("success") == Some(true), reference, test, node })
    }

    /// A field of the item itself.
    pub(crate) fn own(&self) -> &'n Node<'b> {
        self.node
    }

    /// One of the fields that the merchant chose to receive; names are written with dots.
    pub(crate) fn data(&self, name: &str) -> Option<String> {
        self.node.at("additionalData")?.scalar(name).filter(|text| !text.is_empty())
    }

    /// The payment that it is about: the item's own, or the one that it changes.
    fn payment(&self) -> Option<String> {
        let own = || (self.is_payment() || self.original().is_none()).then(|| self.reference.clone());
        self.original().or_else(own)
    }

    fn original(&self) -> Option<String> {
        self.node.id("originalReference")
    }

    fn is_payment(&self) -> bool {
        matches!(self.code.as_str(), "AUTHORISATION" | "PENDING" | "OFFER_CLOSED" | "RECURRING_CONTRACT")
    }

    /// The neutral event. Adyen sends an item again with the same code and reference, and once more where a payment
    /// that had failed succeeds after all; these three are its identity.
    ///
    /// Source: <https://docs.adyen.com/development-resources/webhooks/handle-webhook-events>, "duplicates".
    pub(crate) fn event(&self, kind: &str) -> Event {
        let data = |name: &str| self.data(name);
        let amount = sum::amount(self.node);
        let base = event::event(self.id(), kind, self.subject());
        Event {
            occurred_at: self.node.time("eventDate"),
            action: self.action(kind, amount),
            device: event::device(data("shopperIP").and_then(|ip| known::ip(&ip)), None),
            billing: event::address(data("billingAddress.country").and_then(|text| known::country(&text))),
            shipping: event::address(data("deliveryAddress.country").and_then(|text| known::country(&text))),
            links: self.links(kind),
            signals: risk::signals(self, kind),
            changes: event::changes((kind == "payment_method.added").then_some("payment_method")),
            attributes: attributes::attributes(self),
            test: self.test,
            ..base
        }
    }

    fn id(&self) -> String {
        known::clip(format!("{}:{}:{}", self.code, self.reference, self.success))
    }

    /// The shopper by the merchant's own reference, else the card, which stays the same over a guest's purchases,
    /// else the payment itself.
    fn subject(&self) -> Subject {
        let shopper = self.data("shopperReference").and_then(|text| known::id(&text));
        let card = || self.card().map(|alias| thing("card", &alias));
        let id = shopper
            .or_else(card)
            .unwrap_or_else(|| thing("payment", &self.payment().unwrap_or_else(|| self.reference.clone())));
        Subject {
            email: self.data("shopperEmail").and_then(|text| known::email(&text)),
            name: self
                .data("cardHolderName")
                .or_else(|| self.data("ownerName"))
                .and_then(|text| known::name(&text)),
            locale: self.data("shopperLocale").and_then(|text| known::locale(&text)),
            ..event::subject(id)
        }
    }

    /// The alias of the card, the same for every payment with it.
    ///
    /// Source: <https://docs.adyen.com/unified-commerce/collect-data>, "Card alias".
    fn card(&self) -> Option<String> {
        known::id(&self.data("alias")?)
    }

    fn links(&self, kind: &str) -> Vec<Link> {
        let category = kind.split('.').next().unwrap_or_default();
        let own = match category {
            "refund" | "dispute" | "payout" | "fraud_warning" => category,
            _ if self.code.starts_with("CAPTURE") => "capture",
            _ => "payment",
        };
        event::links([
            (own, (own != "payment" || self.original().is_none()).then(|| self.reference.clone())),
            ("payment", self.payment().filter(|_| category != "payout")),
            ("order", self.node.id("merchantReference")),
            ("customer", self.data("shopperReference").and_then(|text| known::id(&text))),
            ("card", self.card()),
            ("payment_account", self.data("PaymentAccountReference").and_then(|text| known::id(&text))),
            (
                "payment_method",
                self.data("recurring.recurringDetailReference").and_then(|text| known::id(&text)),
            ),
        ])
    }

    fn action(&self, kind: &str, amount: Option<Money>) -> Option<Action> {
        let destination = kind.starts_with("payout.").then(|| self.destination()).flatten();
        let goal = destination.as_ref().and_then(|destination| destination.label.clone());
        let sentence = description::sentence(kind, amount.as_ref(), goal.as_deref())?;
        event::action(sentence, amount, destination)
    }

    /// Where a payout goes: a bank account by its number, or a card by its alias.
    fn destination(&self) -> Option<Destination> {
        let iban =
            self.data("iban").or_else(|| self.data("bankAccount.iban")).and_then(|text| known::id(&text));
        if let Some(iban) = iban {
            return Some(bank(&iban));
        }
        let last = self.data("cardSummary").and_then(|text| known::last_digits(&text));
        Some(event::destination(thing("card", &self.card()?), known::label(None, last)))
    }
}

/// A bank account as a destination: whole as an id, shortened for a person.
pub(crate) fn bank(iban: &str) -> Destination {
    let shown = |part: Option<&str>| part.map(str::to_owned);
    let length = iban.len();
    let ends = shown(iban.get(..4)).zip(shown(length.checked_sub(4).and_then(|from| iban.get(from..))));
    let label = ends.filter(|_| length > 8).map(|(first, last)| format!("{first} … {last}"));
    event::destination(known::clip(format!("iban:{iban}")), label)
}

/// The id of a thing by its kind, for subjects who have no account.
fn thing(kind: &str, id: &str) -> String {
    known::clip(format!("{kind}:{id}"))
}
