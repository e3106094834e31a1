// The connector's no: one sentence for the operator, and where in the body it is about.
export function refuse(reason, message, pointer) {
  return { reason, message, pointer };
}
