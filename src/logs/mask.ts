/** Of a message so many bytes are looked at. */
export const MOST_BYTES = 1_024;

const SPACE = 1;
const WORD = 2;
const DIGIT = 3;
const QUOTE = 4;
export const classes = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const text = String.fromCharCode(c);
  classes[c] =
    c <= 32 || c === 127
      ? SPACE
      : /[0-9]/.test(text)
        ? DIGIT
        : /[\w.:/@$%~+*#?&-]/.test(text) || c >= 128
          ? WORD
          : /["'`]/.test(text)
            ? QUOTE
            : 0;
}

// What a byte of a word tells of the word.
const IS_SLASH = 1;
const IS_DIGIT = 2;
const IS_AT = 4;
const IS_NO_HEX = 8;
const IS_WORD = 16;
export const traits = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  if (classes[c] === DIGIT) traits[c] = IS_WORD | IS_DIGIT;
  else if (classes[c] === WORD) {
    const hex = (c | 32) >= 97 && (c | 32) <= 102;
    traits[c] = IS_WORD | (c === 47 ? IS_SLASH : 0) | (c === 64 ? IS_AT : 0) | (hex ? 0 : IS_NO_HEX);
  }
}

/**
 * Masks a message: fills `out` with its bytes, words that hold values replaced by 0x01 and blanks by one 0x20, and
 * answers the length. Values are: what contains a digit, hexadecimal words, paths, URLs, mail addresses, quoted texts;
 * a list of values is one value.
 */
export function maskMessage(bytes: Uint8Array, start: number, end: number, out: Uint8Array): number {
  const stop = Math.min(end, start + MOST_BYTES);
  let length = 0;
  let at = start;
  let maskedAt = -1;
  while (at < stop) {
    const c = bytes[at] ?? 0;
    const kind = classes[c];
    if (kind === SPACE) {
      if (c === 27 && bytes[at + 1] === 91) {
        // A terminal's colour: skipped up to the letter that ends it.
        at += 2;
        while (at < stop && !((bytes[at] ?? 0) >= 64 && (bytes[at] ?? 0) <= 126)) at++;
        at++;
        continue;
      }
      if (length > 0 && out[length - 1] !== 32) out[length++] = 32;
      at++;
      continue;
    }
    if (kind === QUOTE) {
      const close = closingQuote(bytes, at, stop, start);
      if (close > 0) {
        at = close;
        length = mask(out, length, maskedAt);
        maskedAt = length;
        continue;
      }
      out[length++] = c;
      at++;
      continue;
    }
    if (kind === 0) {
      if (c === 92 && classes[bytes[at + 1] ?? 0] === QUOTE) {
        at++;
        continue;
      }
      out[length++] = c;
      at++;
      continue;
    }
    const begin = at;
    let seen = 0;
    let slashes = 0;
    // Copied while it is looked at; what turns out to be a value is overwritten.
    let copied = length;
    for (let b = c; at < stop; b = bytes[++at] ?? 0) {
      const trait = traits[b] ?? 0;
      if (trait === 0 && (b !== 61 || slashes < 2)) break;
      seen |= trait;
      slashes += trait & IS_SLASH;
      out[copied++] = b;
    }
    let last = at;
    while (last > begin && isTrailing(bytes[last - 1] ?? 0)) last--;
    const path = slashes > 1 || (slashes === 1 && c === 47 && last - begin > 1);
    if ((seen & (IS_DIGIT | IS_AT)) !== 0 || path || ((seen & IS_NO_HEX) === 0 && last - begin >= 8)) {
      length = mask(out, length, maskedAt);
      maskedAt = length;
      for (let i = last; i < at; i++) out[length++] = bytes[i] ?? 0;
    } else length = copied;
  }
  while (length > 0 && out[length - 1] === 32) length--;
  return length;
}

/** Writes a mask, unless only separators stand between it and the mask before. */
function mask(out: Uint8Array, length: number, maskedAt: number): number {
  if (maskedAt > 0) {
    let i = maskedAt;
    while (i < length && (out[i] === 44 || out[i] === 32 || out[i] === 59)) i++;
    if (i === length && length - maskedAt <= 2) return maskedAt;
  }
  out[length] = 1;
  return length + 1;
}

function isTrailing(byte: number): boolean {
  return byte === 46 || byte === 58 || byte === 63 || byte === 45;
}

/** The place after the quote that closes the one at `at`; 0 where it is an apostrophe or nothing closes it. */
function closingQuote(bytes: Uint8Array, at: number, stop: number, start: number): number {
  const quote = bytes[at];
  const before = at > start ? (classes[bytes[at - 1] ?? 0] ?? 0) : SPACE;
  if (quote === 39 && (before === WORD || before === DIGIT)) {
    const previous = bytes[at - 1] ?? 0;
    if (previous !== 58) return 0;
  }
  for (let i = at + 1; i < stop; i++) {
    if (bytes[i] !== quote) continue;
    if (quote === 39) {
      const after = classes[bytes[i + 1] ?? 32] ?? 0;
      if (i + 1 < stop && ((after === WORD && !isTrailing(bytes[i + 1] ?? 0)) || after === DIGIT)) continue;
    }
    return i + 1;
  }
  return 0;
}

/** FNV-1a beside a polynomial of 31, put together to 53 bits: enough that two of some thousand kinds never meet. */
export function hashOf(bytes: Uint8Array, length: number): number {
  let a = 0x811c9dc5 | 0;
  let b = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] ?? 0;
    a = Math.imul(a ^ byte, 0x01000193);
    b = ((b << 5) - b + byte) | 0;
  }
  return hashFrom(a, b);
}

/** The one number of the two halves. */
export function hashFrom(a: number, b: number): number {
  return (a >>> 0) * 0x200000 + ((b ^ (b >>> 15)) & 0x1fffff);
}

/**
 * {@link maskMessage} and {@link hashOf} in one pass, for `wasm.ts`: mask(start, end) leaves the halves of the hash in
 * HASH_A and HASH_B. What a word turns out to be is known at its end, so the state from before it is kept.
 */
export const masking = `
fn trailing(c) {
  return c == '.' || c == ':' || c == '?' || c == '-';
}

// The place after the quote that closes the one at the place; 0 where it is an apostrophe or nothing closes it.
fn closing(at, stop, start) {
  quote = u8(at);
  if (quote == APOSTROPHE && at > start) {
    before = u8(at - 1);
    kind = u8(CLASSES + before);
    if ((kind == WORD || kind == DIGIT) && before != ':') { return 0; }
  }
  at = at + 1;
  while (at < stop) {
    if (u8(at) == quote) {
      closes = 1;
      if (quote == APOSTROPHE && at + 1 < stop) {
        after = u8(at + 1);
        kind = u8(CLASSES + after);
        if (kind == DIGIT || (kind == WORD && !trailing(after))) { closes = 0; }
      }
      if (closes) { return at + 1; }
    }
    at = at + 1;
  }
  return 0;
}

fn mask(start, end) {
  stop = end;
  if (end - start > MOST_BYTES) { stop = start + MOST_BYTES; }
  at = start;
  a = FNV;
  b = 0;
  // State after the mask before, and how many separators stand since; many where it is anything else.
  maskedA = 0;
  maskedB = 0;
  gap = 9;
  some = 0;
  blank = 0;
  while (at < stop) {
    c = u8(at);
    kind = u8(CLASSES + c);
    if (kind == SPACE) {
      at = at + 1;
      if (c == 27 && u8(at) == '[') {
        at = at + 1;
        while (at < stop && u8(at) - 64 > 62) { at = at + 1; }
        at = at + 1;
      } else { blank = some; }
    } else {
      beforeA = a;
      beforeB = b;
      if (blank) { a = (a ^ 32) * PRIME; b = b * 31 + 32; }
      beginA = a;
      beginB = b;
      begin = at;
      last = at;
      value = 0;
      if (kind == QUOTE) {
        last = closing(at, stop, start);
        if (last) { value = 1; at = last; }
      } else if (kind) {
        seen = 0;
        slashes = 0;
        letter = c;
        while (at < stop) {
          trait = u8(TRAITS + letter);
          if (!trait) { if (letter != '=' || slashes < 2) { break; } }
          seen = seen | trait;
          slashes = slashes + (trait & IS_SLASH);
          a = (a ^ letter) * PRIME;
          b = b * 31 + letter;
          at = at + 1;
          letter = u8(at);
        }
        last = at;
        while (last > begin && trailing(u8(last - 1))) { last = last - 1; }
        value = (seen & IS_DIGIT_OR_AT) || slashes > 1 || (slashes == 1 && c == '/' && last - begin > 1)
          || (!(seen & IS_NO_HEX) && last - begin >= 8);
      }
      if (value) {
        if (gap + blank < 3) { a = maskedA; b = maskedB; }
        else { a = (beginA ^ 1) * PRIME; b = beginB * 31 + 1; maskedA = a; maskedB = b; }
        gap = 0;
        while (last < at) {
          letter = u8(last);
          a = (a ^ letter) * PRIME;
          b = b * 31 + letter;
          last = last + 1;
          gap = 9;
        }
        blank = 0;
        some = 1;
      } else if (at > begin) {
        gap = 9;
        blank = 0;
        some = 1;
      } else {
        at = at + 1;
        if (c == BACKSLASH && u8(CLASSES + u8(at)) == QUOTE) { a = beforeA; b = beforeB; }
        else {
          a = (a ^ c) * PRIME;
          b = b * 31 + c;
          if (c == ',' || c == ';') { gap = gap + 1 + blank; } else { gap = 9; }
          blank = 0;
          some = 1;
        }
      }
    }
  }
  put(HASH_A, a);
  put(HASH_B, b);
  return 0;
}
`;

/** What the program is told by name. */
export const maskingConstants = {
  SPACE,
  WORD,
  DIGIT,
  QUOTE,
  IS_SLASH,
  IS_DIGIT_OR_AT: IS_DIGIT | IS_AT,
  IS_NO_HEX,
  MOST_BYTES,
  APOSTROPHE: 39,
  BACKSLASH: 92,
  FNV: 0x811c9dc5,
  PRIME: 0x01000193,
} as const;
