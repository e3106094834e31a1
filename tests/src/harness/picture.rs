//! PNG pictures, written by hand: signature, IHDR, one stored deflate block, IEND.

/// One colour, 32 by 32 pixels.
#[must_use]
pub fn plain() -> Vec<u8> {
    written(32, [12, 92, 79].into_iter().cycle())
}

/// So many pixels a side, of which no compression makes less: 50 come close to the largest logo.
#[must_use]
pub fn noise(side: u32) -> Vec<u8> {
    let mut state: u32 = 1;
    let bytes = std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    written(side, bytes)
}

fn written(side: u32, mut bytes: impl Iterator<Item = u8>) -> Vec<u8> {
    let width = 3 * side as usize;
    // each row begins with its filter: none
    let pixels: Vec<u8> = (0..side)
        .flat_map(|_| std::iter::once(0).chain(bytes.by_ref().take(width)).collect::<Vec<_>>())
        .collect();
    let length = u16::try_from(pixels.len()).unwrap();
    let mut zlib = vec![0x78, 0x01, 0x01];
    zlib.extend(length.to_le_bytes());
    zlib.extend((!length).to_le_bytes());
    zlib.extend(&pixels);
    zlib.extend(adler(&pixels).to_be_bytes());
    let header: Vec<u8> =
        [side.to_be_bytes(), side.to_be_bytes()].concat().into_iter().chain([8, 2, 0, 0, 0]).collect();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", zlib), (b"IEND", Vec::new())] {
        let named = [kind.as_slice(), &data].concat();
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        file.extend(&named);
        file.extend(crc(&named).to_be_bytes());
    }
    file
}

fn adler(bytes: &[u8]) -> u32 {
    let (one, two) = bytes.iter().fold((1_u32, 0_u32), |(one, two), byte| {
        let one = (one + u32::from(*byte)) % 65521;
        (one, (two + one) % 65521)
    });
    (two << 16) | one
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 },
        )
    })
}
