//! The altered interface.
#![expect(unsafe_code, clippy::pedantic, reason = "generated: the component's ABI is raw memory")]

wit_bindgen::generate!({
    inline: "
        package ase:connector@0.1.0;

        interface normalizer {
            record delivery { id: string, body: list<u8> }
            variant outcome { ignored(string) }
            authenticate: func(input: delivery) -> result<list<string>, string>;
            normalize: func(input: delivery) -> result<outcome, string>;
        }

        world connector { export normalizer; }
    ",
    world: "connector",
});

export!(Reshaped with_types_in self);

use super::Reshaped;
