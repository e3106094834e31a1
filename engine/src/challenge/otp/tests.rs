//! What counts as a code, and that codes are fair and stay hidden.

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::*;

fn read(input: &str) -> Option<String> {
    Code::parse(input).map(|code| code.expose().to_owned())
}

#[test]
fn codes_are_read_as_people_write_them() {
    let table = [
        "123456",
        " 123456\r\n",
        "123 456",
        "12 34 56",
        "1 2 3 4 5 6",
        "123-456",
        "123\u{2013}456",
        "123\u{a0}456",
        "123\u{202f}456",
        "Your code is 123456",
        "Your code is 123-456.",
        "Ihr Code: 123 456!",
        "Code:123456",
        "(123456)",
        "\"123456\"",
        "G-123456",
        "123456 is your code",
        "@shop.example #123456",
        "\u{200e}123456\u{feff}",
        "\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}\u{ff16}",
        "\u{0661}\u{0662}\u{0663}\u{0664}\u{0665}\u{0666}",
        "\u{06f1}\u{06f2}\u{06f3} \u{06f4}\u{06f5}\u{06f6}",
        "\u{0967}\u{0968}\u{0969}\u{096a}\u{096b}\u{096c}",
        "رمزك هو ١٢٣٤٥٦",
    ];
    for input in table {
        assert_eq!(read(input).as_deref(), Some("123456"), "{input:?}");
    }
    assert_eq!(read("000000").as_deref(), Some("000000"));
    assert_eq!(read("999 999").as_deref(), Some("999999"));
}

#[test]
fn anything_but_six_digits_is_no_code() {
    let long = format!("{}123456", " ".repeat(195));
    let huge = "1".repeat(1 << 20);
    let table = [
        "",
        " ",
        "12345",
        "1234567",
        "123 4567",
        "12345O",
        "123456a",
        "x123456",
        "a1b2c3d4e5f6",
        "123.456",
        "123,456",
        "12/34/56",
        "+123456.0",
        "123 and 456",
        "123456 or 654321",
        "123456 within 5 minutes",
        "١٢٣٤٥",
        "\u{0967}23456\u{0966}",
        "²³¹²³¹",
        "১২৩৪৫৬",
        "abcdef",
        "123456'; drop table session; --x1",
        "\0",
        long.as_str(),
        huge.as_str(),
    ];
    for input in table {
        assert_eq!(read(input), None, "{:?}", input.chars().take(40).collect::<String>());
    }
}

#[test]
fn code_space_includes_both_ends_and_is_near_uniform() {
    const DRAWS: u32 = 10_000_000;
    let mut rng = StdRng::seed_from_u64(20_261_122);
    let mut seen = vec![0_u32; 1_000_000];
    for _ in 0..DRAWS {
        let code = Code::random(&mut rng);
        seen[code.expose().parse::<usize>().unwrap()] += 1;
    }
    assert!(seen[0] > 0 && seen[999_999] > 0);
    let expected = f64::from(DRAWS / 1_000_000);
    let chi: f64 = seen.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum();
    // Mean 999 999, standard deviation 1414: five of them either way.
    assert!((992_900.0..1_007_100.0).contains(&chi), "chi-squared is {chi}");
}

#[test]
fn debug_hides_the_code() {
    let code = Code::parse("123456").unwrap();
    assert!(!format!("{code:?}").contains("123456"));
}

#[test]
fn codes_match_only_whole_and_equal() {
    let hash = [7; 32];
    assert!(code_matches(&hash, &hash));
    for at in 0..32 {
        let mut other = hash;
        other[at] ^= 1;
        assert!(!code_matches(&other, &hash), "byte {at}");
    }
    assert!(!code_matches(&hash[..31], &hash));
    assert!(!code_matches(&[], &hash));
}

proptest! {
    #[test]
    fn any_input_is_read_without_a_panic(input in any::<String>()) {
        if let Some(code) = read(&input) {
            prop_assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }

    #[test]
    fn every_code_reads_as_itself(number in 0_u32..1_000_000, gap in "[ -]{0,3}") {
        let code = format!("{number:06}");
        let (left, right) = code.split_at(3);
        let typed = format!("{left}{gap}{right}");
        prop_assert_eq!(read(&typed), Some(code));
    }
}
