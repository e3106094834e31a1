/** What the server refused, or could not answer. It holds neither the key nor a token nor what was sent. */
export class AseError extends Error {
  /**
   * @param {string} code
   * @param {string} detail
   * @param {{ status?: number, pointer?: string, requestId?: string }} [more]
   */
  constructor(code, detail, more = {}) {
    super(`${code}: ${detail}`);
    this.name = "AseError";
    /** Stable: branch on this. */
    this.code = code;
    /** The HTTP status; undefined where no answer came. */
    this.status = more.status;
    /** JSON pointer of the field that was wrong. */
    this.pointer = more.pointer;
    /** Name it when you ask for help. */
    this.requestId = more.requestId;
  }
}
