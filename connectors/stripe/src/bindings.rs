//! The exports of the component; the types behind them are the kit's. Nothing is written by hand here.

ase_connector_kit::bindings::export!(Connector with_types_in ase_connector_kit::bindings);

pub(crate) use ase_connector_kit::bindings::exports;

use crate::Connector;
