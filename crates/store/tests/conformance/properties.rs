use domain::{
    change::Write,
    money::{Currency, Money},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use store::Store;
use testkit::Ids;

use crate::support::{NOW, set};

type Texts = (String, Option<String>, Option<String>, i64, Vec<(String, String)>);

fn texts() -> impl Strategy<Value = Texts> {
    let text = || "\\PC{0,40}|[\\x00-\\x1f\"\\\\]{0,8}";
    (
        text(),
        proptest::option::of(text()),
        proptest::option::of(text()),
        any::<i64>(),
        proptest::collection::vec((text(), text()), 0..4),
    )
}

/// Whatever a merchant sends as text comes back as it was, in orders and in transmits.
pub async fn any_order_text_reads_back(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let mut runner = TestRunner::deterministic();
    for n in 0..64 {
        let (external, payer, holder, minor, fields) = texts().new_tree(&mut runner).unwrap().current();
        let mut order = testkit::order(&ids, mid, &external, NOW);
        order.payment.payer.id = payer;
        order.payment.method.holder_name = holder;
        order.amount = Money::new(minor, Currency::USD);
        order.payment.additional_fields = fields.into_iter().map(|(key, value)| domain::payment::Field { key, value }).collect();
        let mut transmit = testkit::transmit(&ids, mid, &format!("{n}{external}"), NOW);
        transmit.payment.payer = order.payment.payer.clone();
        let writes = [Write::InsertOrder(Box::new(order.clone())), Write::InsertTransmit(Box::new(transmit.clone()))];
        store.apply(set(writes)).await.unwrap();
        assert_eq!(store.order(order.id).await.unwrap().as_ref(), Some(&order));
        assert_eq!(store.transmit(transmit.id).await.unwrap().as_ref(), Some(&transmit));
        let open = store.open_order(mid, order.environment, &external).await.unwrap().map(|order| order.payment.order_id);
        assert_eq!(open.as_deref(), Some(external.as_str()));
    }
}
