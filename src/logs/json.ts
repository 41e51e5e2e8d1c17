/**
 * Finds the fields of a JSON object in its bytes, without building the object: lines are read by the million, and of
 * most of them only level and time matter. Depth costs nothing, since nested values are skipped by counting brackets.
 */
export class JsonScanner {
  bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  /** Without quotes; what `next` found. */
  keyStart = 0;
  keyEnd = 0;
  /** With quotes or brackets. */
  valueStart = 0;
  valueEnd = 0;
  /** True after `next` answered false because the object ended as it should. */
  complete = false;

  /** Begins with the object whose `{` is at `start`; `end` is where its line ends. */
  open(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.#at = start + 1;
    this.#end = end;
    this.complete = false;
  }

  /** Goes to the next field at the top of the object; false at its end, or where the text is no JSON. */
  next(): boolean {
    const { bytes } = this;
    const end = this.#end;
    let at = this.#at;
    let c = bytes[at];
    while (isSpace(c) || c === 44) c = bytes[++at];
    if (c !== 34) {
      this.complete = c === 125;
      return false;
    }
    this.keyStart = at + 1;
    at = stringEnd(bytes, at, end);
    if (at > end) return false;
    this.keyEnd = at - 1;
    c = bytes[at];
    while (isSpace(c)) c = bytes[++at];
    if (c !== 58) return false;
    c = bytes[++at];
    while (isSpace(c)) c = bytes[++at];
    this.valueStart = at;
    at =
      c === 34
        ? stringEnd(bytes, at, end)
        : c === 123 || c === 91
          ? nestedEnd(bytes, at, end)
          : scalarEnd(bytes, at, end);
    if (at > end || at === this.valueStart) return false;
    this.valueEnd = at;
    this.#at = at;
    return true;
  }

  /** Whether the key is this one, given as bytes. */
  keyIs(name: Uint8Array): boolean {
    const { bytes, keyStart } = this;
    const { length } = name;
    if (this.keyEnd - keyStart !== length) return false;
    for (let i = 0; i < length; i++) if (bytes[keyStart + i] !== name[i]) return false;
    return true;
  }

  isString(): boolean {
    return this.bytes[this.valueStart] === 34;
  }

  isObject(): boolean {
    return this.bytes[this.valueStart] === 123;
  }

  /** The value as text: a string without its escapes, an array of bytes (journald's way with binary messages) decoded, anything else as written. */
  text(): string {
    const raw = this.bytes.toString("utf8", this.valueStart, this.valueEnd);
    const first = raw.charCodeAt(0);
    if (first !== 34 && !(first === 91 && /^\[[\d,\s]*\]$/.test(raw))) return raw;
    try {
      const value: unknown = JSON.parse(raw);
      return typeof value === "string" ? value : Buffer.from(value as number[]).toString("utf8");
    } catch {
      return raw.slice(1, -1);
    }
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 9 || byte === 10 || byte === 13;
}

/** The place after the closing quote of the string at `at`; beyond `end` where there is none. */
function stringEnd(bytes: Buffer, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const c = bytes[i];
    if (c === 34) return i + 1;
    if (c === 92) i++;
  }
  return end + 1;
}

function scalarEnd(bytes: Buffer, at: number, end: number): number {
  let i = at;
  for (; i < end; i++) {
    const c = bytes[i];
    if (c === 44 || c === 125 || c === 93 || isSpace(c)) break;
    if (c === 34 || c === 123 || c === 58) return at;
  }
  return i;
}

function nestedEnd(bytes: Buffer, at: number, end: number): number {
  let depth = 0;
  for (let i = at; i < end; i++) {
    const c = bytes[i];
    if (c === 34) i = stringEnd(bytes, i, end) - 1;
    else if (c === 123 || c === 91) depth++;
    else if ((c === 125 || c === 93) && --depth === 0) return i + 1;
  }
  return end + 1;
}
