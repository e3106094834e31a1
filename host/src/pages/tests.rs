//! Every page and mail in every state: safe, sound in structure, and without anything from elsewhere.

use std::collections::BTreeSet;

use super::challenge::{NotFoundPage, Voice};
use super::samples::{self, Sample};
use super::{Assets, Language, MailContext, Pages, Rendered, templates};

fn pages() -> Vec<Sample> {
    samples::pages(&Pages::new().unwrap()).unwrap()
}

/// Every mail in every language, as `code_bare.de`.
fn mails() -> Vec<(String, MailContext, Rendered)> {
    let pages = Pages::new().unwrap();
    let write = |language: Language| {
        let pages = &pages;
        samples::mails().into_iter().map(move |(name, mail)| {
            let name = format!("{name}.{}", language.tag());
            let rendered = pages.mail(&mail, language).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            (name, mail, rendered)
        })
    };
    Language::ALL.into_iter().flat_map(write).collect()
}

/// The start tags of a page, as `name attributes`.
fn tags(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .filter(|tag| !tag.starts_with('/'))
        .collect()
}

/// A tag with its attributes' values left out, so that only what the template wrote remains.
fn bones(tag: &str) -> String {
    tag.split('"').step_by(2).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

fn each(check: impl Fn(&str) -> Result<(), String>) {
    for Sample { template, state, language, html } in pages() {
        check(&html).unwrap_or_else(|wrong| panic!("{template} ({state}, {}): {wrong}", language.tag()));
    }
}

fn require(holds: bool, wrong: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(wrong.into()) }
}

#[test]
fn hostile_text_stays_text() {
    let mut seen = 0;
    for Sample { template, state, html, .. } in pages() {
        assert!(!html.contains("<script>"), "{template} ({state})");
        assert!(
            !html.replace("<img class=\"logo\" src=\"/brands/", "").contains("<img"),
            "{template} ({state})"
        );
        assert!(!html.contains("href=\"javascript:"), "{template} ({state})");
        assert!(!html.contains("49}}") && !html.contains("'49"), "{template} ({state}): evaluated");
        seen += usize::from(html.contains("&lt;script&gt;alert"));
    }
    assert!(seen >= 12, "only {seen} samples show hostile text");
    for (name, _, mail) in mails() {
        assert!(!mail.html.contains("<script") && !mail.html.contains("<img"), "{name}");
        assert!(!mail.html.contains("href=\"javascript:"), "{name}");
    }
}

#[test]
fn every_page_is_sound() {
    each(|html| {
        require(html.starts_with("<!doctype html>"), "no doctype")?;
        require(html.contains("<html lang=\""), "no language")?;
        require(html.matches("<h1").count() == 1, "not one h1")?;
        require(html.matches("<main").count() == 1, "not one main")?;
        require(html.contains("<title>") && !html.contains("<title> "), "no title")?;
        require(html.contains("name=\"viewport\""), "no viewport")
    });
}

#[test]
fn every_field_has_a_label() {
    each(|html| {
        for tag in tags(html) {
            let field = ["input ", "select ", "textarea "].iter().any(|name| tag.starts_with(name));
            if !field || attribute(tag, "type") == Some("hidden") {
                continue;
            }
            let id = attribute(tag, "id").ok_or_else(|| format!("no id: {tag}"))?;
            require(html.contains(&format!("for=\"{id}\"")), format!("no label: {id}"))?;
        }
        Ok(())
    });
}

#[test]
fn every_reference_inside_a_page_finds_its_place() {
    each(|html| {
        let ids: Vec<&str> = tags(html).into_iter().filter_map(|tag| attribute(tag, "id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        require(unique.len() == ids.len(), "an id stands twice")?;
        for tag in tags(html) {
            let names = [
                attribute(tag, "aria-describedby"),
                attribute(tag, "aria-labelledby"),
                attribute(tag, "for"),
            ];
            let anchor = attribute(tag, "href").and_then(|to| to.strip_prefix('#'));
            for name in names.into_iter().flatten().flat_map(str::split_whitespace).chain(anchor) {
                require(unique.contains(name), format!("nothing is called {name}"))?;
            }
        }
        Ok(())
    });
}

#[test]
fn no_page_needs_what_its_policy_forbids() {
    each(|html| {
        for tag in tags(html) {
            require(!bones(tag).contains(" style="), format!("inline style: {tag}"))?;
            require(!bones(tag).contains(" on"), format!("inline handler: {tag}"))?;
            require(!tag.starts_with("style"), "style element")?;
            if tag.starts_with("script") {
                require(
                    attribute(tag, "nonce").is_some() && attribute(tag, "src").is_some(),
                    "script without nonce",
                )?;
            }
            if tag.starts_with("link") || tag.starts_with("script") {
                let address = attribute(tag, "href").or_else(|| attribute(tag, "src")).unwrap_or_default();
                if address.starts_with("/brands/") {
                    continue;
                }
                let (name, version) =
                    address.trim_start_matches("/assets/").split_once("?v=").unwrap_or_default();
                let known = Assets::get(name).is_some_and(|asset| asset.digest == version);
                require(known, format!("not an asset: {address}"))?;
            }
        }
        Ok(())
    });
}

#[test]
fn every_form_that_posts_to_us_carries_the_token() {
    each(|html| {
        for form in html.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next()) {
            if form.contains("action=\"/") && form.contains("method=\"post\"") {
                require(form.contains("name=\"form_token\""), "a form without its token")?;
            }
        }
        Ok(())
    });
}

#[test]
fn all_wordings_of_break_contact_lead_the_same_way_out() {
    let all = pages();
    let shown = |state: &str, language: Language| {
        let found = all.iter().find(|sample| {
            sample.template == "challenge/break_contact.html"
                && sample.state == state
                && sample.language == language
        });
        let html = found.map(|sample| sample.html.as_str()).unwrap();
        let (head, rest) = html.split_once("<h1>").unwrap();
        let (first, below) = rest.split_once("</p>").unwrap();
        // what the title in the head says is what the heading says
        let (before, title) = head.split_once("<title>").unwrap();
        let (_, after) = title.split_once("</title>").unwrap();
        (first.to_owned(), [before, after, below].concat())
    };
    for language in Language::ALL {
        let (first, way_out) = shown("plain", language);
        let mut firsts = BTreeSet::from([first]);
        for variant in ["counter_script", "own_control"] {
            let (first, same) = shown(variant, language);
            assert_eq!(same, way_out, "{variant}.{}", language.tag());
            firsts.insert(first);
        }
        assert_eq!(firsts.len(), 3, "{}: wordings alike", language.tag());
        let steps =
            way_out.split_once("id=\"next\"").and_then(|(_, rest)| rest.split_once("</ol>")).unwrap().0;
        assert_eq!(steps.matches("<li>").count(), 6, "{}", language.tag());
    }
}

#[test]
fn the_question_prefers_no_answer() {
    for Sample { html, .. } in pages().iter().filter(|sample| sample.template == "challenge/question.html") {
        let radios: Vec<&str> =
            tags(html).into_iter().filter(|tag| attribute(tag, "type") == Some("radio")).collect();
        let values: Vec<_> = radios.iter().filter_map(|tag| attribute(tag, "value")).collect();
        assert_eq!(values, ["guided", "unsure", "told", "confirmed"]);
        assert!(radios.iter().all(|tag| !tag.contains("checked")));
        assert_eq!(html.matches("class=\"answer\"").count(), 4);
    }
}

#[test]
fn whatever_is_not_plain_text_is_escaped() {
    for name in ["a.html", "a.htm", "a.xml", "a.j2", "a.html.j2", "a.jinja", "a", "a.txt.html"] {
        assert!(super::escapes(name), "{name}");
    }
    for &(name, text) in templates::ALL {
        let markup = text.contains("</") || text.contains("href=");
        assert!(super::escapes(name) || !markup, "{name}");
    }
}

#[test]
fn every_page_and_mail_speaks_every_language_in_its_direction() {
    for Sample { template, state, language, html } in pages() {
        let tag = language.tag();
        let direction = if tag == "ar" { "rtl" } else { "ltr" };
        if !template.starts_with("challenge/") {
            continue;
        }
        let expected = format!("<html lang=\"{tag}\" dir=\"{direction}\">");
        assert!(html.contains(&expected), "{template} ({state}, {tag})");
        // what a catalogue leaves open shows as braces, and no sample but the hostile ones has any
        assert!(
            state == "hostile" || !html.contains('{'),
            "{template} ({state}, {tag}): a place was not filled"
        );
    }
    for (name, _, mail) in mails() {
        let direction = if name.strip_suffix(".ar").is_some() { "rtl" } else { "ltr" };
        assert!(mail.html.contains(&format!(" dir=\"{direction}\">\n<head>")), "{name}");
        let hostile = name.contains("hostile");
        assert!(hostile || !mail.text.contains('{') && !mail.subject.contains('{'), "{name}: {}", mail.text);
    }
}

#[test]
fn a_page_speaks_the_language_of_its_voice() {
    let pages = Pages::new().unwrap();
    for language in Language::ALL {
        let voice = Voice { language, ..Voice::default() };
        let html = pages.render(&NotFoundPage::new("n", voice)).unwrap();
        assert!(html.contains(&format!("<html lang=\"{}\"", language.tag())));
    }
}

#[test]
fn a_choice_is_carried_by_every_form_and_link_and_the_switch_offers_all() {
    let pages = Pages::new().unwrap();
    let voice = |chosen| Voice {
        language: Language::German,
        chosen,
        switch: Some("/challenge/s".into()),
        note: Some("empty"),
    };
    let page = |chosen| pages.render(&samples::code_page(voice(chosen))).unwrap();
    let forms =
        |html: &str| html.matches("<form method=\"post\"").count() + html.matches("<form class=").count();
    let (chosen, not) = (page(true), page(false));
    assert_eq!(
        chosen.matches("?lang=de\"").count(),
        forms(&chosen) + 1,
        "three forms and the link to reload"
    );
    assert_eq!(not.matches("?lang=de\"").count(), 0);
    for language in Language::ALL {
        let link = format!("href=\"/challenge/s?lang={}&amp;note=empty\"", language.tag());
        assert!(chosen.contains(&link) && not.contains(&link), "{link}");
    }
    assert!(!chosen.contains("<select") && chosen.contains("aria-current=\"true\">Deutsch"));
}

#[test]
fn the_way_to_stop_keeps_the_choice_too() {
    let stops: Vec<Sample> =
        pages().into_iter().filter(|page| page.template == "challenge/stop.html").collect();
    for Sample { state, language, html, .. } in &stops {
        let path = format!("/challenge/ses_1/stop/k3y?lang={}", language.tag());
        let forms = html.matches(&format!("action=\"{path}\"")).count();
        assert_eq!(forms, usize::from(matches!(*state, "open" | "hostile")), "{state}, {path}");
        assert_eq!(html.matches(&format!("<a href=\"{path}\"")).count(), 1, "{state}: the switch");
    }
    assert_eq!(stops.len(), 4 * Language::ALL.len());
}

#[test]
fn unknown_links_look_alike() {
    let pages = Pages::new().unwrap();
    let page = || pages.render(&NotFoundPage::new("n", Voice::default())).unwrap();
    assert_eq!(page(), page());
    assert!(!page().contains("Northwind"));
}

#[test]
fn every_template_is_rendered_by_some_sample() {
    let rendered: BTreeSet<&str> = pages().iter().map(|sample| sample.template).collect();
    let frames = [
        "base.html",
        "document.html",
        "parts.html",
        "action.html",
        "languages.html",
        "support.html",
        "report.html",
        "resend.html",
    ];
    for &(name, _) in templates::ALL {
        let part = name.starts_with("email/")
            || name.starts_with("sms/")
            || frames.iter().any(|frame| name.ends_with(&format!("/{frame}")));
        assert!(part || rendered.contains(name), "{name}");
    }
}

#[test]
fn no_mail_reaches_out_or_shows_its_code_in_the_subject() {
    for (name, mail, rendered) in mails() {
        for tag in tags(&rendered.html) {
            let tag = bones(tag);
            let remote = ["img", "link", "script", "iframe"].iter().any(|element| tag.starts_with(element));
            assert!(!remote && !tag.contains(" src=") && !tag.contains(" background="), "{name}: {tag}");
        }
        assert!(!rendered.html.contains("url(") && !rendered.html.contains("@import"), "{name}");
        assert!(!rendered.subject.contains('\n') && !rendered.subject.is_empty(), "{name}");
        let carried = match &mail {
            MailContext::Code(code) => code.code.reveal().to_owned(),
            MailContext::Challenge(challenge) => challenge.challenge_url.clone(),
            MailContext::Demotion(demotion) => demotion.dashboard_url.clone(),
            MailContext::Stopped(_) => {
                // whoever guides the person finds nothing in it to use
                assert!(!rendered.text.contains("/challenge/") && !rendered.html.contains("/challenge/"));
                continue;
            }
        };
        assert!(!rendered.subject.contains(&carried), "{name}");
        assert!(rendered.text.lines().any(|line| line.trim() == carried), "{name}:\n{}", rendered.text);
        assert!(name.contains("hostile") || rendered.html.contains(&carried), "{name}");
        assert!(!format!("{rendered:?}").contains(&carried), "{name}");
    }
}

#[test]
fn mails_warn_against_reading_the_code_out() {
    for (name, mail, rendered) in mails().into_iter().filter(|(name, ..)| name.strip_suffix(".en").is_some())
    {
        let warning = match mail {
            MailContext::Code(_) => "do not read this code to anyone",
            MailContext::Challenge(_) => "do not send this link to anyone",
            // it goes to those who run the checkpoint, and carries nothing that could be read out
            MailContext::Demotion(_) => "this mail asks for nothing",
            MailContext::Stopped(_) => "you do not have to do anything",
        };
        let text = rendered.text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        assert!(text.contains(warning) && rendered.html.to_lowercase().contains(warning), "{name}");
    }
}

#[test]
fn text_mails_keep_to_their_columns() {
    for (name, _, rendered) in mails().into_iter().filter(|(name, ..)| !name.contains("hostile")) {
        let widest = rendered.text.lines().map(super::mail::columns).max().unwrap_or(0);
        assert!(widest <= 72, "{name}: {widest}\n{}", rendered.text);
        assert!(!rendered.text.contains("\n\n\n"), "{name}");
    }
}

#[test]
fn assets_are_small_and_named_by_their_content() {
    for name in ["challenge.css", "challenge.js", "dashboard.css", "mark.svg"] {
        let asset = Assets::get(name).unwrap();
        assert!(asset.bytes.len() < 15_000, "{name}: {} bytes", asset.bytes.len());
        assert_eq!(asset.digest.len(), 16);
        let text = std::str::from_utf8(&asset.bytes).unwrap();
        assert!(!text.contains("@import") && !text.contains("url("), "{name}");
    }
    assert!(Assets::get("../challenge.css").is_none());
}

#[test]
#[ignore = "writes every sample to `ase-pages` in the temporary directory, for people to look at"]
fn samples_are_written_for_people_to_look_at() {
    let folder = std::env::temp_dir().join("ase-pages");
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    for name in ["challenge.css", "challenge.js", "dashboard.css", "mark.svg"] {
        std::fs::write(folder.join("assets").join(name), &Assets::get(name).unwrap().bytes).unwrap();
    }
    for sample in pages() {
        let name = format!("{}.html", sample.name());
        std::fs::write(folder.join(name), sample.html.replace("\"/assets/", "\"assets/")).unwrap();
    }
    for (name, _, mail) in mails() {
        std::fs::write(folder.join(format!("email_{name}.html")), mail.html).unwrap();
        std::fs::write(folder.join(format!("email_{name}.txt")), mail.text).unwrap();
    }
}
