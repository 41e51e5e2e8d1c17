import { classes, masking, maskingConstants, traits } from "./mask.ts";
import { compile } from "./wasm.ts";

/** Bytes of a chunk; what the program is told and tells lies behind it. */
export const CHUNK = 1 << 20;
const LITERAL_BYTES = 48;
/** Errors that are listed of one row. */
const LISTED = 1_000;
/** Forms of objects that are known at a time, and most fields of one. */
const SHAPES = 64;
const MOST_FIELDS = 40;
/** As {@link CHUNK}'s lines are looked at by the ordinary code. */
const LONGEST_LINE = 65_536;

// Places in the program's memory. What a literal is: its bytes, their mask, their number.
const LITERALS = CHUNK + 256;
const LITERAL = 2 * LITERAL_BYTES + 16;
const TOLD = LITERALS + 3 * LITERAL;
const COUNTS = TOLD + 64;
const TELLS = COUNTS + 32;
const KNOWN_SHAPES = TELLS + 64;
const CLASSES = KNOWN_SHAPES + SHAPES * 8;
const TRAITS = CLASSES + 256;
const TEXTS = TRAITS + 256;
const LIST = TEXTS + MOST_FIELDS * 8;
const ENTRY = 28;
const PAGES = Math.ceil((LIST + LISTED * ENTRY) / 65_536);

const told = {
  /** 1 where the level stands before the moment. */
  LEVEL_FIRST: TOLD,
  /** 0: capitals; 1: words in any case; 2: pino's numbers. */
  LEVELS: TOLD + 4,
  DIGITS: TOLD + 8,
  LOW: TOLD + 12,
  HIGH: TOLD + 16,
  ERRORS: TOLD + 20,
  OBJECTS: TOLD + 24,
} as const;
const tells = {
  FIRST: TELLS,
  LAST: TELLS + 4,
  LINES: TELLS + 8,
  NEWEST: TELLS + 12,
  NEWEST_LEVEL: TELLS + 16,
  LENGTH: TELLS + 20,
  MOMENT: TELLS + 24,
  KEYS: TELLS + 28,
  HASH_A: TELLS + 32,
  HASH_B: TELLS + 36,
  BEGIN: TELLS + 40,
  END: TELLS + 44,
  STOPPED: TELLS + 48,
  HELD_MOMENT: TELLS + 52,
} as const;

/** How errors of a row are treated: the row ends before them, they are counted, or they are counted and listed with the hash of their template. */
export const ERRORS_STOP = 0;
export const ERRORS_COUNT = 1;
export const ERRORS_LIST = 2;

/**
 * Counts rows of lines of one form with SIMD: everything up to the seconds and the level the same. It stops at the first
 * line that is anything else, which the ordinary code reads; what it does by itself it does as the ordinary code would.
 */
const program = `
// Not 0 where the bytes are not those of the literal.
fn differs(at, literal) {
  return vany(vor(vor(
    vand(vxor(v(at), v(literal)), v(literal + 48)),
    vand(vxor(v(at + 16), v(literal + 16)), v(literal + 64))),
    vand(vxor(v(at + 32), v(literal + 32)), v(literal + 80))));
}

// The level's code and, from bit 8 on, the number of its bytes; 0 for anything unknown, and for errors that end the row.
fn level(at) {
  mode = i32(LEVELS);
  errors = i32(ERRORS);
  if (mode == 2) {
    digit = u8(at) - '0';
    if (u8(at + 1) == '0' && digit > 0 && (digit < 5 || (errors && digit < 7))) { return digit | 512; }
    return 0;
  }
  word = i32(at);
  fifth = u8(at + 4);
  // Capitals have no bit 5.
  if (mode == 0 && (word & 0x20202020)) { return 0; }
  word = word | 0x20202020;
  if (word == 'info') { return 0x403; }
  if (word == 'warn') { return 0x404; }
  if (mode == 0 && (fifth & 32)) { return 0; }
  fifth = fifth | 32;
  if (word == 'debu' && fifth == 'g') { return 0x502; }
  if (word == 'trac' && fifth == 'e') { return 0x501; }
  if (errors) {
    if (word == 'erro' && fifth == 'r') { return 0x505; }
    if (word == 'fata' && fifth == 'l') { return 0x506; }
  }
  return 0;
}

// Where seconds and fraction, or the last digits of an epoch number, end; 0 where they are none or out of range.
fn moment(at) {
  value = 0;
  left = i32(DIGITS);
  if (left) {
    while (left) {
      digit = u8(at) - '0';
      if (digit > 9) { return 0; }
      value = value * 10 + digit;
      at = at + 1;
      left = left - 1;
    }
  } else {
    digit = u8(at) - '0';
    ones = u8(at + 1) - '0';
    if (digit > 5 || ones > 9) { return 0; }
    value = (digit * 10 + ones) * 1000;
    at = at + 2;
    if ((u8(at) == '.' || u8(at) == ',') && u8(at + 1) - '0' < 10) {
      at = at + 1;
      scale = 100;
      digit = u8(at) - '0';
      while (digit < 10) {
        value = value + digit * scale;
        scale = scale / 10;
        at = at + 1;
        digit = u8(at) - '0';
      }
    }
  }
  if (value < i32(LOW) || value > i32(HIGH)) { return 0; }
  put(MOMENT, value);
  return at;
}

// Where the line ends; at least \`end\` where it is not whole.
fn lineEnd(at, end) {
  while (at < end) {
    breaks = vbits(vequal(v(at), vsplat(10)));
    if (breaks) { return at + ctz(breaks); }
    at = at + 16;
  }
  return at;
}

// Where the first whole line begins that does not begin with a blank; LINES are those before it.
fn indented(at, end) {
  lines = 0;
  while (at < end && (u8(at) == 9 || u8(at) == ' ')) {
    next = lineEnd(at, end);
    if (next >= end || next - at > LONGEST_LINE) { break; }
    lines = lines + 1;
    at = next + 1;
  }
  put(LINES, lines);
  return at;
}

// Counts a line.
fn count(level, moment) {
  put(COUNTS + level * 4, i32(COUNTS + level * 4) + 1);
  if (moment < i32(FIRST)) { put(FIRST, moment); }
  if (moment > i32(LAST)) { put(LAST, moment); }
  put(LINES, i32(LINES) + 1);
  put(NEWEST, moment);
  put(NEWEST_LEVEL, level);
  return 0;
}

// Finds the message of an error; 0 where it is in an object of unknown keys.
fn hold(at, levelEnd, end) {
  put(STOPPED, 2);
  if (i32(OBJECTS)) { if (!message(at, end)) { return 0; } }
  else {
    while (levelEnd < end && closer(u8(levelEnd))) { levelEnd = levelEnd + 1; }
    put(BEGIN, levelEnd);
    put(END, end);
  }
  put(STOPPED, 1);
  put(HELD_MOMENT, i32(MOMENT));
  return 1;
}

// Counts the error that was held, and adds it to the list.
fn list(level, begin, end) {
  moment = i32(HELD_MOMENT);
  count(level, moment);
  mask(i32(BEGIN), i32(END));
  entry = LIST + i32(LENGTH) * ENTRY;
  put(entry, moment);
  put(entry + 4, begin);
  put(entry + 8, end);
  put(entry + 12, i32(BEGIN));
  put(entry + 16, i32(END));
  put(entry + 20, i32(HASH_A));
  put(entry + 24, i32(HASH_B));
  put(LENGTH, i32(LENGTH) + 1);
  put(STOPPED, 0);
  return i32(LENGTH) < LISTED;
}

// Where the first line begins that is of another form, or not whole. What follows an error that is listed may belong to
// it: it only counts once the line after it is of the form too.
fn rows(at, end) {
  first = i32(LEVEL_FIRST);
  gravest = 4;
  if (i32(ERRORS) < 2) { gravest = 6; }
  held = 0;
  stop = at;
  while (at < end) {
    if (differs(at, LITERAL_1)) { return stop; }
    next = at + i32(LITERAL_1 + 96);
    if (first) {
      code = level(next);
      if (!code) { return stop; }
      next = next + (code >> 8);
    } else {
      next = moment(next);
      if (!next) { return stop; }
    }
    if (differs(next, LITERAL_2)) { return stop; }
    next = next + i32(LITERAL_2 + 96);
    if (first) {
      next = moment(next);
      if (!next) { return stop; }
    } else {
      code = level(next);
      if (!code) { return stop; }
      next = next + (code >> 8);
    }
    if (differs(next, LITERAL_3)) { return stop; }
    levelEnd = next;
    next = lineEnd(next + i32(LITERAL_3 + 96), end);
    if (next >= end || next - at > LONGEST_LINE) { return stop; }
    if (held) {
      more = list(held, stop, at - 1);
      held = 0;
      stop = at;
      if (!more) { return stop; }
    }
    code = code & 255;
    if (code > gravest) {
      if (!hold(at, levelEnd, next)) { return stop; }
      held = code;
    } else {
      count(code, i32(MOMENT));
      stop = next + 1;
    }
    at = next + 1;
  }
  return stop;
}

// What stands between a level and the message.
fn closer(c) {
  return c == ' ' || c == ']' || c == '|' || c == ':' || c == '>' || c == '-' || c == 9;
}

// The place after the string whose quote is at the place; 0 where it has no end.
fn afterString(at, end) {
  at = at + 1;
  while (at < end) {
    c = u8(at);
    if (c == '"') { return at + 1; }
    if (c == BACKSLASH) { at = at + 1; }
    at = at + 1;
  }
  return 0;
}

// Goes through a flat object: KEYS becomes the hash of its keys in order and of which values are texts; where the texts
// begin and end goes to TEXTS. 0 where it is not flat, not whole, or has too many fields.
fn shape(at, end) {
  hash = FNV;
  field = TEXTS;
  at = at + 1;
  while (at < end && field < TEXTS_END) {
    c = u8(at);
    while (c == ' ' || c == ',' || c == 9) { at = at + 1; c = u8(at); }
    if (c == '}') { put(KEYS, hash); return 1; }
    if (c != '"') { return 0; }
    at = at + 1;
    c = u8(at);
    while (c != '"') {
      if (c == BACKSLASH || at >= end) { return 0; }
      hash = (hash ^ c) * PRIME;
      at = at + 1;
      c = u8(at);
    }
    at = at + 1;
    while (u8(at) == ' ') { at = at + 1; }
    if (u8(at) != ':') { return 0; }
    at = at + 1;
    while (u8(at) == ' ') { at = at + 1; }
    c = u8(at);
    begin = at;
    if (c == '"') {
      hash = (hash ^ 256) * PRIME;
      at = afterString(at, end);
      if (!at) { return 0; }
      put(field, begin + 1);
      put(field + 4, at - 1);
    } else {
      hash = (hash ^ 257) * PRIME;
      while (at < end && c != ',' && c != '}' && c != ' ') {
        if (c == '{' || c == '[' || c == ']' || c == '"' || c == ':') { return 0; }
        at = at + 1;
        c = u8(at);
      }
      if (at == begin) { return 0; }
    }
    field = field + 8;
  }
  return 0;
}

// BEGIN and END become the message of an object whose keys are known; 0 where they are not.
fn message(at, end) {
  if (!shape(at, end)) { return 0; }
  known = KNOWN_SHAPES + (i32(KEYS) & SHAPE_MASK) * 8;
  field = i32(known + 4);
  if (i32(known) != i32(KEYS) || !field) { return 0; }
  put(BEGIN, i32(field));
  put(END, i32(field + 4));
  return 1;
}
${masking}`;

/** The form of a row of lines: literal, level or moment, literal, moment or level, literal. */
export interface RowForm {
  readonly literals: readonly [Buffer, Buffer, Buffer];
  readonly levelFirst: boolean;
  /** 0: capitals; 1: words in any case; 2: pino's numbers. */
  readonly levels: 0 | 1 | 2;
  /** Digits at the end of an epoch number in milliseconds; 0 where the moment is two digits of seconds and a fraction. */
  readonly digits: number;
  /** Least and greatest value of the moment, in milliseconds. */
  readonly low: number;
  readonly high: number;
}

/** What is used of the global of the same name; Node's types leave it to a browser's. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: Exports };
  readonly CompileError: new () => Error;
}
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly rows: (at: number, end: number) => number;
  readonly indented: (at: number, end: number) => number;
  readonly shape: (at: number, end: number) => number;
  readonly mask: (start: number, end: number) => number;
}
const { Module, Instance, CompileError } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

let compiled: object | undefined;

function assemble(): object {
  const constants = {
    ...told,
    ...tells,
    ...maskingConstants,
    LITERAL_1: LITERALS,
    LITERAL_2: LITERALS + LITERAL,
    LITERAL_3: LITERALS + 2 * LITERAL,
    COUNTS,
    LISTED,
    LIST,
    ENTRY,
    LONGEST_LINE,
    KNOWN_SHAPES,
    SHAPE_MASK: SHAPES - 1,
    TEXTS,
    TEXTS_END: TEXTS + MOST_FIELDS * 8,
    CLASSES,
    TRAITS,
  };
  return new Module(compile(program, constants, PAGES, ["rows", "indented", "shape", "mask"]));
}

/** The program with a memory of its own, whose first mebibyte is the chunk to be read. */
export class Kernel {
  /** Read into this, so that nothing has to be copied. */
  readonly chunk: Buffer;
  /** Of the last row: events by level. */
  readonly levels: Int32Array;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #exports: Exports;

  private constructor(exports: Exports) {
    const { buffer } = exports.memory;
    this.chunk = Buffer.from(buffer, 0, CHUNK);
    this.levels = new Int32Array(buffer, COUNTS, 8);
    this.#words = new Int32Array(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#bytes.set(classes, CLASSES);
    this.#bytes.set(traits, TRAITS);
    this.#exports = exports;
  }

  /** A kernel; `undefined` where this Node or processor has no SIMD, and everything is read the ordinary way. */
  static create(): Kernel | undefined {
    try {
      compiled ??= assemble();
      return new Kernel(new Instance(compiled).exports);
    } catch (error) {
      if (error instanceof CompileError) return undefined;
      throw error;
    }
  }

  /** Sets the form of the next rows; false where it is too long. `objects`: whether its lines are JSON. */
  form(form: RowForm, objects: boolean): boolean {
    if (form.literals.some((one) => one.length > LITERAL_BYTES)) return false;
    for (const [i, bytes] of form.literals.entries()) {
      const at = LITERALS + i * LITERAL;
      this.#bytes.fill(0, at, at + 2 * LITERAL_BYTES);
      this.#bytes.set(bytes, at);
      this.#bytes.fill(0xff, at + LITERAL_BYTES, at + LITERAL_BYTES + bytes.length);
      this.#set(at + 2 * LITERAL_BYTES, bytes.length);
    }
    this.#set(told.LEVEL_FIRST, form.levelFirst ? 1 : 0);
    this.#set(told.LEVELS, form.levels);
    this.#set(told.DIGITS, form.digits);
    this.#set(told.LOW, form.low);
    this.#set(told.HIGH, form.high);
    this.#set(told.OBJECTS, objects ? 1 : 0);
    return true;
  }

  /** Counts lines of the form from `at` on; answers where the first other line begins. `errors`: one of the constants above. */
  rows(at: number, end: number, errors: number): number {
    this.#set(told.ERRORS, errors);
    this.levels.fill(0);
    this.#set(tells.FIRST, 0x7fffffff);
    this.#set(tells.LAST, 0);
    this.#set(tells.LINES, 0);
    this.#set(tells.LENGTH, 0);
    this.#set(tells.STOPPED, 0);
    return this.#exports.rows(at, end);
  }

  /** Counts, in `lines`, the lines that begin with a blank; answers where the first other or unfinished one begins. */
  indented(at: number, end: number): number {
    return this.#exports.indented(at, end);
  }

  /** Learns that in objects with the keys of the one at `at` the message is the text of a field, counted from 0. */
  learn(at: number, end: number, field: number): void {
    if (field < 0 || field >= MOST_FIELDS || this.#exports.shape(at, end) === 0) return;
    const keys = this.#get(tells.KEYS);
    const known = KNOWN_SHAPES + (keys & (SHAPES - 1)) * 8;
    this.#set(known, keys);
    this.#set(known + 4, TEXTS + field * 8);
  }

  /** The hash of a message's template, as two halves in `hash`; the message stands in `chunk`. */
  mask(start: number, end: number): readonly [number, number] {
    this.#exports.mask(start, end);
    return [this.#get(tells.HASH_A), this.#get(tells.HASH_B)];
  }

  get first(): number {
    return this.#get(tells.FIRST);
  }

  get last(): number {
    return this.#get(tells.LAST);
  }

  /** Moment of the last line of the row. */
  get newest(): number {
    return this.#get(tells.NEWEST);
  }

  /** Level of the last line of the row. */
  get newestLevel(): number {
    return this.#get(tells.NEWEST_LEVEL);
  }

  get lines(): number {
    return this.#get(tells.LINES);
  }

  /** Why the row ended: 0 the line is of another form, 1 it may have more lines, 2 it is an object of unknown keys. */
  get stopped(): number {
    return this.#get(tells.STOPPED);
  }

  /** Errors listed of the row. */
  get listed(): number {
    return this.#get(tells.LENGTH);
  }

  /** One number of an error listed: by the names of {@link LISTED_AS}. */
  entry(index: number, what: number): number {
    return this.#words[((LIST + index * ENTRY) >> 2) + what] ?? 0;
  }

  #get(at: number): number {
    return this.#words[at >> 2] ?? 0;
  }

  #set(at: number, value: number): void {
    this.#words[at >> 2] = value;
  }
}

/** What {@link Kernel.entry} is asked for; places count from the beginning of the chunk. */
export const LISTED_AS = { moment: 0, start: 1, end: 2, messageStart: 3, messageEnd: 4, hashA: 5, hashB: 6 } as const;
