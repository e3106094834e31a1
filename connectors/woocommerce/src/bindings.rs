//! The exports of the component; the types behind them are the kit's. Nothing is written by hand here.

ase_connector_kit::v0_2::bindings::export!(Connector with_types_in ase_connector_kit::v0_2::bindings);

use crate::Connector;
