//! The device that acted, where Stripe tells of one: reviews, the evidence of disputes and mandates. Payments
//! carry no address of the buyer.

use super::known;
use super::object::Object;
use crate::bindings::exports::ase::connector::normalizer::Device;

/// Longest description of a browser that is kept, in bytes.
const USER_AGENT_BYTES: usize = 512;

/// The device; none when nothing is known of it.
pub(crate) fn device(object: &Object) -> Option<Device> {
    let online = object.customer_acceptance.as_ref().and_then(|acceptance| acceptance.online.as_ref());
    let evidence = object.evidence.as_ref().and_then(|evidence| evidence.customer_purchase_ip.as_deref());
    let ip = [object.ip_address.as_deref(), evidence, online.and_then(|online| online.ip_address.as_deref())]
        .into_iter()
        .flatten()
        .find_map(known::ip);
    let user_agent = online
        .and_then(|online| online.user_agent.as_deref())
        .filter(|agent| (1..=USER_AGENT_BYTES).contains(&agent.len()) && !agent.contains(char::is_control));
    let place = object.ip_address_location.as_ref();
    let country = place.and_then(|place| known::country(place.country.as_deref()?));
    if ip.is_none() && user_agent.is_none() && country.is_none() {
        return None;
    }
    Some(Device {
        id: None,
        ip: ip.map(str::to_owned),
        user_agent: user_agent.map(str::to_owned),
        country,
        latitude: place.and_then(|place| *place.latitude).filter(|degrees| degrees.abs() <= 90.0),
        longitude: place.and_then(|place| *place.longitude).filter(|degrees| degrees.abs() <= 180.0),
        session_started_at: None,
        flags: Vec::new(),
    })
}
