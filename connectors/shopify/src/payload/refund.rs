//! Money given back. Owns the topic `refunds/create` and the sum of what was returned.

use serde::Deserialize;

use super::{
    Payload,
    decimal::Decimal,
    nameless,
    nested::{List, Nested},
    scalar::Scalar,
};
use crate::{
    bindings::exports::ase::connector::normalizer::{Event, Link, Money, Outcome, Refusal},
    event,
    notice::Notice,
    topic::Kind,
};

/// The REST resource `Refund`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
#[expect(clippy::struct_field_names, reason = "members are named as Shopify names them")]
pub(super) struct Refund<'a> {
    id: Scalar<'a>,
    admin_graphql_api_id: Scalar<'a>,
    created_at: Scalar<'a>,
    order_id: Scalar<'a>,
    processed_at: Scalar<'a>,
    refund_line_items: List<Nested<RefundLine<'a>>>,
    restock: Scalar<'a>,
    transactions: List<Nested<Repayment<'a>>>,
    user_id: Scalar<'a>,
}

/// One of `refund_line_items`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct RefundLine<'a> {
    quantity: Scalar<'a>,
    subtotal_set: Nested<Subtotal<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Subtotal<'a> {
    shop_money: Nested<ShopMoney<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct ShopMoney<'a> {
    currency_code: Scalar<'a>,
}

/// One of `transactions`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Repayment<'a> {
    id: Scalar<'a>,
    amount: Scalar<'a>,
    currency: Scalar<'a>,
    gateway: Scalar<'a>,
    payment_id: Scalar<'a>,
    status: Scalar<'a>,
    test: Scalar<'a>,
}

impl<'a> Refund<'a> {
    /// The transactions that returned something, or may yet.
    fn repayments(&self) -> impl Iterator<Item = &Repayment<'a>> {
        let failed = |status: Option<String>| matches!(status.as_deref(), Some("failure" | "error"));
        let all = self.transactions.items().iter().filter_map(Nested::get);
        all.filter(move |repayment| !failed(repayment.status.word()))
    }

    /// The sum of the repayments. Shopify sends their currency as null at times; the items then tell the shop's.
    fn amount(&self) -> Option<Money> {
        let mut sum: Option<Decimal> = None;
        for repayment in self.repayments() {
            let amount = Decimal::of(repayment.amount)?;
            sum = Some(sum.unwrap_or(Decimal::ZERO).plus(amount)?);
        }
        let mut currencies = self.repayments().filter_map(|repayment| repayment.currency.currency());
        let currency = currencies.next();
        if currencies.any(|other| currency.as_ref() != Some(&other)) {
            return None;
        }
        Some(Money { value: sum?.spell(), currency: currency.or_else(|| self.shop_currency())? })
    }

    fn shop_currency(&self) -> Option<String> {
        let mut lines = self.refund_line_items.items().iter().filter_map(Nested::get);
        lines.find_map(|line| line.subtotal_set.get()?.shop_money.get()?.currency_code.currency())
    }

    fn item_count(&self) -> Option<String> {
        let add = |sum: u64, line: &Nested<RefundLine<'_>>| sum.checked_add(line.get()?.quantity.count()?);
        let count = self.refund_line_items.items().iter().try_fold(0, add)?;
        (count > 0).then(|| count.to_string())
    }

    fn links(&self, id: String, order: Option<String>) -> Vec<Link> {
        let mut links = event::links([("refund", Some(id)), ("order", order)]);
        for repayment in self.repayments() {
            links.extend(event::links([("transaction", repayment.id.id())]));
            let payment = event::links([("payment", repayment.payment_id.id())]);
            links.extend(payment.into_iter().filter(|link| !links.contains(link)).collect::<Vec<_>>());
        }
        links
    }
}

impl<'a> Payload<'a> for Refund<'a> {
    const NOUN: &'static str = "a refund";

    fn fits(&self, _: Kind) -> bool {
        self.admin_graphql_api_id.names("Refund").unwrap_or_else(|| self.refund_line_items.is_named())
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let id = self.id.id().ok_or_else(|| nameless("the refund", "/id"))?;
        let order = self.order_id.id();
        let subject = order.as_ref().map_or_else(|| format!("refund:{id}"), |order| format!("order:{order}"));
        let base = notice.event(event::subject(subject), &id, self.created_at);
        let test = self.repayments().next().map(|repayment| repayment.test).unwrap_or_default();
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([self.processed_at, self.created_at]),
            action: Some(event::action("Refund", "of", self.amount())),
            links: self.links(id, order),
            attributes: event::attributes([
                ("item_count", self.item_count()),
                ("restock", self.restock.flag_word()),
                ("staff_id", self.user_id.id()),
                ("gateway", self.repayments().find_map(|repayment| repayment.gateway.word())),
            ]),
            test: notice.is_test(test),
            ..base
        }))
    }
}
