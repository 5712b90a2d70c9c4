//! Prices, plans, subscriptions and quotas, a file each.

mod plans;
mod prices;
mod quotas;
mod subscriptions;
