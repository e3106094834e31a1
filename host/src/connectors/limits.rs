//! What one call may use, and the limiter that holds it to its memory.

use std::time::Duration;

use wasmtime::ResourceLimiter;

/// Bytes in a mebibyte.
const MIB: usize = 1 << 20;

/// Memory that any manifest may ask for, in MiB. The pool reserves slots of this size.
pub(super) const MAX_MEMORY_MIB: u32 = 128;
/// Time that any manifest may ask for, in milliseconds.
pub(super) const MAX_DEADLINE_MS: u32 = 250;
/// Elements that all tables of an instance may hold together; JavaScript engines need 7,688.
pub(super) const MAX_TABLE_ELEMENTS: usize = 20_000;

/// What one call of a connector may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// Bytes of all linear memories together.
    pub(super) memory: usize,
    /// Ticks of one millisecond that the guest may run for.
    pub(super) ticks: u32,
}

impl Limits {
    /// Limits from a manifest's numbers, which have been checked against the maxima.
    pub(super) fn new(memory_mib: u32, deadline_ms: u32) -> Self {
        let memory = usize::try_from(memory_mib).unwrap_or(usize::MAX).saturating_mul(MIB);
        Self { memory, ticks: deadline_ms }
    }

    /// The deadline as time. A granted component may also wait inside the host, where ticks are not counted.
    pub(super) fn deadline(self) -> Duration {
        Duration::from_millis(u64::from(self.ticks))
    }
}

/// Sums all memories and tables of one store and remembers that it said no.
#[derive(Debug)]
pub(super) struct Limiter {
    memory: usize,
    memory_left: usize,
    table_left: usize,
    last_grant: usize,
    denied: bool,
}

impl Limiter {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            memory: limits.memory,
            memory_left: limits.memory,
            table_left: MAX_TABLE_ELEMENTS,
            last_grant: 0,
            denied: false,
        }
    }

    /// Bytes of all memories together. Memories never shrink, so at the end of a call this was the most.
    pub(super) fn used(&self) -> usize {
        self.memory.saturating_sub(self.memory_left)
    }

    /// True once a growth was refused. What follows in the guest is a consequence of that.
    pub(super) fn denied(&self) -> bool {
        self.denied
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, now: usize, wanted: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let growth = wanted.saturating_sub(now);
        let left = self.memory_left.checked_sub(growth);
        self.denied |= left.is_none();
        self.last_grant = left.map_or(0, |_| growth);
        self.memory_left = left.unwrap_or(self.memory_left);
        Ok(left.is_some())
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.memory_left = self.memory_left.saturating_add(std::mem::take(&mut self.last_grant));
        self.denied = true;
        Ok(())
    }

    fn table_growing(&mut self, now: usize, wanted: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let left = self.table_left.checked_sub(wanted.saturating_sub(now));
        self.denied |= left.is_none();
        self.table_left = left.unwrap_or(self.table_left);
        Ok(left.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_are_summed() {
        let mut limiter = Limiter::new(Limits::new(3, 20));
        assert!(limiter.memory_growing(0, 2 * MIB, None).unwrap(), "the first memory fits");
        assert!(!limiter.memory_growing(0, 2 * MIB, None).unwrap(), "a second one does not fit beside it");
        assert!(limiter.denied());
        assert_eq!(limiter.used(), 2 * MIB, "what was refused is not in use");
        assert!(limiter.memory_growing(2 * MIB, 3 * MIB, None).unwrap(), "what is left may still be used");
        assert_eq!(limiter.used(), 3 * MIB);
    }

    #[test]
    fn failed_growth_is_given_back_and_remembered() {
        let mut limiter = Limiter::new(Limits::new(1, 20));
        assert!(limiter.memory_growing(0, MIB, None).unwrap());
        limiter.memory_grow_failed(wasmtime::Error::msg("no memory")).unwrap();
        assert!(limiter.denied());
        assert!(limiter.memory_growing(0, MIB, None).unwrap());
    }

    #[test]
    fn tables_are_summed() {
        let mut limiter = Limiter::new(Limits::new(1, 20));
        assert!(limiter.table_growing(0, MAX_TABLE_ELEMENTS, None).unwrap());
        assert!(!limiter.table_growing(0, 1, None).unwrap());
    }
}
