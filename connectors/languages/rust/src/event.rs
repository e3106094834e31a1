//! From GitHub's object to one neutral event. Only what makes an event (its id, the person who acted) is demanded.

use crate::bindings::exports::ase::connector::normalizer::{
    Action, Attribute, Change, Delivery, Event, Link, Refusal, RefusalReason, Subject,
};
use crate::payload::Object;
use crate::topics::Known;
use crate::{malformed, refuse, request};

/// Members of the list of changes.
const MOST_CHANGES: usize = 16;

/// The event of a delivery: `topic` is the value of X-GitHub-Event, `known` its meaning, `body` GitHub's object.
pub(crate) fn event(
    input: &Delivery,
    topic: &str,
    known: &Known,
    body: &Object<'_>,
) -> Result<Event, Refusal> {
    let (repository, organization) = (body.object("repository"), body.object("organization"));
    let place = repository.text("full_name").or_else(|| organization.text("login"));
    Ok(Event {
        id: delivery_id(input)?,
        type_: known.kind.to_owned(),
        occurred_at: occurred_at(topic, body),
        subject: subject(&body.object("sender"))?,
        action: Some(Action {
            description: place.map(|place| format!("{} {place}", known.phrase)),
            amount: None,
            balance: None,
            destination: None,
        }),
        device: None,
        billing: None,
        shipping: None,
        links: links(body, &repository, &organization),
        signals: Vec::new(),
        changes: changes(topic, body),
        attributes: attributes(body, &repository, &organization),
        test: false,
        return_url: None,
    })
}

/// GitHub gives every delivery a GUID and repeats it when it is delivered again.
fn delivery_id(input: &Delivery) -> Result<String, Refusal> {
    let is_id = |text: &&str| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let id = request::header(input, "x-github-delivery").filter(is_id).map(str::to_owned);
    let message = "the X-GitHub-Delivery header is missing or is no id";
    id.ok_or_else(|| refuse(RefusalReason::Malformed, message, None))
}

/// Who acted.
fn subject(sender: &Object<'_>) -> Result<Subject, Refusal> {
    let message = "the id is missing or not a whole number below 2^53";
    Ok(Subject {
        id: sender.id("id").ok_or_else(|| malformed(message, "/sender/id"))?,
        email: None,
        phone: None,
        name: sender.text("login"),
        created_at: None,
        locale: None,
    })
}

/// When it happened, where the object that was made says so.
fn occurred_at(topic: &str, body: &Object<'_>) -> Option<String> {
    let made = match topic {
        "deploy_key" => "key",
        "secret_scanning_alert" => "alert",
        other => other,
    };
    let is_new = body.text("action")? == "created";
    is_new.then(|| body.object(made).text("created_at")).flatten()
}

fn links(body: &Object<'_>, repository: &Object<'_>, organization: &Object<'_>) -> Vec<Link> {
    let found = [
        ("repository", repository.id("id")),
        ("organization", organization.id("id")),
        ("member", member(body).id("id")),
        ("key", body.object("key").id("id")),
        ("token_request", body.object("personal_access_token_request").id("id")),
    ];
    found.into_iter().filter_map(|(kind, id)| Some(Link { type_: kind.to_owned(), id: id? })).collect()
}

/// Names of what changed: GitHub's own list, or what the event itself means.
fn changes(topic: &str, body: &Object<'_>) -> Vec<Change> {
    if topic == "repository" && body.text("action").as_deref() == Some("publicized") {
        return vec![Change { field: "visibility".to_owned() }];
    }
    let is_field = |name: &&str| {
        name.len() <= 64
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'))
    };
    let changed = body.object("changes");
    let names = changed.names().filter(is_field).take(MOST_CHANGES);
    names.map(|field| Change { field: field.to_owned() }).collect()
}

fn attributes(body: &Object<'_>, repository: &Object<'_>, organization: &Object<'_>) -> Vec<Attribute> {
    let (changed, alert) = (body.object("changes"), body.object("alert"));
    let (permission, role) = (changed.object("permission"), changed.object("role_name"));
    let found = [
        ("action", body.text("action")),
        ("repository", repository.text("full_name")),
        ("organization", organization.text("login")),
        ("private", repository.flag("private")),
        ("member", member(body).text("login")),
        ("role", body.object("membership").text("role").or_else(|| role.text("to"))),
        ("permission", permission.text("to")),
        ("permission_before", permission.text("from")),
        ("read_only", body.object("key").flag("read_only")),
        ("secret_type", alert.text("secret_type")),
        ("resolution", alert.text("resolution")),
    ];
    let known =
        |(name, value): (&str, Option<String>)| Some(Attribute { name: name.to_owned(), value: value? });
    found.into_iter().filter_map(known).collect()
}

/// Who was given or lost access: of a repository, or of an organization.
fn member<'b>(body: &Object<'b>) -> Object<'b> {
    let member = body.object("member");
    if member.id("id").is_none() { body.object("membership").object("user") } else { member }
}
