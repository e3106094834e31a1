//! The catalogues beside each other: the same messages, the same places, every form a language needs.

use std::collections::BTreeSet;

use ase_engine::outbox::ActionWords;

use super::*;
use crate::pages::challenge::ActionView;
use crate::pages::templates;

fn catalogues() -> (Catalogue, Vec<Catalogue>) {
    let mut all = Catalogue::all().unwrap();
    (all.remove(0), all)
}

/// What is wrong with a catalogue beside the English one.
fn faults(catalogue: &Catalogue, english: &Catalogue) -> Vec<String> {
    let mut faults = Vec::new();
    for (key, message) in &catalogue.messages {
        match english.messages.get(key) {
            None => faults.push(format!("{key}: unknown")),
            Some(original) => faults
                .extend(differences(catalogue, message, original).map(|fault| format!("{key}: {fault}"))),
        }
    }
    faults.extend(
        english
            .messages
            .keys()
            .filter(|key| !catalogue.messages.contains_key(*key))
            .map(|key| format!("{key}: missing")),
    );
    faults
}

fn differences(catalogue: &Catalogue, message: &Message, original: &Message) -> Option<String> {
    let model = match original {
        Message::One(pattern) => pattern,
        Message::Counted(forms) => forms.get(&PluralCategory::Other).unwrap(),
    };
    match (message, original) {
        (Message::One(pattern), Message::One(_)) => unlike(pattern, model, false),
        (Message::Counted(forms), Message::Counted(_)) => {
            let needed: Vec<_> = catalogue.rules().unwrap().categories().collect();
            let surplus = forms.keys().find(|category| !needed.contains(category));
            let missing = needed.iter().find(|category| !forms.contains_key(category));
            // where a language has a dual, its forms for nought, one and two stand for that number alone
            let exact = [PluralCategory::Zero, PluralCategory::One, PluralCategory::Two];
            let spelt = |category| needed.contains(&PluralCategory::Two) && exact.contains(category);
            surplus
                .map(|category| format!("no such form: {category:?}"))
                .or_else(|| missing.map(|category| format!("form missing: {category:?}")))
                .or_else(|| {
                    forms.iter().find_map(|(category, pattern)| unlike(pattern, model, spelt(category)))
                })
        }
        _ => Some("about a number in one language alone".to_owned()),
    }
}

fn unlike(pattern: &Pattern, model: &Pattern, spelt: bool) -> Option<String> {
    let (mut places, wanted) = (pattern.places(), model.places());
    if spelt && wanted.contains("n") {
        places.insert("n");
    }
    let sorted = |pattern: &Pattern| {
        let mut elements = pattern.elements();
        elements.sort_unstable();
        elements
    };
    if places != wanted {
        return Some(format!("places {places:?}, not {wanted:?}"));
    }
    (sorted(pattern) != sorted(model)).then(|| "other elements".to_owned())
}

#[test]
fn every_catalogue_has_exactly_the_messages_of_the_english_one() {
    let (english, others) = catalogues();
    assert_eq!(faults(&english, &english), Vec::<String>::new());
    for catalogue in &others {
        assert_eq!(faults(catalogue, &english), Vec::<String>::new(), "{}", catalogue.language.tag());
    }
    assert_eq!(others.len() + 1, Language::ALL.len());
}

#[test]
fn a_fault_in_a_catalogue_is_found() {
    let (english, _) = catalogues();
    let polish = FILES.iter().find(|(language, _)| *language == Language::Polish).unwrap().1;
    let changes = [
        ("stop = \"Zatrzymaj", "halt = \"Zatrzymaj", "code.stop: missing"),
        ("few = \"Pozostały {n} próby\"", "", "code.tries: form missing: Few"),
        ("few = \"Pozostały {n} próby\"", "few = \"Pozostały próby\"", "code.tries: places"),
        ("<b>{destination}</b>", "{destination}", "code.sent_to: other elements"),
        ("Kod jest ważny", "{org}: kod jest ważny", "code.expired: places"),
    ];
    for (before, after, fault) in changes {
        assert!(polish.contains(before), "{before}");
        let spoilt = Catalogue::read(Language::Polish, &polish.replace(before, after)).unwrap();
        let found = faults(&spoilt, &english);
        assert!(found.iter().any(|found| found.starts_with(fault)), "{fault}: {found:?}");
    }
}

#[test]
fn numbers_take_the_form_of_their_language() {
    let table = [
        (Language::English, 1, "1 attempt left"),
        (Language::English, 0, "0 attempts left"),
        (Language::German, 2, "Noch 2 Versuche"),
        (Language::French, 0, "Il reste 0 essai"),
        (Language::French, 2, "Il reste 2 essais"),
        (Language::French, 1_000_000, "Il reste 1000000 d’essais"),
        (Language::Portuguese, 1, "Resta 1 tentativa"),
        (Language::Polish, 1, "Pozostała 1 próba"),
        (Language::Polish, 4, "Pozostały 4 próby"),
        (Language::Polish, 5, "Pozostało 5 prób"),
        (Language::Polish, 12, "Pozostało 12 prób"),
        (Language::Polish, 22, "Pozostały 22 próby"),
        (Language::Turkish, 5, "5 deneme hakkınız kaldı"),
        (Language::Japanese, 1, "あと1回入力できます"),
        (Language::Chinese, 3, "还可以尝试 3 次"),
        (Language::Hindi, 1, "1 मौका बाकी"),
        (Language::Hindi, 2, "2 मौके बाकी"),
        (Language::Arabic, 0, "لم تبقَ أي محاولة"),
        (Language::Arabic, 1, "بقيت محاولة واحدة"),
        (Language::Arabic, 2, "بقيت محاولتان"),
        (Language::Arabic, 3, "بقيت 3 محاولات"),
        (Language::Arabic, 11, "بقيت 11 محاولة"),
        (Language::Arabic, 100, "بقيت 100 محاولة"),
    ];
    let all = Catalogue::all().unwrap();
    for (language, number, expected) in table {
        let catalogue = all.iter().find(|catalogue| catalogue.language == language).unwrap();
        let form = Form::Text { isolated: false };
        let said =
            catalogue.say("code.tries", Some(number), form, |_| Ok::<_, String>(Filling::Number(number)));
        assert_eq!(said.as_deref(), Ok(expected));
    }
}

/// What a catalogue says without anything filled in.
fn plain(catalogue: &Catalogue, key: &str) -> String {
    let form = Form::Text { isolated: false };
    catalogue
        .say(key, Some(5), form, |place| Ok::<_, String>(Filling::Words(format!("{{{place}}}"))))
        .unwrap()
}

#[test]
fn the_no_that_is_quoted_begins_the_answer_that_is_no() {
    for catalogue in Catalogue::all().unwrap() {
        let tag = catalogue.language.tag();
        let no = plain(&catalogue, "question.say_no");
        let answers = ["question.yes", "question.unsure", "question.told", "question.no"];
        let answers = answers.map(|key| plain(&catalogue, key));
        assert_eq!(answers.iter().collect::<BTreeSet<_>>().len(), 4, "{tag}: {answers:?}");
        let [yes, _, told, nobody] = &answers;
        assert!(nobody.starts_with(&no), "{tag}: {nobody}");
        assert!(!yes.starts_with(&no) && !told.starts_with(&no), "{tag}: begins like no");
    }
}

#[test]
fn nothing_is_left_in_english() {
    let (english, others) = catalogues();
    for catalogue in others {
        for key in english.messages.keys().filter(|key| !key.starts_with("time.")) {
            let (said, original) = (plain(&catalogue, key), plain(&english, key));
            // short words such as "Web", "SMS" or "Social media" may well be the same
            let same = said == original && original.chars().count() > 12;
            assert!(!same && !said.trim().is_empty(), "{}: {key}: {said}", catalogue.language.tag());
        }
    }
}

#[test]
fn templates_and_catalogue_know_the_same_messages() {
    let (english, _) = catalogues();
    let all: String = templates::ALL.iter().map(|(_, text)| *text).collect();
    let built = ["action.", "report.", "time.m"];
    for key in english.messages.keys() {
        let named = all.contains(&format!("\"{key}\"")) || built.iter().any(|start| key.starts_with(start));
        assert!(named || key.starts_with("time.") || key == "page.name", "no template says `{key}`");
    }
    let calls = ["t(\"", "words(\""].into_iter().flat_map(|start| {
        let found = all.match_indices(start).filter(|(at, _)| !all.get(..*at).is_some_and(ends_in_a_name));
        found.filter_map(|(at, _)| all.get(at + start.len()..)).collect::<Vec<_>>()
    });
    let mut seen = 0;
    for call in calls {
        let (key, after) = call.split_once('"').unwrap();
        // `t("action." ~ kind)`: the kinds have a test of their own, each page of them
        assert!(after.starts_with(" ~") || english.messages.contains_key(key), "no message `{key}`");
        seen += 1;
    }
    assert!(seen > 150, "only {seen} messages are said");
}

/// True before a longer name, such as the `t` of `set`.
fn ends_in_a_name(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

#[test]
fn every_kind_of_event_has_a_sentence() {
    let (english, _) = catalogues();
    let kinds = [
        "payout.destination_changed",
        "payout.created",
        "withdrawal.created",
        "account.email_changed",
        "account.password_reset",
        "order.created",
        "payment.created",
        "login.failed",
        "account.created",
        "dispute.created",
        "privacy.erasure_requested",
        "something",
    ];
    for kind in kinds {
        let action = ActionWords { kind: Some(kind.to_owned()), ..ActionWords::default() };
        let sentence = ActionView::of(&action).kind.unwrap();
        assert!(english.messages.contains_key(&format!("action.{sentence}")), "{kind}: {sentence}");
    }
}

#[test]
fn dates_are_written_as_each_language_does() {
    let table = [
        (Language::English, "22 Nov 2026, 14:32 UTC"),
        (Language::German, "22. November 2026, 14:32 UTC"),
        (Language::Polish, "22 listopada 2026, 14:32 UTC"),
        (Language::Japanese, "2026年11月22日 14:32 UTC"),
        (Language::Hindi, "22 नवंबर 2026, 14:32 UTC"),
        (Language::Arabic, "22 نوفمبر 2026، \u{2066}14:32 UTC\u{2069}"),
    ];
    let pages = crate::pages::Pages::new().unwrap();
    for (language, expected) in table {
        let environment = pages.environments.get(&language).unwrap();
        let said = environment.render_str("{{ '2026-11-22T15:32:05.5+01:00' | stamp }}", ()).unwrap();
        assert_eq!(said, expected);
    }
}

#[test]
fn a_message_that_is_missing_or_ill_filled_is_no_page() {
    let pages = crate::pages::Pages::new().unwrap();
    let environment = pages.environments.get(&Language::German).unwrap();
    let table = [
        "{{ t('no.such') }}",
        "{{ t('code.tries') }}",
        "{{ t('code.secret') }}",
        "{{ t('code.label', org='x') }}",
    ];
    for template in table {
        assert!(environment.render_str(template, ()).is_err(), "{template}");
    }
    assert_eq!(environment.render_str("{{ t('code.tries', n=1) }}", ()).unwrap(), "Noch 1 Versuch");
}
