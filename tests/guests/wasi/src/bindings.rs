//! The connector's world with the parts of WASI 0.2 that this guest looks at.
#![expect(unsafe_code, clippy::pedantic, reason = "generated: the component's ABI is raw memory")]

wit_bindgen::generate!({
    path: "../../../wit",
    inline: "
        package ase:guest;

        world looks-around {
            import wasi:cli/environment@0.2.0;
            import wasi:clocks/monotonic-clock@0.2.0;
            import wasi:clocks/wall-clock@0.2.0;
            import wasi:filesystem/preopens@0.2.0;
            import wasi:random/random@0.2.0;
            export ase:connector/normalizer@0.1.0;
        }

        package wasi:io@0.2.0 {
            interface poll { resource pollable { block: func(); } }
        }
        package wasi:cli@0.2.0 {
            interface environment { get-environment: func() -> list<tuple<string, string>>; }
        }
        package wasi:clocks@0.2.0 {
            interface monotonic-clock {
                use wasi:io/poll@0.2.0.{pollable};
                subscribe-duration: func(when: u64) -> pollable;
            }
            interface wall-clock {
                record datetime { seconds: u64, nanoseconds: u32 }
                now: func() -> datetime;
            }
        }
        package wasi:filesystem@0.2.0 {
            interface types { resource descriptor; }
            interface preopens {
                use types.{descriptor};
                get-directories: func() -> list<tuple<descriptor, string>>;
            }
        }
        package wasi:random@0.2.0 {
            interface random { get-random-u64: func() -> u64; }
        }
    ",
    world: "ase:guest/looks-around",
    generate_all,
});

export!(Wasi with_types_in self);

use super::Wasi;
