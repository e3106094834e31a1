// What the platform is about to do. A token that is good for something else is good for nothing.

const FIELDS = ["event_id", "subject_id", "action", "amount"];

/**
 * Refuses what would silently expect nothing: no object, a misspelt name, an undefined value.
 * @param {any} expected
 * @returns {import("./index.js").Expectation}
 */
export function checked(expected) {
  if (!expected || typeof expected !== "object") {
    throw new TypeError("expected: say what you are about to do, such as { event_id, subject_id }");
  }
  const names = Object.keys(expected);
  const unknown = names.find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw new TypeError(`expected.${unknown}: is none of ${FIELDS.join(", ")}`);
  for (const name of names) {
    if (name !== "amount" && (typeof expected[name] !== "string" || !expected[name])) {
      throw new TypeError(`expected.${name}: must be a string that is not empty`);
    }
  }
  const { amount } = expected;
  if ("amount" in expected && (typeof amount?.value !== "string" || typeof amount?.currency !== "string")) {
    throw new TypeError('expected.amount: must be { value: "900.00", currency: "EUR" }');
  }
  if (!expected.event_id && !expected.subject_id) {
    throw new TypeError("expected: name at least the event_id or the subject_id");
  }
  return expected;
}

/**
 * Whether an answer lets the platform go on, and is about what was asked. The server compares as well; this holds even
 * where an answer belongs to another question.
 * @param {Record<string, any>} answer
 * @param {import("./index.js").Expectation} expected
 */
export function lets(answer, expected) {
  const same = (/** @type {"event_id" | "subject_id" | "action"} */ name) =>
    expected[name] === undefined || answer[name] === expected[name];
  const about = same("event_id") && same("subject_id") && same("action");
  return answer.proceed === true && answer.valid === true && answer.outcome === "allow" && about;
}
