//! The reference of a small document that uses what a real one uses.

use serde_json::{Value, json};

use super::{HOSTILE, Shown};
use crate::pages::reference::ReferencePage;

pub(super) fn show(shown: &mut Shown<'_>) {
    shown.page("plain", &ReferencePage::new(&document("What it is for.")));
    shown.page("hostile", &ReferencePage::new(&document(HOSTILE)));
    shown.page("empty", &ReferencePage::new(&Value::Null));
}

/// A document in which `sentence` stands wherever people write one.
fn document(sentence: &str) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Anti Social Engine", "version": "0.1.0", "description": sentence},
        "tags": [{"name": "Events", "description": sentence}, {"name": "Unused"}],
        "security": [{"api_key": []}],
        "paths": {
            "/events/ingest": {"post": {
                "tags": ["Events"], "summary": "Scores an event", "description": format!("{sentence}\n\n{sentence}"),
                "security": [{"api_key": ["events:write"]}],
                "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}, "description": sentence}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}}},
                "responses": {
                    "201": {"description": sentence, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Decision"}}}},
                    "422": {"$ref": "#/components/responses/Problem"},
                },
            }},
            "/healthz": {"get": {"summary": "Says that it lives", "security": [{}], "responses": {"200": {"description": "It lives."}}}},
        },
        "components": {
            "responses": {"Problem": {"description": "A field is wrong", "content": {"application/problem+json": {"schema": {"type": "object", "properties": {"code": {"type": "string"}}}}}}},
            "schemas": {
                "Event": {"type": "object", "required": ["id", "subject"], "properties": {
                    "id": {"type": "string", "description": sentence},
                    "subject": {"type": "object", "properties": {"id": {"type": "string"}, "created_at": {"type": ["string", "null"], "format": "date-time"}}},
                    "flags": {"type": "array", "items": {"type": "string", "enum": ["call_active", "screen_share", sentence]}},
                }},
                "Decision": {"type": "object", "properties": {
                    "outcome": {"type": "string", "enum": ["allow", "delay_verify", "block_escalate"]},
                    "score": {"type": "integer"},
                    "session": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Event"}]},
                }},
            },
        },
    })
}
