//! In which state an order stands, and what that means. WooCommerce tells states and not steps: a body says where an
//! order is, not what brought it there.
//!
//! Source: <https://woocommerce.com/document/managing-orders/order-statuses/>.

/// What a state of an order means under a topic.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is an event of this neutral type.
    Event(&'static str),
    /// Nothing happened yet that concerns anybody.
    Ignored(&'static str),
}

/// The meaning of a state.
pub(crate) fn standing(verb: &str, status: Option<&str>) -> Standing {
    Standing::Event(match (verb, status) {
        // The checkout of blocks makes a draft as soon as somebody looks at it.
        (_, Some("checkout-draft" | "auto-draft")) => {
            return Standing::Ignored("a draft is nothing that anybody has placed");
        }
        ("created", _) => "order.created",
        ("restored", _) => "order.restored",
        // Each attempt to pay that fails changes the order, which is how stolen cards are tried out.
        (_, Some("failed")) => "payment.failed",
        (_, Some("cancelled")) => "order.cancelled",
        (_, Some("refunded")) => "refund.updated",
        (_, Some("completed")) => "order.completed",
        (_, Some("trash")) => "order.deleted",
        _ => "order.updated",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_meanings() {
        let cases = [
            ("created", Some("processing"), "order.created"),
            ("created", Some("failed"), "order.created"),
            ("restored", Some("processing"), "order.restored"),
            ("updated", Some("processing"), "order.updated"),
            ("updated", Some("failed"), "payment.failed"),
            ("updated", Some("refunded"), "refund.updated"),
            ("updated", Some("cancelled"), "order.cancelled"),
            ("updated", Some("trash"), "order.deleted"),
            ("updated", Some("made-by-a-plugin"), "order.updated"),
            ("updated", None, "order.updated"),
        ];
        for (verb, status, kind) in cases {
            assert_eq!(standing(verb, status), Standing::Event(kind), "{verb} {status:?}");
        }
        assert!(matches!(standing("created", Some("checkout-draft")), Standing::Ignored(_)));
    }
}
