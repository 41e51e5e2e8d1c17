/**
 * A small WebAssembly program, put together here, that counts rows of lines of one form with SIMD: everything up to the
 * seconds the same, an ordinary level (below error), and no need of the text. Of most logs that is nine lines in ten. It
 * stops at the first line that is anything else, which the ordinary code reads. Written as instructions, and not
 * compiled from another language, so that the bundle needs no second toolchain.
 */

type Code = readonly (number | Code)[];

const signed = (value: number): number[] => {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
};
const unsigned = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
const flat = (code: Code): number[] => code.flatMap((one) => (typeof one === "number" ? [one] : flat(one)));

// Instructions, by their names in the specification (WebAssembly 2.0, chapter 5.4).
const I32 = 0x7f;
const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const int = (value: number): Code => [0x41, signed(value)];
const call = (index: number): Code => [0x10, index];
const load = (offset: number): Code => [0x28, 2, unsigned(offset)];
const load8 = (offset: number): Code => [0x2d, 0, unsigned(offset)];
const store = (offset: number): Code => [0x36, 2, unsigned(offset)];
const vector = (offset: number): Code => [0xfd, 0x00, 0, unsigned(offset)];
const add: Code = [0x6a];
const sub: Code = [0x6b];
const mul: Code = [0x6c];
const divide: Code = [0x6e];
const and: Code = [0x71];
const or: Code = [0x72];
const shiftRight: Code = [0x76];
const isZero: Code = [0x45];
const equal: Code = [0x46];
const differs: Code = [0x47];
const below: Code = [0x49];
const above: Code = [0x4b];
const atLeast: Code = [0x4f];
const trailingZeros: Code = [0x68];
const leave: Code = [0x0f];
const iff = (...body: Code[]): Code => [0x04, 0x40, body, 0x0b];
const choose = (then: Code, otherwise: Code): Code => [0x04, 0x40, then, 0x05, otherwise, 0x0b];
const block = (...body: Code[]): Code => [0x02, 0x40, body, 0x0b];
const loop = (...body: Code[]): Code => [0x03, 0x40, body, 0x0b];
const branch = (depth: number): Code => [0x0c, depth];
const branchIf = (depth: number): Code => [0x0d, depth];

/** Bytes of a chunk; what the program is told and tells lies behind it. */
export const CHUNK = 1 << 20;
const TOLD = CHUNK + 256;
/** A literal: 48 bytes, their mask, their number. */
const LITERAL = 112;
const ORDER = TOLD + 336;
const LEVELS = TOLD + 340;
const DIGITS = TOLD + 344;
const LOW = TOLD + 348;
const HIGH = TOLD + 352;
/** 2 where errors count too, else 0. */
const ERRORS = TOLD + 356;
const TELLS = TOLD + 384;
const COUNTS = TELLS;
const FIRST = TELLS + 32;
const LAST = TELLS + 36;
/** Of the line that is being read, whether it will count or not; of the last one that counted. */
const MOMENT_READ = TELLS + 40;
const LINES = TELLS + 44;
const NEWEST = TELLS + 48;
/** Four times the level of the last line that counted. */
const NEWEST_LEVEL = TELLS + 52;
const LONGEST_LITERAL = 48;
const LONGEST_LINE = 65_536;

const word = (text: string): number => Buffer.from(text).readInt32LE();

/** differs(at, literal): not 0 where the bytes at `at` are not the literal's. */
const DIFFERS = 0;
const differsBody: Code = [
  [0, 16, 32].map((part) => [
    [get(0), vector(part), get(1), vector(part), [0xfd, 0x51], get(1), vector(part + LONGEST_LITERAL), [0xfd, 0x4e]],
    part > 0 ? [0xfd, 0x50] : [],
  ]),
  [0xfd, 0x53],
];

/** level(at): the level's code and, from bit 8 on, the number of its bytes; 0 for anything unknown, and for errors where they do not count. */
const LEVEL = 1;
// biome-ignore format: instructions read better in groups than one to a line
const levelBody: Code = [
  int(0), load(LEVELS), set(2), get(2), int(2), equal,
  iff(
    // pino's numbers: 10, 20, 30, 40, and for errors 50, 60.
    get(0), load8(0), int(48), sub, set(1), get(1), int(1), sub, int(0), load(ERRORS), int(4), add, below, get(0), load8(1),
    int(48), equal, and, iff(get(1), int(2 << 8), or, leave), int(0), leave,
  ),
  get(0), load(0), set(1),
  // 0: capitals only. In those, bit 5 is not set.
  get(2), isZero, get(1), int(0x20202020), and, int(0), differs, and, iff(int(0), leave), get(1),
  int(0x20202020), or, set(1), get(1), int(word("info")), equal, iff(int(3 | (4 << 8)), leave),
  get(1), int(word("warn")), equal, iff(int(4 | (4 << 8)), leave), get(2), isZero, get(0), load8(4),
  int(0x20), and, int(0), differs, and, iff(int(0), leave), get(1), int(word("debu")), equal,
  get(0), load8(4), int(0x20), or, int(103), equal, and, iff(int(2 | (5 << 8)), leave), get(1),
  int(word("trac")), equal, get(0), load8(4), int(0x20), or, int(101), equal, and, iff(int(1 | (5 << 8)), leave),
  int(0), load(ERRORS), isZero, iff(int(0), leave),
  get(1), int(word("erro")), equal, get(0), load8(4), int(0x20), or, int(114), equal, and, iff(int(5 | (5 << 8)), leave),
  get(1), int(word("fata")), equal, get(0), load8(4), int(0x20), or, int(108), equal, and, iff(int(6 | (5 << 8)), leave),
  int(0),
];

/** moment(at): where seconds and fraction, or the last digits of an epoch number, end; 0 where they are none or out of range. The milliseconds go to MOMENT_READ. */
const MOMENT = 2;
const digit = (at: Code, offset: number): Code => [at, load8(offset), int(48), sub];
// biome-ignore format: instructions read better in groups than one to a line
const momentBody: Code = [
  int(0), load(DIGITS), set(3), get(3),
  choose(
    loop(
      digit(get(0), 0), set(2), get(2), int(9), above, iff(int(0), leave), get(1), int(10), mul,
      get(2), add, set(1), get(0), int(1), add, set(0), get(3), int(1), sub, set(3), get(3), branchIf(0),
    ),
    [
      digit(get(0), 0), int(5), above, digit(get(0), 1), int(9), above, or, iff(int(0), leave), digit(get(0), 0),
      int(10), mul, digit(get(0), 1), add, int(1_000), mul, set(1), get(0), int(2), add, set(0),
      get(0), load8(0), int(46), equal, get(0), load8(0), int(44), equal, or, digit(get(0), 1), int(10),
      below, and,
      iff(
        get(0), int(1), add, set(0), int(100), set(3),
        loop(
          digit(get(0), 0), set(2), get(2), int(10), below,
          iff(
            get(1), get(2), get(3), mul, add, set(1), get(3), int(10), divide, set(3), get(0), int(1),
            add, set(0), branch(1),
          ),
        ),
      ),
    ],
  ),
  get(1), int(0), load(LOW), below, get(1), int(0), load(HIGH), above, or, iff(int(0), leave),
  int(0), get(1), store(MOMENT_READ), get(0),
];

/** rows(at, end): where the first line begins that is of another form, or is not whole. */
const literal = (index: number): number => TOLD + index * LITERAL;
const matchLiteral = (index: number): Code => [
  get(2),
  int(literal(index)),
  call(DIFFERS),
  iff(get(0), leave),
  get(2),
  int(0),
  load(literal(index) + 2 * LONGEST_LITERAL),
  add,
  set(2),
];
// biome-ignore format: instructions read better in groups than one to a line
const matchLevel: Code = [
  get(2), call(LEVEL), set(3), get(3), isZero, iff(get(0), leave), get(2), get(3), int(8),
  shiftRight, add, set(2),
];
const matchMoment: Code = [get(2), call(MOMENT), set(2), get(2), isZero, iff(get(0), leave)];
// biome-ignore format: instructions read better in groups than one to a line
const rowsBody: Code = [
  loop(
    get(0), get(1), atLeast, iff(get(0), leave), get(0), set(2), matchLiteral(0), int(0), load(ORDER),
    choose([matchLevel, matchLiteral(1), matchMoment], [matchMoment, matchLiteral(1), matchLevel]),
    matchLiteral(2),
    block(
      loop(
        get(2), get(1), atLeast, iff(get(0), leave), get(2), vector(0), int(10), [0xfd, 0x0f], [0xfd, 0x23],
        [0xfd, 0x64], set(4), get(4), branchIf(1), get(2), int(16), add, set(2), branch(0),
      ),
    ),
    get(2), get(4), trailingZeros, add, set(2), get(2), get(1), atLeast, get(2), get(0), sub, int(LONGEST_LINE),
    above, or, iff(get(0), leave), get(3), int(255), and, int(2), [0x74], set(3), get(3), get(3),
    load(COUNTS), int(1), add, store(COUNTS), int(0), load(MOMENT_READ), set(4), get(4), int(0), load(FIRST),
    below, iff(int(0), get(4), store(FIRST)), get(4), int(0), load(LAST), above, iff(int(0), get(4), store(LAST)),
    int(0), int(0), load(LINES), int(1), add, store(LINES),
    int(0), get(4), store(NEWEST), int(0), get(3), store(NEWEST_LEVEL), get(2), int(1), add, set(0), branch(0),
  ),
  get(0),
];

function section(id: number, body: Code): number[] {
  const bytes = flat(body);
  return [id, ...unsigned(bytes.length), ...bytes];
}

function assemble(): Uint8Array<ArrayBuffer> {
  const named = (name: string): Code => [name.length, [...Buffer.from(name)]];
  const body = (locals: number, code: Code): number[] => {
    const bytes = flat([1, locals, I32, code, 0x0b]);
    return [...unsigned(bytes.length), ...bytes];
  };
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, [0x60, 2, I32, I32, 1, I32], [0x60, 1, I32, 1, I32]]),
    ...section(3, [4, 0, 1, 1, 0]),
    ...section(5, [1, 0, unsigned((CHUNK >> 16) + 1)]),
    ...section(7, [2, named("memory"), 2, 0, named("rows"), 0, 3]),
    ...section(10, [4, body(1, differsBody), body(2, levelBody), body(3, momentBody), body(3, rowsBody)]),
  ]);
}

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
}
const { Module, Instance, CompileError } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

let compiled: object | undefined;

/** The program with a memory of its own, whose first mebibyte is the chunk to be read. */
export class Kernel {
  /** Read into this, so that nothing has to be copied. */
  readonly chunk: Buffer;
  /** Of the last row: events by level, least, greatest and last moment in milliseconds, number of lines. */
  readonly levels: Int32Array;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #rows: (at: number, end: number) => number;

  private constructor(exports: Exports) {
    const { buffer } = exports.memory;
    this.chunk = Buffer.from(buffer, 0, CHUNK);
    this.levels = new Int32Array(buffer, COUNTS, 8);
    this.#words = new Int32Array(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#rows = exports.rows;
  }

  /** A kernel; `undefined` where this Node or processor has no SIMD, and everything is read the ordinary way. */
  static create(): Kernel | undefined {
    try {
      compiled ??= new Module(assemble());
      return new Kernel(new Instance(compiled).exports);
    } catch (error) {
      if (error instanceof CompileError) return undefined;
      throw error;
    }
  }

  /** Sets the form of the next rows; false where it is too long. */
  form(form: RowForm): boolean {
    if (form.literals.some((one) => one.length > LONGEST_LITERAL)) return false;
    for (const [i, bytes] of form.literals.entries()) {
      const at = literal(i);
      this.#bytes.fill(0, at, at + 2 * LONGEST_LITERAL);
      this.#bytes.set(bytes, at);
      this.#bytes.fill(0xff, at + LONGEST_LITERAL, at + LONGEST_LITERAL + bytes.length);
      this.#words[(at + 2 * LONGEST_LITERAL) >> 2] = bytes.length;
    }
    this.#words[ORDER >> 2] = form.levelFirst ? 1 : 0;
    this.#words[LEVELS >> 2] = form.levels;
    this.#words[DIGITS >> 2] = form.digits;
    this.#words[LOW >> 2] = form.low;
    this.#words[HIGH >> 2] = form.high;
    return true;
  }

  /** Counts lines of the form from `at` on, errors too where nobody needs their text; answers where the first other line begins. */
  rows(at: number, end: number, errors: boolean): number {
    this.#words[ERRORS >> 2] = errors ? 2 : 0;
    const { levels } = this;
    for (let level = 0; level < 8; level++) levels[level] = 0;
    this.#words[FIRST >> 2] = 0x7fffffff;
    this.#words[LAST >> 2] = 0;
    this.#words[LINES >> 2] = 0;
    return this.#rows(at, end);
  }

  get first(): number {
    return this.#words[FIRST >> 2] ?? 0;
  }

  get last(): number {
    return this.#words[LAST >> 2] ?? 0;
  }

  /** Moment of the last line of the row. */
  get newest(): number {
    return this.#words[NEWEST >> 2] ?? 0;
  }

  /** Level of the last line of the row. */
  get newestLevel(): number {
    return (this.#words[NEWEST_LEVEL >> 2] ?? 0) >> 2;
  }

  get lines(): number {
    return this.#words[LINES >> 2] ?? 0;
  }
}
