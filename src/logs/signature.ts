import { safeSample } from "./safe.ts";

/** One kind of error event: what stays of its message when everything variable is taken out. */
export interface Signature {
  /** Stays the same for the same template, in any run on any machine: 12 hexadecimal digits. */
  readonly id: string;
  /** The message with `<*>` where values were. Text from outside, neutralised. */
  readonly template: string;
  /** Events in the window. */
  readonly count: number;
  /** Events before the window and on control machines. */
  readonly before: number;
  /** First and last time in the window, in milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
  /** Where it was seen in the window, up to 20. */
  readonly sources: readonly string[];
  /** One event: secrets masked, cut, neutralised. */
  readonly sample: string;
}

/** A kind as it is handed between threads. */
export interface RawSignature {
  readonly tokens: readonly string[];
  count: number;
  before: number;
  first: number;
  last: number;
  sources: string[];
  sample: string;
  /** Whether a word of the template was found to be variable by its variety. */
  wild: boolean;
}

/** Most kinds that are told apart; beyond, they are merged by their first word and length. */
const MOST = 2_000;
/** So many different words in one place, everything else the same, make that place variable. */
const VARIETY = 6;
/** Groups that are watched for a variable place. */
const MOST_GROUPS = 20_000;
const MOST_WILD = 200;
const MOST_TOKENS = 48;
/** Of a message so many bytes are looked at. */
const MOST_BYTES = 1_024;
const MOST_SOURCES = 20;

const SPACE = 1;
const WORD = 2;
const DIGIT = 3;
const QUOTE = 4;
const classes = new Uint8Array(256);
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
const traits = new Uint8Array(256);
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

/** The template's words: masks are `<*>`; punctuation stays with its word. */
function tokensOf(masked: Uint8Array, length: number): string[] {
  const text = Buffer.from(masked.buffer, masked.byteOffset, length).toString("utf8").replaceAll("\u0001", "<*>");
  const tokens = text.split(" ");
  return tokens.length <= MOST_TOKENS ? tokens : [...tokens.slice(0, MOST_TOKENS), "…"];
}

/** FNV-1a beside a polynomial of 31, put together to 53 bits: enough that two of some thousand kinds never meet. */
function hashOf(bytes: Uint8Array, length: number): number {
  let a = 0x811c9dc5 | 0;
  let b = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] ?? 0;
    a = Math.imul(a ^ byte, 0x01000193);
    b = ((b << 5) - b + byte) | 0;
  }
  return (a >>> 0) * 0x200000 + ((b ^ (b >>> 15)) & 0x1fffff);
}

const encoder = new TextEncoder();

function hashOfText(text: string): number {
  const bytes = encoder.encode(text);
  return hashOf(bytes, bytes.length);
}

interface Kind extends RawSignature {
  merged: Kind | undefined;
}

/**
 * Counts error events by kind. A kind is an exact template first; when one place of otherwise equal templates has shown
 * six different words, the place is taken for variable, and the templates become one (after Drain: He et al., ICWS
 * 2017). Beyond 2,000 kinds, further ones are merged by first word and number of words, so that memory is bounded.
 */
export class SignatureTable {
  /** By hash of the masked bytes. */
  readonly #byHash = new Map<number, Kind>();
  /** By template text; wildcards and merged kinds included. */
  readonly #byText = new Map<string, Kind>();
  /** Templates with one place left out → the words seen there, or the kind that they became. */
  readonly #groups = new Map<number, Set<string> | Kind>();
  /** Kinds with a variable word, by number of words. */
  readonly #wild = new Map<number, Kind[]>();
  readonly #masked = new Uint8Array(MOST_BYTES * 2);
  /** Events that were counted in merged kinds, because there were too many. */
  overflow = 0;

  /** Counts an event whose message is the range of bytes; `exception` is the class of a stack trace's exception. */
  add(
    bytes: Buffer,
    start: number,
    end: number,
    exception: string,
    time: number,
    before: boolean,
    source: string,
    sample: () => string,
  ): void {
    let length = maskMessage(bytes, start, end, this.#masked);
    if (exception !== "") length += encoder.encodeInto(` ${exception}`, this.#masked.subarray(length)).written;
    const hash = hashOf(this.#masked, length);
    let kind = this.#byHash.get(hash);
    if (kind === undefined) {
      kind = this.#find(tokensOf(this.#masked, length));
      if (this.#byHash.size >= 4 * MOST) this.#byHash.clear();
      this.#byHash.set(hash, kind);
    }
    while (kind.merged) kind = kind.merged;
    if (before) {
      kind.before++;
      return;
    }
    kind.count++;
    if (time < kind.first) kind.first = time;
    if (time > kind.last) kind.last = time;
    if (kind.sample === "") kind.sample = safeSample(sample());
    if (kind.sources[kind.sources.length - 1] !== source) addSource(kind, source);
  }

  /** Adds what another table, of another thread or an earlier look, has counted. */
  merge(others: Iterable<RawSignature>): void {
    for (const other of others) {
      let kind = this.#find(other.tokens);
      while (kind.merged) kind = kind.merged;
      if (other.wild) this.#generalise(kind);
      absorb(kind, other);
    }
  }

  /** All kinds, as they are handed to {@link merge}. */
  *raw(): Generator<RawSignature> {
    for (const kind of this.#byText.values()) {
      if (kind.merged || kind.count + kind.before === 0) continue;
      const { tokens, count, before, first, last, sources, sample, wild } = kind;
      yield { tokens, count, before, first, last, sources: [...sources], sample, wild };
    }
  }

  /** All kinds that were seen in the window, the most frequent first. */
  report(): Signature[] {
    return [...this.raw()]
      .filter((kind) => kind.count > 0)
      .sort((a, b) => b.count - a.count || (a.tokens.join(" ") < b.tokens.join(" ") ? -1 : 1))
      .map(({ tokens, count, before, first, last, sources, sample }) => {
        const template = tokens.join(" ");
        return {
          id: hashOfText(template).toString(16).padStart(14, "0").slice(-12),
          template: safeSample(template, 300),
          count,
          before,
          first,
          last,
          sources: [...sources].sort(),
          sample,
        };
      });
  }

  /** Forgets the counts of the window, keeps the kinds and what was before: another window counts anew. */
  restart(): void {
    for (const kind of this.#byText.values()) {
      kind.count = 0;
      kind.first = Number.POSITIVE_INFINITY;
      kind.last = Number.NEGATIVE_INFINITY;
      kind.sources = [];
      kind.sample = "";
    }
    this.overflow = 0;
  }

  #find(tokens: readonly string[]): Kind {
    const text = tokens.join(" ");
    const exact = this.#byText.get(text) ?? this.#wild.get(tokens.length)?.find((kind) => covers(kind.tokens, tokens));
    if (exact) return exact;
    const places: number[] = [];
    for (let i = 0; i < tokens.length; i++) {
      if (tokens[i] === "<*>") continue;
      const key = hashOfText(`${i} ${tokens.with(i, "<*>").join(" ")}`);
      const group = this.#groups.get(key);
      if (group !== undefined && !(group instanceof Set)) return group;
      places.push(i, key);
    }
    for (let p = 0; p < places.length; p += 2) {
      const [i = 0, key = 0] = [places[p], places[p + 1]];
      let group = this.#groups.get(key);
      if (group === undefined) {
        if (this.#groups.size >= MOST_GROUPS) continue;
        group = new Set<string>();
        this.#groups.set(key, group);
      }
      if (!(group instanceof Set)) continue;
      group.add(tokens[i] ?? "");
      if (group.size < VARIETY || tokens.length === 1) continue;
      const wild = this.#find(tokens.with(i, "<*>"));
      this.#generalise(wild);
      this.#groups.set(key, wild);
      return wild;
    }
    if (this.#byText.size < MOST) return this.#kind(tokens);
    this.overflow++;
    const coarse = [tokens[0] ?? "", `… (${tokens.length} words)`];
    const known = this.#byText.get(coarse.join(" "));
    if (known) return known;
    return this.#kind(this.#byText.size < MOST * 1.5 ? coarse : ["…", `(${tokens.length} words)`]);
  }

  /** Makes a kind the one of all templates that it covers. */
  #generalise(wild: Kind): void {
    if (wild.wild) return;
    wild.wild = true;
    const siblings = this.#wild.get(wild.tokens.length) ?? [];
    if (siblings.length < MOST_WILD) siblings.push(wild);
    this.#wild.set(wild.tokens.length, siblings);
    for (const kind of [...this.#byText.values()]) {
      if (kind === wild || kind.tokens.length !== wild.tokens.length || !covers(wild.tokens, kind.tokens)) continue;
      absorb(wild, kind);
      kind.merged = wild;
      this.#byText.delete(kind.tokens.join(" "));
    }
  }

  #kind(tokens: readonly string[]): Kind {
    const text = tokens.join(" ");
    const known = this.#byText.get(text);
    if (known) return known;
    const kind: Kind = {
      tokens,
      count: 0,
      before: 0,
      first: Number.POSITIVE_INFINITY,
      last: Number.NEGATIVE_INFINITY,
      sources: [],
      sample: "",
      wild: false,
      merged: undefined,
    };
    this.#byText.set(text, kind);
    return kind;
  }
}

function covers(wild: readonly string[], tokens: readonly string[]): boolean {
  for (let i = 0; i < wild.length; i++) if (wild[i] !== tokens[i] && wild[i] !== "<*>") return false;
  return true;
}

function absorb(kind: RawSignature, other: RawSignature): void {
  kind.count += other.count;
  kind.before += other.before;
  kind.first = Math.min(kind.first, other.first);
  kind.last = Math.max(kind.last, other.last);
  if (kind.sample === "") kind.sample = other.sample;
  for (const source of other.sources) addSource(kind, source);
}

function addSource(kind: RawSignature, source: string): void {
  const at = kind.sources.indexOf(source);
  if (at >= 0) {
    // The newest stands last, where the next look for it is cheap.
    kind.sources.splice(at, 1);
    kind.sources.push(source);
  } else if (kind.sources.length < MOST_SOURCES) kind.sources.push(source);
}
