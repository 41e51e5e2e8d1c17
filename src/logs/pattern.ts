import { ConfigurationError } from "../platform/errors.ts";

/** Tells whether a range of bytes contains a match. */
export interface Pattern {
  readonly source: string;
  test(bytes: Uint8Array, start: number, end: number): boolean;
}

type Node =
  | { readonly kind: "set"; readonly set: Uint8Array }
  | { readonly kind: "sequence"; readonly nodes: readonly Node[] }
  | { readonly kind: "choice"; readonly nodes: readonly Node[] }
  | { readonly kind: "repeat"; readonly node: Node; readonly min: number; readonly max: number }
  | { readonly kind: "assert"; readonly assertion: Assertion };

type Assertion = "^" | "$" | "b" | "B";

/** Steps of the automaton; more would make a look at one byte expensive. */
const MOST_STEPS = 2_000;
/** Kept states; at so many the memory is emptied and filled anew. */
const MOST_STATES = 500;

/**
 * Compiles a regular expression for a search in bytes (UTF-8), in time proportional to the text, whatever the
 * expression is: it becomes an automaton whose states are made when they are first needed (Thompson, *Regular
 * expression search algorithm*, CACM 11(6), 1968). `^` and `$` hold at the ends of every line. `(?i)` at the beginning
 * ignores the case of ASCII letters. What needs backtracking (back references, look-around) and what is too large is
 * refused with a ConfigurationError that names the expression and the place.
 */
export function compilePattern(source: string, name: string): Pattern {
  const parser = new Parser(source, name);
  return new Automaton(source, parser.parse(), (reason) => parser.refuse(reason));
}

class Parser {
  readonly #source: string;
  readonly #name: string;
  readonly #text: string;
  readonly #ignoreCase: boolean;
  #at = 0;
  #depth = 0;

  constructor(source: string, name: string) {
    this.#source = source;
    this.#name = name;
    this.#ignoreCase = source.startsWith("(?i)");
    this.#text = this.#ignoreCase ? source.slice(4) : source;
  }

  refuse(reason: string): never {
    const column = this.#at + 1 + (this.#ignoreCase ? 4 : 0);
    throw new ConfigurationError(`${this.#name}: cannot use "${this.#source}" (column ${column}): ${reason}`);
  }

  parse(): Node {
    const node = this.#choice();
    if (this.#at < this.#text.length) this.refuse(`")" without "("; write "\\)" for the character`);
    return node;
  }

  #choice(): Node {
    if (++this.#depth > 100) this.refuse("groups are nested more than 100 deep");
    const nodes = [this.#sequence()];
    while (this.#text[this.#at] === "|") {
      this.#at++;
      nodes.push(this.#sequence());
    }
    this.#depth--;
    return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: "choice", nodes };
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    for (let c = this.#text[this.#at]; c !== undefined && c !== "|" && c !== ")"; c = this.#text[this.#at]) {
      nodes.push(this.#repeated(this.#atom(c)));
    }
    return { kind: "sequence", nodes };
  }

  #repeated(atom: Node): Node {
    let node = atom;
    for (;;) {
      const rest = this.#text.slice(this.#at, this.#at + 16);
      const match = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})/.exec(rest);
      if (!match) return node;
      if (node.kind === "assert") this.refuse(`nothing to repeat before "${match[0]}"`);
      this.#at += match[0].length;
      if (this.#text[this.#at] === "?") this.#at++;
      else if (this.#text[this.#at] === "+")
        this.refuse("possessive repeats are not supported; leave the second + out");
      const min = match[1] === "+" ? 1 : Number(match[2] ?? 0);
      const max = match[1] === "?" ? 1 : match[1] || (match[3] && !match[4]) ? Infinity : Number(match[4] || min);
      if (max < min) this.refuse(`"${match[0]}" ends before it begins`);
      if (min > MOST_STEPS || (max !== Infinity && max > MOST_STEPS))
        this.refuse(`a repeat of more than ${MOST_STEPS}`);
      node = { kind: "repeat", node, min, max };
    }
  }

  #atom(c: string): Node {
    if (c === "(") return this.#group();
    if (c === "[") return this.#class();
    if (c === "*" || c === "+" || c === "?")
      this.refuse(`nothing to repeat before "${c}"; write "\\${c}" for the character`);
    if (c === "\\") return this.#escape();
    this.#at++;
    if (c === "^" || c === "$") return { kind: "assert", assertion: c };
    if (c === ".") return any(setOf((byte) => byte !== 10));
    const code = c.charCodeAt(0);
    const character = code >= 0xd800 && code < 0xdc00 ? c + (this.#text[this.#at++] ?? "") : c;
    return this.#literal(character);
  }

  #group(): Node {
    const opened = this.#at;
    const special = /^\(\?(?::|<[A-Za-z_]\w*>|P<[A-Za-z_]\w*>)/.exec(this.#text.slice(this.#at, this.#at + 64));
    if (special) this.#at += special[0].length;
    else if (this.#text[this.#at + 1] === "?") {
      this.refuse(
        "look-ahead, look-behind and flags inside are not supported, since they cannot be searched in bounded time",
      );
    } else this.#at++;
    const node = this.#choice();
    if (this.#text[this.#at] !== ")") {
      this.#at = opened;
      this.refuse(`"(" without ")"; write "\\(" for the character`);
    }
    this.#at++;
    return node;
  }

  #escape(): Node {
    const next = this.#text[this.#at + 1];
    if (next === undefined) this.refuse(`a "\\" at the end; write "\\\\" for the character`);
    if (next === "b" || next === "B") {
      this.#at += 2;
      return { kind: "assert", assertion: next };
    }
    if (/[1-9k]/.test(next))
      this.refuse("back references are not supported, since they cannot be searched in bounded time");
    const { set, character } = this.#escaped();
    return set ? (set.negated ? any(set.bytes) : { kind: "set", set: set.bytes }) : this.#literal(character ?? "");
  }

  /** A `\` and what it stands for: one character, or a set of bytes. */
  #escaped(): { set?: { bytes: Uint8Array; negated: boolean }; character?: string } {
    const next = this.#text[this.#at + 1] ?? "";
    const named = { d: /[0-9]/, w: /\w/, s: /[ \t\n\r\f\v]/ }[next.toLowerCase()];
    if (named) {
      this.#at += 2;
      const negated = next !== next.toLowerCase();
      return { set: { bytes: setOf((byte) => named.test(String.fromCharCode(byte)) !== negated), negated } };
    }
    const plain = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v", "0": "\0" }[next];
    if (plain !== undefined) {
      this.#at += 2;
      return { character: plain };
    }
    const code = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})/.exec(
      this.#text.slice(this.#at, this.#at + 12),
    );
    if (code) {
      const value = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? "", 16);
      if (value > 0x10ffff) this.refuse(`"${code[0]}" is no character`);
      this.#at += code[0].length;
      return { character: String.fromCodePoint(value) };
    }
    if (/[A-Za-z]/.test(next)) this.refuse(`"\\${next}" is not supported`);
    this.#at += 2;
    return { character: next };
  }

  #class(): Node {
    const opened = this.#at++;
    const negated = this.#text[this.#at] === "^";
    if (negated) this.#at++;
    const bytes = new Uint8Array(256);
    const wide: string[] = [];
    let wideNegated = false;
    for (let first = true; ; first = false) {
      const c = this.#text[this.#at];
      if (c === undefined) {
        this.#at = opened;
        this.refuse(`"[" without "]"; write "\\[" for the character`);
      }
      if (c === "]" && !first) break;
      if (c === "[" && this.#text[this.#at + 1] === ":")
        this.refuse("classes such as [:alpha:] are not supported; write A-Za-z");
      const from = this.#member();
      if (from.set) {
        for (let i = 0; i < 256; i++) if (from.set.bytes[i]) bytes[i] = 1;
        wideNegated ||= from.set.negated;
        continue;
      }
      const low = from.character?.codePointAt(0) ?? 0;
      let high = low;
      if (this.#text[this.#at] === "-" && this.#text[this.#at + 1] !== "]" && this.#at + 1 < this.#text.length) {
        this.#at++;
        high = this.#member().character?.codePointAt(0) ?? -1;
        if (high < low) this.refuse("a range that ends before it begins");
      }
      for (let i = low; i <= Math.min(high, 127); i++) bytes[i] = 1;
      if (high > 127 && high - Math.max(low, 128) > 255)
        this.refuse("a range of more than 256 characters beyond ASCII");
      for (let i = Math.max(low, 128); i <= high; i++) wide.push(String.fromCodePoint(i));
    }
    this.#at++;
    if (this.#ignoreCase) bothCases(bytes);
    if (!negated) {
      const set: Node = wideNegated ? any(bytes) : { kind: "set", set: bytes };
      return wide.length === 0 ? set : { kind: "choice", nodes: [set, ...wide.map((c) => this.#literal(c))] };
    }
    if (wide.length > 0) this.refuse("a negated class with characters beyond ASCII is not supported");
    return any(setOf((byte) => (byte < 128 ? bytes[byte] === 0 : !wideNegated)));
  }

  #member(): { set?: { bytes: Uint8Array; negated: boolean }; character?: string } {
    if (this.#text[this.#at] === "\\") {
      if (this.#text[this.#at + 1] === "b") this.refuse(`"\\b" inside "[]" is not supported`);
      return this.#escaped();
    }
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return { character };
  }

  #literal(character: string): Node {
    const nodes = [...Buffer.from(character)].map((byte): Node => {
      const set = new Uint8Array(256);
      set[byte] = 1;
      if (this.#ignoreCase) bothCases(set);
      return { kind: "set", set };
    });
    return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: "sequence", nodes };
  }
}

function setOf(has: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (has(byte) ? 1 : 0));
}

function bothCases(set: Uint8Array): void {
  for (let c = 65; c <= 90; c++) if (set[c] || set[c + 32]) set[c] = set[c + 32] = 1;
}

/** One character of a set that holds bytes beyond ASCII: its first byte, and the bytes that continue it. */
function any(set: Uint8Array): Node {
  const more: Node = { kind: "set", set: setOf((byte) => byte >= 0x80 && byte < 0xc0 && set[byte] === 1) };
  return {
    kind: "sequence",
    nodes: [
      { kind: "set", set },
      { kind: "repeat", node: more, min: 0, max: 3 },
    ],
  };
}

interface Step {
  readonly set?: Uint8Array;
  readonly assertion?: Assertion;
  readonly next: readonly number[];
}

interface State {
  readonly steps: readonly number[];
  /** What stands before the next byte: 0 the edge of a line, 1 a letter, digit or `_`, 2 anything else. */
  readonly before: number;
  readonly to: Int32Array;
  atEnd: number;
}

const UNKNOWN = -1;
const FOUND = -2;

class Automaton implements Pattern {
  readonly source: string;
  readonly #steps: Step[] = [];
  readonly #start: number;
  #states: State[] = [];
  #numbers = new Map<string, number>();
  readonly #refuse: (reason: string) => never;

  constructor(source: string, node: Node, refuse: (reason: string) => never) {
    this.source = source;
    this.#refuse = refuse;
    this.#add({ next: [] });
    this.#start = this.#compile(node, 0);
    if (this.#holds([this.#start], 0, 0)) refuse("it matches the empty text, and so every event");
  }

  test(bytes: Uint8Array, start: number, end: number): boolean {
    let number = this.#state([], 0);
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      let next = this.#states[number]?.to[byte] ?? UNKNOWN;
      if (next === UNKNOWN) next = this.#move(number, byte);
      if (next === FOUND) return true;
      number = next;
    }
    const state = this.#states[number];
    if (state === undefined) return false;
    if (state.atEnd === UNKNOWN) state.atEnd = this.#holds([this.#start, ...state.steps], state.before, 0) ? 1 : 0;
    return state.atEnd === 1;
  }

  #add(step: Step): number {
    if (this.#steps.length >= MOST_STEPS)
      this.#refuse(`it is too large: more than ${MOST_STEPS} steps when its repeats are written out`);
    return this.#steps.push(step) - 1;
  }

  /** Adds the steps of a node that go on to `next`; answers where they begin. Step 0 is the match. */
  #compile(node: Node, next: number): number {
    switch (node.kind) {
      case "set":
        return this.#add({ set: node.set, next: [next] });
      case "assert":
        return this.#add({ assertion: node.assertion, next: [next] });
      case "sequence":
        return node.nodes.reduceRight((after, part) => this.#compile(part, after), next);
      case "choice":
        return this.#add({ next: node.nodes.map((part) => this.#compile(part, next)) });
      case "repeat": {
        let after = next;
        if (node.max === Infinity) {
          const targets: number[] = [next];
          after = this.#add({ next: targets });
          targets.push(this.#compile(node.node, after));
        } else
          for (let i = node.min; i < node.max; i++)
            after = this.#add({ next: [next, this.#compile(node.node, after)] });
        for (let i = 0; i < node.min; i++) after = this.#compile(node.node, after);
        return after;
      }
    }
  }

  #state(steps: readonly number[], before: number): number {
    const key = `${before}:${steps.join()}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#states.push({ steps, before, to: new Int32Array(256).fill(UNKNOWN), atEnd: UNKNOWN }) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  #move(number: number, byte: number): number {
    const state = this.#states[number];
    if (state === undefined) return FOUND;
    const kind = kindOf(byte);
    const reached = this.#reach([this.#start, ...state.steps], state.before, kind);
    let result = FOUND;
    if (!reached.has(0)) {
      const steps = new Set<number>();
      for (const at of reached) {
        const step = this.#steps[at];
        if (step?.set?.[byte] === 1) for (const next of step.next) steps.add(next);
      }
      if (this.#states.length >= MOST_STATES) {
        this.#states = [];
        this.#numbers = new Map();
        return this.#state(
          [...steps].sort((a, b) => a - b),
          kind,
        );
      }
      result = this.#state(
        [...steps].sort((a, b) => a - b),
        kind,
      );
    }
    state.to[byte] = result;
    return result;
  }

  #holds(steps: readonly number[], before: number, after: number): boolean {
    return this.#reach(steps, before, after).has(0);
  }

  /** All steps that are reached without reading a byte, between what stands before and after. */
  #reach(from: readonly number[], before: number, after: number): Set<number> {
    const reached = new Set<number>();
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (reached.has(at)) continue;
      reached.add(at);
      const step = this.#steps[at];
      if (step === undefined || step.set) continue;
      if (step.assertion && !satisfied(step.assertion, before, after)) continue;
      open.push(...step.next);
    }
    return reached;
  }
}

function kindOf(byte: number): number {
  if (byte === 10) return 0;
  const word = (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 97 && byte <= 122);
  return word ? 1 : 2;
}

function satisfied(assertion: Assertion, before: number, after: number): boolean {
  if (assertion === "^") return before === 0;
  if (assertion === "$") return after === 0;
  const boundary = (before === 1) !== (after === 1);
  return assertion === "b" ? boundary : !boundary;
}
