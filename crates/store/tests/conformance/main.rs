//! What every engine under `Store` must do. Each check is a function over `&Store` on an empty database; the list at
//! the end runs all of them on SQLite.

extern crate recoup_store as store;

mod administration;
mod advices;
mod applications;
mod conflicts;
mod decisions;
mod deliveries;
mod disputes;
mod grouping;
mod ledger;
mod lists;
mod operations;
mod orders;
mod processors;
mod properties;
mod purge;
mod reports;
mod sandbox;
mod sense;
mod settlements;
mod support;
mod tenancy;
mod timers;
mod users;
mod vault;

macro_rules! on_sqlite {
    ($($noun:ident :: { $($check:ident),+ $(,)? })+) => {$(
        mod $noun {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $check() {
                    let home = crate::support::Home::new();
                    let store = home.open();
                    crate::$noun::$check(&store).await;
                    store.close().await.unwrap();
                }
            )+
        }
    )+};
}

mod sqlite {
    on_sqlite! {
        administration::{ records_round_trip, lists_are_scoped, app_keys_name_their_client, refresh_tokens_are_spent_once,
            the_registry_moves_with_administrative_writes_only, clocks_get_lanes }
        advices::{ advice_round_trips, an_order_id_has_one_open_advice, open_advice_is_found_by_card_and_payer }
        applications::{ applications_round_trip, applications_are_listed, documents_are_uploaded_in_parts, abandoned_uploads_are_purged,
            partners_have_endpoints_of_their_own }
        conflicts::{ every_conflict_is_told, a_failing_last_write_leaves_nothing }
        decisions::{ decisions_round_trip, decisions_are_read_behind_a_cursor, a_chance_that_is_no_number_is_not_logged,
            one_model_of_a_kind_is_live, lessons_have_their_attempts_and_orders }
        deliveries::{ round_trip_and_pages, one_order_keeps_its_sequence, endpoints_share_a_claim, disabled_endpoints_wait,
            a_lease_is_exclusive_until_it_ends, a_deleted_endpoint_takes_its_pending_deliveries }
        disputes::{ chargebacks_round_trip, chargebacks_are_filtered, blocks_are_looked_up, open_orders_are_found_by_card_and_payer,
            approved_attempts_are_found_by_reference }
        grouping::{ a_thousand_callers_commit, neighbours_of_a_failure_stay, one_winner_among_rivals, work_after_close_is_refused }
        ledger::{ rows_are_read_by_card_and_time, equal_keys_count_once, the_newest_rows_are_kept_when_there_are_too_many,
            settling_changes_one_row }
        lists::{ filters_narrow, pages_cut_and_count, sorting, stats_count }
        operations::{ marks_only_grow, a_pulse_looks_at_the_newest_orders, what_is_not_settled_is_found }
        orders::{ orders_round_trip, open_orders, orders_by_external_are_newest_first, credentials_are_found_by_three_names,
            attempts_and_refunds_round_trip, transmits_round_trip, a_known_transmit_is_kept, idempotency_round_trip,
            events_are_read_behind_a_cursor, a_chance_that_is_no_number_is_refused }
        processors::{ a_notification_is_taken_once, an_account_owes_what_is_unsettled }
        properties::{ any_order_text_reads_back }
        purge::{ old_rows_go_and_young_ones_stay, a_purged_delivery_frees_its_successor,
            blocks_go_when_they_ended_long_ago_by_their_merchants_clock }
        reports::{ orders_are_counted_as_they_stand, attempts_and_what_follows_them_are_counted, the_ledger_comes_card_by_card,
            orders_whose_arm_was_drawn_come_card_by_card }
        sandbox::{ clearing_takes_one_merchants_sandbox_and_nothing_else, the_newest_event_keeps_its_number_but_not_its_owner }
        sense::{ visits_round_trip_and_keep_their_versions, emails_of_a_device_are_counted_by_merchant, old_visits_are_purged }
        settlements::{ an_item_is_booked_once, an_account_has_one_open_settlement, payouts_round_trip,
            clearing_takes_the_sandboxes_money }
        tenancy::{ versions_are_written_in_order, merchants_are_filtered_sorted_and_paged, sites_are_listed_by_tenant,
            grants_open_merchants_to_partners, the_audit_trail_is_read_newest_first }
        timers::{ timers_are_claimed_in_order, a_lease_ends, a_lost_lease_moves_nothing, release_gives_back, moving_ends_a_lease,
            lanes_keep_sandbox_merchants_apart, timers_move_with_their_clock }
        users::{ users_round_trip, lists_of_users_are_scoped, the_last_owner_is_found, sessions_end_with_their_tokens,
            tickets_work_once_and_failures_count, mails_are_claimed_in_order, keys_take_their_tokens_with_them,
            what_is_over_is_purged }
        vault::{ cards_round_trip, cards_are_listed_under_their_key, data_keys_round_trip }
    }
}
