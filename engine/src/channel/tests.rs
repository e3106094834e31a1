//! The moves of a channel, one by one.

use super::*;

fn live(digest: &str) -> Channel {
    Channel { live: Some(digest.to_owned()), ..Channel::default() }
}

#[test]
fn a_version_goes_from_shadow_to_canary_to_live_and_back() {
    let mut channel = live("a");
    channel.seat("b", Seat::Shadow).unwrap();
    assert_eq!(channel.on_trial().unwrap(), "b");
    channel.seat("b", Seat::Canary(10)).unwrap();
    assert_eq!((channel.shadow.as_deref(), channel.seat_of("b")), (None, Some("canary")));
    channel.seat("b", Seat::Live).unwrap();
    assert_eq!(channel, Channel { previous: Some("a".to_owned()), ..live("b") });
    assert_eq!(channel.roll_back(false), Ok(TakenBack::Live));
    assert_eq!(channel.live.as_deref(), Some("a"));
    assert_eq!(channel.roll_back(false), Ok(TakenBack::Live), "forth again");
    assert_eq!(channel.live.as_deref(), Some("b"));
}

#[test]
fn a_step_back_takes_the_canary_first() {
    let mut channel = live("a");
    channel.seat("b", Seat::Live).unwrap();
    channel.seat("c", Seat::Canary(5)).unwrap();
    assert_eq!(channel.roll_back(true), Ok(TakenBack::Canary));
    assert_eq!(channel.live.as_deref(), Some("b"));
    assert_eq!(channel.roll_back(true), Ok(TakenBack::Live));
    assert_eq!(channel.live.as_deref(), Some("a"));
}

#[test]
fn the_first_version_goes_back_to_the_program_s_own_alone() {
    let mut channel = Channel::default();
    assert_eq!(channel.roll_back(true), Err(ChannelError::NothingBefore));
    channel.seat("a", Seat::Live).unwrap();
    assert_eq!(channel.clone().roll_back(false), Err(ChannelError::NothingBefore));
    assert_eq!(channel.roll_back(true), Ok(TakenBack::Live));
    assert_eq!((channel.live, channel.previous.as_deref()), (None, Some("a")));
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let mut channel = live("a");
    for (seat, error) in [(Seat::Canary(10), ChannelError::IsLive), (Seat::Shadow, ChannelError::IsLive)] {
        assert_eq!(channel.seat("a", seat), Err(error));
    }
    for percent in [0, 100, -1] {
        assert_eq!(channel.seat("b", Seat::Canary(percent)), Err(ChannelError::Percent));
    }
    assert_eq!(channel.on_trial(), Err(ChannelError::NothingOnTrial));
    assert_eq!(channel, live("a"));
    channel.seat("a", Seat::Live).unwrap();
    assert_eq!(channel, live("a"), "live is live, and what was before stays");
}

#[test]
fn everything_in_use_is_held_ready() {
    let mut channel = live("a");
    channel.seat("b", Seat::Live).unwrap();
    channel.seat("c", Seat::Canary(1)).unwrap();
    channel.seat("d", Seat::Shadow).unwrap();
    assert_eq!(channel.digests().collect::<Vec<_>>(), ["b", "a", "c", "d"]);
    assert!(channel.withdraw());
    assert!(!channel.withdraw());
    assert_eq!(channel.digests().count(), 2);
}
