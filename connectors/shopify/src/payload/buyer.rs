//! Who buys. Owns whose account an order, a checkout or a draft touches; never takes an e-mail address for an id.

use super::{address::Address, customer::Customer, nested::Nested, scalar::Scalar};
use crate::bindings::exports::ase::connector::normalizer::Subject;

/// What a body says of the person, in several places.
#[derive(Debug)]
pub(super) struct Buyer<'b, 'a> {
    /// The account; absent for a guest.
    pub(super) customer: &'b Nested<Customer<'a>>,
    /// Name of last resort.
    pub(super) billing: &'b Nested<Address<'a>>,
    /// Addresses typed in for this purchase, the best first.
    pub(super) emails: [Scalar<'a>; 2],
    /// Number typed in for this purchase.
    pub(super) phone: Scalar<'a>,
    /// Language of the purchase.
    pub(super) locale: Scalar<'a>,
}

impl Buyer<'_, '_> {
    /// The subject, which for a guest is the most stable thing that links his events.
    ///
    /// What the account holds goes before what was typed in for this purchase: whoever took an account over
    /// types in his own address, and the question about it must not go there.
    pub(super) fn subject(&self, guest: String) -> Subject {
        let account = self.customer.get();
        let held = |part: fn(&Customer<'_>) -> Option<String>| account.and_then(part);
        let billing_name = || self.billing.get().and_then(|address| address.name.word());
        Subject {
            id: held(|customer| customer.id.id()).unwrap_or(guest),
            email: held(|customer| customer.email.email()).or_else(|| self.typed_email()),
            phone: held(|customer| customer.phone.phone()).or_else(|| self.phone.phone()),
            name: account.and_then(Customer::name).or_else(billing_name),
            created_at: held(|customer| customer.created_at.time()),
            locale: self.locale.locale(),
        }
    }

    /// The account's id.
    pub(super) fn customer_id(&self) -> Option<String> {
        self.customer.get()?.id.id()
    }

    /// What state the account is in: `disabled`, `invited`, `enabled` or `declined`.
    pub(super) fn state(&self) -> Option<String> {
        self.customer.get()?.state.word()
    }

    /// Whether the account's address was confirmed.
    pub(super) fn verified_email(&self) -> Option<String> {
        self.customer.get()?.verified_email.flag_word()
    }

    /// Whether another address was typed in than the account holds; unknown unless both are known.
    pub(super) fn contact_differs(&self) -> Option<String> {
        let held = self.customer.get()?.email.email()?;
        let typed = self.typed_email()?;
        Some((!held.eq_ignore_ascii_case(&typed)).to_string())
    }

    fn typed_email(&self) -> Option<String> {
        self.emails.iter().find_map(Scalar::email)
    }
}
