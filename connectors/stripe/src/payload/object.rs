//! The object of an event. Stripe uses the same name for the same thing in all of its objects, so one lenient
//! struct reads every one of them in a single pass; what an object does not have stays absent.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::MapAccess;
use serde::de::value::MapAccessDeserializer;

use super::card::{Card, Failure, Method, MethodDetails, Payee};
use super::charge::{Charge, Charges, FraudDetails, Outcome, Refunds};
use super::contact::{Address, Collected, Contact, Customer};
use super::lenient::{First, Id, Lenient, Shape, Text, shapes};
use super::reference::{Bare, Reference};

/// The members of `data.object` that matter, whichever object it is.
///
/// Source: the object pages of <https://docs.stripe.com/api>.
#[expect(clippy::struct_field_names, reason = "the names are Stripe's")]
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Object<'a> {
    pub(crate) id: Id<'a>,
    pub(crate) object: Text<'a>,
    pub(crate) account: Id<'a>,
    pub(crate) actionable: Lenient<bool>,
    pub(crate) address: Lenient<Address<'a>>,
    pub(crate) amount: Lenient<u64>,
    pub(crate) amount_captured: Lenient<u64>,
    pub(crate) amount_refunded: Lenient<u64>,
    pub(crate) amount_total: Lenient<u64>,
    pub(crate) automatic: Lenient<bool>,
    pub(crate) bank_name: Text<'a>,
    pub(crate) billing_details: Lenient<Contact<'a>>,
    pub(crate) brand: Text<'a>,
    pub(crate) calculated_statement_descriptor: Text<'a>,
    pub(crate) cancellation_reason: Text<'a>,
    pub(crate) capture_method: Text<'a>,
    pub(crate) captured: Lenient<bool>,
    pub(crate) card: Lenient<Card<'a>>,
    pub(crate) charge: Lenient<Reference<'a, Charge<'a>>>,
    pub(crate) charges: Lenient<Charges<'a>>,
    pub(crate) client_reference_id: Id<'a>,
    pub(crate) closed_reason: Text<'a>,
    pub(crate) collected_information: Lenient<Collected<'a>>,
    pub(crate) country: Text<'a>,
    pub(crate) created: Lenient<u64>,
    pub(crate) currency: Text<'a>,
    pub(crate) customer: Lenient<Reference<'a, Customer<'a>>>,
    pub(crate) customer_acceptance: Lenient<Acceptance<'a>>,
    pub(crate) customer_details: Lenient<Contact<'a>>,
    pub(crate) customer_email: Text<'a>,
    pub(crate) destination: Lenient<Reference<'a, Payee<'a>>>,
    pub(crate) dispute: Lenient<Reference<'a, Bare<'a>>>,
    pub(crate) email: Text<'a>,
    pub(crate) evidence: Lenient<Evidence<'a>>,
    pub(crate) evidence_details: Lenient<EvidenceDetails>,
    pub(crate) failure_code: Text<'a>,
    pub(crate) fingerprint: Text<'a>,
    pub(crate) fraud_details: Lenient<FraudDetails<'a>>,
    pub(crate) fraud_type: Text<'a>,
    pub(crate) funding: Text<'a>,
    pub(crate) invoice: Lenient<Reference<'a, Bare<'a>>>,
    pub(crate) ip_address: Text<'a>,
    pub(crate) ip_address_location: Lenient<Address<'a>>,
    pub(crate) last4: Text<'a>,
    pub(crate) last_payment_error: Lenient<Failure<'a>>,
    pub(crate) last_setup_error: Lenient<Failure<'a>>,
    pub(crate) latest_charge: Lenient<Reference<'a, Charge<'a>>>,
    pub(crate) locale: Text<'a>,
    pub(crate) mandate: Lenient<Reference<'a, Bare<'a>>>,
    pub(crate) metadata: Lenient<Metadata<'a>>,
    pub(crate) method: Text<'a>,
    pub(crate) mode: Text<'a>,
    pub(crate) name: Text<'a>,
    pub(crate) network_reason_code: Text<'a>,
    pub(crate) opened_reason: Text<'a>,
    pub(crate) outcome: Lenient<Outcome<'a>>,
    pub(crate) payment_intent: Lenient<Reference<'a, Bare<'a>>>,
    pub(crate) payment_method: Lenient<Reference<'a, Method<'a>>>,
    pub(crate) payment_method_details: Lenient<MethodDetails<'a>>,
    pub(crate) payment_status: Text<'a>,
    pub(crate) phone: Text<'a>,
    pub(crate) preferred_locales: Lenient<First<Cow<'a, str>>>,
    pub(crate) reason: Text<'a>,
    pub(crate) receipt_email: Text<'a>,
    pub(crate) refunds: Lenient<Refunds<'a>>,
    pub(crate) review: Lenient<Reference<'a, Bare<'a>>>,
    pub(crate) setup_intent: Lenient<Reference<'a, Bare<'a>>>,
    pub(crate) shipping: Lenient<Contact<'a>>,
    pub(crate) shipping_details: Lenient<Contact<'a>>,
    pub(crate) source: Lenient<Reference<'a, Card<'a>>>,
    pub(crate) status: Text<'a>,
    pub(crate) subscription: Lenient<Reference<'a, Bare<'a>>>,
}

/// How a mandate was agreed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Acceptance<'a> {
    pub(crate) online: Lenient<Online<'a>>,
}

/// The browser that agreed to a mandate.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Online<'a> {
    pub(crate) ip_address: Text<'a>,
    pub(crate) user_agent: Text<'a>,
}

/// What the merchant submits against a dispute.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Evidence<'a> {
    pub(crate) customer_purchase_ip: Text<'a>,
}

/// Until when evidence counts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EvidenceDetails {
    pub(crate) due_by: Lenient<u64>,
}

impl<'de> Shape<'de> for EvidenceDetails {
    fn of_object<A: MapAccess<'de>>(members: A) -> Result<Option<Self>, A::Error> {
        Self::deserialize(MapAccessDeserializer::new(members)).map(Some)
    }
}

/// The merchant's own keys. Only the order's id is read.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Metadata<'a> {
    pub(crate) order_id: Id<'a>,
}

shapes!(Object, Acceptance, Online, Evidence, Metadata);

impl<'a> Object<'a> {
    /// Whether the object is of this kind, in Stripe's words.
    pub(crate) fn is(&self, kind: &str) -> bool {
        self.object.as_deref() == Some(kind)
    }

    /// The charge that comes with the object: expanded, or the latest of an old payment intent's list.
    pub(crate) fn inner_charge(&self) -> Option<&Charge<'a>> {
        let listed = || self.charges.as_ref()?.data.as_ref()?.0.as_ref();
        self.latest_charge.expanded().or_else(|| self.charge.expanded()).or_else(listed)
    }

    /// The id of the charge that the object is about, other than itself.
    pub(crate) fn charge_id(&self) -> Option<&str> {
        let failed = || self.failure()?.charge.id();
        let listed = || self.inner_charge()?.id.get();
        self.latest_charge.id().or_else(|| self.charge.id()).or_else(listed).or_else(failed)
    }

    /// Why the last attempt failed.
    pub(crate) fn failure(&self) -> Option<&Failure<'a>> {
        self.last_payment_error.as_ref().or(self.last_setup_error.as_ref())
    }

    /// The payment method, where it was expanded or came with a failure.
    pub(crate) fn inner_method(&self) -> Option<&Method<'a>> {
        self.payment_method.expanded().or_else(|| self.failure()?.payment_method.expanded())
    }

    /// What Stripe and the bank made of the charge.
    pub(crate) fn outcome(&self) -> Option<&Outcome<'a>> {
        self.outcome.as_ref().or_else(|| self.inner_charge()?.outcome.as_ref())
    }

    /// What Stripe and the merchant report about the charge.
    pub(crate) fn fraud_details(&self) -> Option<&FraudDetails<'a>> {
        self.fraud_details.as_ref().or_else(|| self.inner_charge()?.fraud_details.as_ref())
    }

    /// The card that paid or is to pay.
    pub(crate) fn card(&self) -> Option<&Card<'a>> {
        let details = || self.payment_method_details.as_ref()?.card.as_ref();
        let charged = || self.inner_charge()?.payment_method_details.as_ref()?.card.as_ref();
        let method = || self.inner_method()?.card.as_ref();
        let source = || self.inner_charge()?.source.expanded();
        let own = self.card.as_ref().or_else(details).or_else(charged).or_else(method);
        own.or_else(|| self.source.expanded()).or_else(source)
    }

    /// The fingerprint of that card, which stays the same wherever the card is used.
    pub(crate) fn card_fingerprint(&self) -> Option<&str> {
        let own = self.is("card").then_some(self.fingerprint.as_deref()).flatten();
        own.or_else(|| self.card()?.fingerprint.as_deref()).filter(|print| super::known::is_id(print))
    }

    /// Whoever pays, the most telling first.
    pub(crate) fn billing(&self) -> impl Iterator<Item = &Contact<'a>> {
        [
            self.billing_details.as_ref(),
            self.inner_charge().and_then(|charge| charge.billing_details.as_ref()),
            self.inner_method().and_then(|method| method.billing_details.as_ref()),
            self.customer_details.as_ref(),
        ]
        .into_iter()
        .flatten()
    }

    /// Whoever receives, the most telling first.
    pub(crate) fn shipping(&self) -> impl Iterator<Item = &Contact<'a>> {
        [
            self.shipping.as_ref(),
            self.shipping_details.as_ref(),
            self.collected_information.as_ref().and_then(|collected| collected.shipping_details.as_ref()),
            self.inner_charge().and_then(|charge| charge.shipping.as_ref()),
        ]
        .into_iter()
        .flatten()
    }
}
