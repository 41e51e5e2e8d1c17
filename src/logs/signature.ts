import type { Kernel } from "./kernel.ts";
import { hashFrom, hashOf, MOST_BYTES, maskMessage } from "./mask.ts";
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
  /** True where it stands for many kinds, of which there were too many to tell apart. */
  readonly coarse?: boolean;
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
  /** Whether it is what all further kinds of some form were merged into, because there were too many. */
  readonly coarse: boolean;
}

/** Most kinds that are told apart; beyond, they are merged by their first word and length. */
const MOST = 2_000;
/** Most kinds, merged ones included; beyond, those are merged by their length alone. */
const MOST_COARSE = MOST * 1.5;
/** What stands for the first word there. */
const ANY = "…";
/** So many different words in one place, everything else the same, make that place variable. */
const VARIETY = 6;
/** Groups that are watched for a variable place. */
const MOST_GROUPS = 20_000;
const MOST_WILD = 200;
const MOST_TOKENS = 48;
const MOST_SOURCES = 20;
/** A power of two. */
const RECENT = 1_024;

/** The template's words: masks are `<*>`; punctuation stays with its word. */
function tokensOf(masked: Uint8Array, length: number): string[] {
  const text = Buffer.from(masked.buffer, masked.byteOffset, length).toString("utf8").replaceAll("\u0001", "<*>");
  const tokens = text.split(" ");
  return tokens.length <= MOST_TOKENS ? tokens : [...tokens.slice(0, MOST_TOKENS), "…"];
}

const encoder = new TextEncoder();

function hashOfText(text: string): number {
  const bytes = encoder.encode(text);
  return hashOf(bytes, bytes.length);
}

export interface Kind extends RawSignature {
  merged: Kind | undefined;
  /** Hashes of its words. */
  readonly words: readonly number[];
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
  /** Templates with one place left out → hashes of the words seen there (of one alone mostly), or the kind that they became. */
  readonly #groups = new Map<number, number | number[] | Kind>();
  /** Kinds with a variable word, by number of words. */
  readonly #wild = new Map<number, Kind[]>();
  /** The kinds that were last met, by the halves of their hash: most errors are of few kinds. */
  readonly #recent: (Kind | undefined)[] = Array.from({ length: RECENT }, () => undefined);
  readonly #recentA = new Int32Array(RECENT);
  readonly #recentB = new Int32Array(RECENT);
  /** By the hashes of all words; and merged kinds by those of the first word and the number of words. */
  readonly #byTotal = new Map<number, Kind>();
  readonly #coarseByStart = new Map<number, Kind>();
  readonly #words = new Float64Array(MOST_TOKENS);
  /** The exception that was last met, and its hash. */
  #exception = "";
  #exceptionHash = 0;
  readonly #masked = new Uint8Array(MOST_BYTES * 2);

  /** Counts an event whose message is the range of bytes; `exception` is the class of a stack trace's exception. The kernel masks what stands in its chunk. */
  add(
    bytes: Buffer,
    start: number,
    end: number,
    exception: string,
    time: number,
    before: boolean,
    source: string,
    sample: () => string,
    kernel?: Kernel,
  ): void {
    if (kernel !== undefined && bytes.buffer === kernel.chunk.buffer) {
      const [a, b] = kernel.mask(bytes.byteOffset + start, bytes.byteOffset + end);
      if (exception !== this.#exception) {
        this.#exception = exception;
        this.#exceptionHash = exception === "" ? 0 : hashOfText(exception) | 0;
      }
      const also = this.#exceptionHash;
      this.count(this.kindOf(a ^ also, (b + also) | 0, bytes, start, end, exception), time, before, source, sample);
      return;
    }
    const length = this.#mask(bytes, start, end, exception);
    const hash = hashOf(this.#masked, length);
    this.count(this.#byHash.get(hash) ?? this.#named(hash, length), time, before, source, sample);
  }

  #mask(bytes: Buffer, start: number, end: number, exception: string): number {
    const length = maskMessage(bytes, start, end, this.#masked);
    if (exception === "") return length;
    return length + encoder.encodeInto(` ${exception}`, this.#masked.subarray(length)).written;
  }

  /** The kind of a message that has been masked already: of the halves of its hash. */
  kindOf(a: number, b: number, bytes: Buffer, start: number, end: number, exception = ""): Kind {
    const slot = (a ^ b) & (RECENT - 1);
    const recent = this.#recent[slot];
    if (recent !== undefined && this.#recentA[slot] === a && this.#recentB[slot] === b) return recent;
    const hash = hashFrom(a, b);
    const kind = this.#byHash.get(hash) ?? this.#named(hash, this.#mask(bytes, start, end, exception));
    this.#recent[slot] = kind;
    this.#recentA[slot] = a;
    this.#recentB[slot] = b;
    return kind;
  }

  /** Counts an event of a kind. */
  count(named: Kind, time: number, before: boolean, source: string, sample: () => string): void {
    let kind = named;
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

  #named(hash: number, length: number): Kind {
    const full = this.#byText.size >= MOST && this.#groups.size >= MOST_GROUPS;
    const quick = full ? this.#findFull(length) : undefined;
    if (quick) return quick;
    const tokens = tokensOf(this.#masked, length);
    const kind = this.#find(tokens);
    if (kind.coarse) {
      const start = kind.tokens[0] === ANY ? 0 : hashOfWord(tokens[0] ?? "", 0);
      this.#coarseByStart.set(startKey(start, tokens.length), kind);
    }
    if (this.#byHash.size >= 4 * MOST) this.#byHash.clear();
    this.#byHash.set(hash, kind);
    return kind;
  }

  /** Adds what another table, of another thread or an earlier look, has counted. */
  merge(others: Iterable<RawSignature>): void {
    for (const other of others) {
      let kind = other.coarse ? this.#coarse(other.tokens) : this.#find(other.tokens);
      while (kind.merged) kind = kind.merged;
      if (other.wild) this.#generalise(kind);
      absorb(kind, other);
    }
  }

  /** All kinds, as they are handed to {@link merge}. */
  *raw(): Generator<RawSignature> {
    for (const kind of this.#byText.values()) {
      if (kind.merged || kind.count + kind.before === 0) continue;
      const { merged: _, words: __, ...raw } = kind;
      yield { ...raw, sources: [...raw.sources] };
    }
  }

  /** All kinds that were seen in the window, the most frequent first. */
  report(): Signature[] {
    return [...this.raw()]
      .filter((kind) => kind.count > 0)
      .sort((a, b) => b.count - a.count || (a.tokens.join(" ") < b.tokens.join(" ") ? -1 : 1))
      .map(({ tokens, count, before, first, last, sources, sample, coarse }) => {
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
          ...(coarse && { coarse }),
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
  }

  #find(tokens: readonly string[]): Kind {
    const text = tokens.join(" ");
    const exact = this.#byText.get(text) ?? this.#wild.get(tokens.length)?.find((kind) => covers(kind.tokens, tokens));
    if (exact) return exact;
    const keys = keysWithout(tokens);
    for (const key of keys) {
      const group = key === undefined ? undefined : this.#groups.get(key);
      if (group instanceof Object && !Array.isArray(group)) return group;
    }
    for (const [i, token] of tokens.entries()) {
      const key = keys[i];
      if (key === undefined) continue;
      const group = this.#groups.get(key);
      if (group === undefined && this.#groups.size >= MOST_GROUPS) continue;
      const word = hashOfWord(token, i);
      if (group === undefined || typeof group === "number") {
        if (group !== word) this.#groups.set(key, group === undefined ? word : [group, word]);
        continue;
      }
      if (!Array.isArray(group)) continue;
      if (!group.includes(word)) group.push(word);
      if (group.length < VARIETY || tokens.length === 1) continue;
      const wild = this.#find(tokens.with(i, "<*>"));
      if (wild.coarse) return wild;
      this.#generalise(wild);
      this.#groups.set(key, wild);
      return wild;
    }
    if (this.#byText.size < MOST) return this.#kind(tokens);
    return this.#coarse([tokens[0] ?? "", `… (${tokens.length} words)`]);
  }

  /**
   * What {@link #find} would find where no further kinds and groups are made, straight from the masked bytes: of millions
   * of different messages the words would be garbage. `undefined` where it takes more than a look at tables.
   */
  #findFull(length: number): Kind | undefined {
    const words = this.#words;
    const count = hashWords(this.#masked, length, words);
    if (count === 0) return undefined;
    let total = count;
    for (let i = 0; i < count; i++) total = (total + (words[i] ?? 0)) % WRAP;
    const exact = this.#byTotal.get(total);
    if (exact) return exact;
    for (const wild of this.#wild.get(count) ?? []) if (coversWords(wild, words)) return wild;
    for (let i = 0; i < count; i++) {
      if (words[i] === MASKS[i]) continue;
      const group = this.#groups.get((total - (words[i] ?? 0) + (MASKS[i + MOST_TOKENS] ?? 0) + WRAP) % WRAP);
      if (group !== undefined) return group instanceof Object && !Array.isArray(group) ? group : undefined;
    }
    const known = this.#coarseByStart.get(startKey(words[0] ?? 0, count));
    return known ?? (this.#byText.size < MOST_COARSE ? undefined : this.#coarseByStart.get(startKey(0, count)));
  }

  /** The kind of all that begins with a word and has so many words, once there are too many; then of all that has so many. */
  #coarse(tokens: readonly string[]): Kind {
    const known = this.#byText.get(tokens.join(" "));
    if (known) return known;
    return this.#kind(this.#byText.size < MOST_COARSE ? tokens : [ANY, tokens.at(-1) ?? ""], true);
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
      this.#byTotal.delete(totalOf(kind.words));
      this.#byText.delete(kind.tokens.join(" "));
    }
  }

  #kind(tokens: readonly string[], coarse = false): Kind {
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
      coarse,
      merged: undefined,
      words: tokens.map(hashOfWord),
    };
    this.#byText.set(text, kind);
    if (!coarse) this.#byTotal.set(totalOf(kind.words), kind);
    return kind;
  }
}

/**
 * For each place a number that is the same for all templates that differ in this place alone; the places of `<*>` have
 * none. Sums of words' hashes, so that all places together cost one look at each word.
 */
function keysWithout(tokens: readonly string[]): readonly (number | undefined)[] {
  const hashes = tokens.map(hashOfWord);
  const total = totalOf(hashes);
  return tokens.map((token, i) =>
    token === "<*>" ? undefined : (total - (hashes[i] ?? 0) + hashOfWord("<*>", i + MOST_TOKENS) + WRAP) % WRAP,
  );
}

/** Of hashes of words: three of them still add up exactly. */
const WRAP = 2 ** 51;

function totalOf(hashes: readonly number[]): number {
  return hashes.reduce((sum, hash) => (sum + hash) % WRAP, hashes.length);
}

function startKey(word: number, count: number): number {
  return (word + count * 0x9e3779b1) % WRAP;
}

function hashOfWord(word: string, place: number): number {
  let a = 0x811c9dc5 ^ Math.imul(place + 1, 0x9e3779b1);
  let b = place;
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = (Math.imul(b, 31) + unit) | 0;
  }
  return hashFrom(a, b) % WRAP;
}

/** Hashes of the mask at each place, and at those of a place left out. */
const MASKS = Float64Array.from({ length: 2 * MOST_TOKENS + 1 }, (_, place) => hashOfWord("<*>", place));
const MASK = Buffer.from("<*>");

/** {@link hashOfWord} of each word of a masked message; answers their number, 0 where there are too many or not all is ASCII. */
function hashWords(masked: Uint8Array, length: number, words: Float64Array): number {
  let count = 0;
  for (let at = 0; at <= length; at++) {
    if (count >= words.length) return 0;
    let a = 0x811c9dc5 ^ Math.imul(count + 1, 0x9e3779b1);
    let b = count;
    for (; at < length && masked[at] !== 32; at++) {
      const byte = masked[at] ?? 0;
      if (byte >= 128) return 0;
      for (let i = 0; i < (byte === 1 ? 3 : 1); i++) {
        const unit = byte === 1 ? (MASK[i] ?? 0) : byte;
        a = Math.imul(a ^ unit, 0x01000193);
        b = (Math.imul(b, 31) + unit) | 0;
      }
    }
    words[count++] = hashFrom(a, b) % WRAP;
  }
  return count;
}

function coversWords(wild: Kind, words: Float64Array): boolean {
  for (let i = 0; i < wild.words.length; i++) {
    if (wild.words[i] !== words[i] && wild.tokens[i] !== "<*>") return false;
  }
  return true;
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
