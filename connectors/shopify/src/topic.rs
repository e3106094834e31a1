//! The topics this connector reads. Owns which body and which event belong to a topic; never reads a body.

/// What a body is. Topics of one kind carry the same shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An order as it stands.
    Order,
    /// An order that has been cancelled, and says so.
    CancelledOrder,
    /// The id of an order that is gone.
    OrderDeletion,
    /// Items added to and taken from an order.
    OrderEdit,
    /// What Shopify or an app thinks of an order.
    RiskAssessment,
    /// A customer's account.
    Customer,
    /// The id of a customer who is gone.
    CustomerDeletion,
    /// Tags put on or taken off a customer.
    CustomerTags,
    /// Running totals of a customer.
    PurchasingSummary,
    /// A checkout under way.
    Checkout,
    /// An order being drafted by staff or an app.
    DraftOrder,
    /// Money given back.
    Refund,
    /// A chargeback or an inquiry.
    Dispute,
    /// One step of a payment.
    Transaction,
    /// A customer wants to see what is held of him.
    DataRequest,
    /// A customer is to be forgotten.
    CustomerErasure,
    /// A whole shop is to be forgotten.
    ShopErasure,
    /// The shop itself, as it leaves.
    Shop,
}

/// One topic of Shopify's.
#[derive(Debug)]
pub(crate) struct Topic {
    /// As in the topic header.
    pub(crate) name: &'static str,
    /// What its body is.
    pub(crate) kind: Kind,
    /// The type of the event it becomes; a payment step refines it by what the body says.
    pub(crate) event: &'static str,
}

impl Topic {
    /// The topic of this name, if it is of concern.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        TOPICS.iter().find(|topic| topic.name == name)
    }
}

const fn topic(name: &'static str, kind: Kind, event: &'static str) -> Topic {
    Topic { name, kind, event }
}

/// Every topic of concern, in the order of the manifest.
pub(crate) const TOPICS: &[Topic] = &[
    topic("orders/create", Kind::Order, "order.created"),
    topic("orders/paid", Kind::Order, "order.paid"),
    topic("orders/updated", Kind::Order, "order.updated"),
    topic("orders/edited", Kind::OrderEdit, "order.edited"),
    topic("orders/cancelled", Kind::CancelledOrder, "order.cancelled"),
    topic("orders/delete", Kind::OrderDeletion, "order.deleted"),
    topic("orders/risk_assessment_changed", Kind::RiskAssessment, "order.risk_assessed"),
    topic("customers/create", Kind::Customer, "account.created"),
    topic("customers/update", Kind::Customer, "account.updated"),
    topic("customers/enable", Kind::Customer, "account.enabled"),
    topic("customers/disable", Kind::Customer, "account.disabled"),
    topic("customers/delete", Kind::CustomerDeletion, "account.deleted"),
    topic("customer.tags_added", Kind::CustomerTags, "account.tagged"),
    topic("customer.tags_removed", Kind::CustomerTags, "account.tagged"),
    topic("customers/purchasing_summary", Kind::PurchasingSummary, "account.updated"),
    topic("checkouts/create", Kind::Checkout, "checkout.created"),
    topic("checkouts/update", Kind::Checkout, "checkout.updated"),
    topic("refunds/create", Kind::Refund, "refund.created"),
    topic("disputes/create", Kind::Dispute, "dispute.created"),
    topic("disputes/update", Kind::Dispute, "dispute.updated"),
    topic("draft_orders/create", Kind::DraftOrder, "order.draft_created"),
    topic("draft_orders/update", Kind::DraftOrder, "order.draft_updated"),
    topic("order_transactions/create", Kind::Transaction, "payment.attempted"),
    topic("customers/data_request", Kind::DataRequest, "privacy.data_requested"),
    topic("customers/redact", Kind::CustomerErasure, "privacy.erasure_requested"),
    topic("shop/redact", Kind::ShopErasure, "privacy.erasure_requested"),
    topic("app/uninstalled", Kind::Shop, "source.removed"),
];
