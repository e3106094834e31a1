// How this connector says no. A message never repeats what the sender wrote.

/**
 * The interface's `refusal`, to be thrown.
 *
 * @param {string} reason as `wit/` spells it
 * @param {string} message one sentence for the operator of the source
 * @param {string} [pointer] RFC 6901 pointer into the body
 */
export function refuse(reason, message, pointer) {
  return { reason, message, pointer };
}
