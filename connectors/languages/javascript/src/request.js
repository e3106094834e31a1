// The delivery by the names of its headers.

/** Every value of a header, as bytes; `name` is in lower case, as the host writes them. */
export function values(input, name) {
  return input.headers.filter((header) => header.name === name).map((header) => header.value);
}

/** The first header of this name when it is printable ASCII, else `undefined`. */
export function header(input, name) {
  const value = values(input, name)[0];
  return value === undefined ? undefined : ascii(value);
}

/** Bytes as text when all of them are printable ASCII, else `undefined`. */
export function ascii(bytes) {
  for (const byte of bytes) {
    if (byte < 0x20 || byte > 0x7e) {
      return undefined;
    }
  }
  return String.fromCharCode.apply(null, bytes);
}
