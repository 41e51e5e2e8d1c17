type Constants = Readonly<Record<string, number>>;
type Functions = ReadonlyMap<string, { readonly index: number; readonly parameters: readonly string[] }>;

/**
 * Compiles a small language to WebAssembly, so that what must run on every byte can be written, and read, as
 * expressions. Everything is a number of 32 bits, compared without sign; vectors of 16 bytes only live inside an
 * expression. `'info'` is four characters as one number; unknown names are errors.
 *
 *     fn name(a, b) { c = a + u8(b); while (c < LIMIT) { if (!c) { return 0; } c = c + 1; } return c; }
 */
export function compile(
  source: string,
  constants: Constants,
  /** Of 64 KiB. */
  pages: number,
  exported: readonly string[],
): Uint8Array<ArrayBuffer> {
  const functions = new Map<string, { readonly index: number; readonly parameters: readonly string[] }>();
  for (const [, name = "", list = ""] of source.matchAll(/\bfn (\w+)\(([^)]*)\)/g)) {
    functions.set(name, { index: functions.size, parameters: list.split(/,\s*/) });
  }
  const bodies = new Compiler(source, constants, functions).program();
  const all = [...functions.values()];
  const counts = [...new Set(all.map(({ parameters }) => parameters.length))];
  const named = (name: string): number[] => [name.length, ...Buffer.from(name)];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      counts.map((count) => [0x60, count, ...Array<number>(count).fill(I32), 1, I32]),
    ),
    ...section(
      3,
      all.map(({ parameters }) => [counts.indexOf(parameters.length)]),
    ),
    ...section(5, [[0, ...unsigned(pages)]]),
    ...section(7, [
      [...named("memory"), 2, 0],
      ...exported.map((name) => [...named(name), 0, functions.get(name)?.index ?? unknown(name)]),
    ]),
    ...section(10, bodies),
  ]);
}

// Instructions by their numbers in the specification (WebAssembly 2.0, chapter 5.4).
const I32 = 0x7f;
const OPERATORS: readonly Readonly<Record<string, number>>[] = [
  { "||": 0 },
  { "&&": 0 },
  { "|": 0x72 },
  { "^": 0x73 },
  { "&": 0x71 },
  { "==": 0x46, "!=": 0x47 },
  { "<": 0x49, ">": 0x4b, "<=": 0x4d, ">=": 0x4f },
  { "<<": 0x74, ">>": 0x76 },
  { "+": 0x6a, "-": 0x6b },
  { "*": 0x6c, "/": 0x6e },
];
/** These end with an offset that is added to the address. */
const LOADS: Readonly<Record<string, readonly number[]>> = { u8: [0x2d, 0], i32: [0x28, 2], v: [0xfd, 0x00, 0] };
const BUILT_IN: Readonly<Record<string, readonly number[]>> = {
  put: [0x36, 2, 0],
  ctz: [0x68],
  vsplat: [0xfd, 0x0f],
  vequal: [0xfd, 0x23],
  vand: [0xfd, 0x4e],
  vor: [0xfd, 0x50],
  vxor: [0xfd, 0x51],
  vany: [0xfd, 0x53],
  vbits: [0xfd, 0x64],
};
const TOKEN = /\s*(?:\/\/.*\s*)*(?:(\w+)|'([^']*)'|([<>=!]=|<<|>>|&&|\|\||[-+*/&|^<>=!(){},;]))/y;

class Compiler {
  readonly #tokens: string[] = [];
  readonly #constants: Constants;
  readonly #functions: Functions;
  #at = 0;
  #locals: string[] = [];
  #sum: { readonly code: number[]; readonly left: number[]; readonly value: number } | undefined;
  /** Blocks around the statement, up to the loop that `break` leaves. */
  #depth = 0;

  constructor(source: string, constants: Constants, functions: Functions) {
    this.#constants = constants;
    this.#functions = functions;
    TOKEN.lastIndex = 0;
    for (let end = 0; end < source.trimEnd().length; end = TOKEN.lastIndex) {
      const [, word, text, sign] = TOKEN.exec(source) ?? [];
      const token = word ?? (text === undefined ? sign : String(characters(text)));
      this.#tokens.push(token ?? unknown(source.slice(end, end + 20)));
    }
  }

  program(): number[][] {
    const bodies: number[][] = [];
    while (this.#at < this.#tokens.length) {
      this.#expect("fn");
      const parameters = this.#functions.get(this.#next())?.parameters ?? [];
      this.#at = this.#tokens.indexOf("{", this.#at);
      this.#locals = [...parameters];
      const code = this.#block();
      const locals = this.#locals.length - parameters.length;
      const body = [...(locals > 0 ? [1, ...unsigned(locals), I32] : [0]), ...code, 0x41, 0, 0x0b];
      bodies.push([...unsigned(body.length), ...body]);
    }
    return bodies;
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? unknown("the end");
  }

  #expect(token: string): void {
    const found = this.#next();
    if (found !== token) unknown(`${found} instead of ${token}`);
  }

  #block(): number[] {
    const code: number[] = [];
    this.#expect("{");
    while (this.#tokens[this.#at] !== "}") code.push(...this.#statement());
    this.#at++;
    return code;
  }

  #statement(): number[] {
    const word = this.#next();
    if (word === "if") return this.#if();
    if (word === "while") {
      const condition = this.#expression();
      const around = this.#depth;
      this.#depth = 1;
      const body = this.#block();
      this.#depth = around;
      return [0x02, 0x40, 0x03, 0x40, ...condition, 0x45, 0x0d, 1, ...body, 0x0c, 0, 0x0b, 0x0b];
    }
    let code: number[];
    if (word === "return") code = [...this.#expression(), 0x0f];
    else if (word === "break") code = [0x0c, this.#depth];
    else if (this.#tokens[this.#at] === "=") {
      this.#at++;
      const value = this.#expression();
      if (!this.#locals.includes(word)) this.#locals.push(word);
      code = [...value, 0x21, this.#locals.indexOf(word)];
    } else {
      this.#at--;
      code = this.#expression();
      if (word !== "put") code.push(0x1a);
    }
    this.#expect(";");
    return code;
  }

  #if(): number[] {
    const condition = this.#expression();
    this.#depth++;
    const code = [...condition, 0x04, 0x40, ...this.#block()];
    if (this.#tokens[this.#at] === "else") {
      this.#at++;
      code.push(0x05, ...(this.#tokens[this.#at] === "if" ? this.#statement() : this.#block()));
    }
    this.#depth--;
    return [...code, 0x0b];
  }

  #expression(strength = 0): number[] {
    let left = strength === OPERATORS.length ? this.#operand() : this.#expression(strength + 1);
    for (;;) {
      const sign = this.#tokens[this.#at] ?? "";
      const operator = OPERATORS[strength]?.[sign];
      if (operator === undefined) return left;
      this.#at++;
      const from = this.#at;
      const right = this.#expression(strength + 1);
      if (sign === "&&") left = [...left, 0x04, I32, ...right, 0x05, 0x41, 0, 0x0b];
      else if (sign === "||") left = [...left, 0x04, I32, 0x41, 1, 0x05, ...right, 0x0b];
      else {
        const sum = [...left, ...right, operator];
        // Remembered, since an instruction that loads adds a constant to its address for nothing.
        if (sign === "+" && right[0] === 0x41 && this.#at === from + 1) {
          this.#sum = { code: sum, left, value: this.#value(this.#tokens[from] ?? "") };
        }
        left = sum;
      }
    }
  }

  #operand(): number[] {
    const token = this.#next();
    if (token === "!") return [...this.#operand(), 0x45];
    if (token === "(") {
      const inner = this.#expression();
      this.#expect(")");
      return inner;
    }
    if (this.#tokens[this.#at] === "(") return this.#call(token);
    const local = this.#locals.indexOf(token);
    return local >= 0 ? [0x20, local] : [0x41, ...signed(this.#value(token))];
  }

  #value(token: string): number {
    return /^-?\d/.test(token) ? Number(token) : (this.#constants[token] ?? unknown(token));
  }

  #call(name: string): number[] {
    const values: number[][] = [];
    this.#expect("(");
    for (;;) {
      values.push(this.#expression());
      if (this.#tokens[this.#at++] !== ",") break;
    }
    const load = LOADS[name];
    if (load) {
      const sum = this.#sum?.code === values[0] ? this.#sum : undefined;
      return sum ? [...sum.left, ...load, ...unsigned(sum.value)] : [...values.flat(), ...load, 0];
    }
    return [...values.flat(), ...(BUILT_IN[name] ?? [0x10, this.#functions.get(name)?.index ?? unknown(name)])];
  }
}

function characters(text: string): number {
  const bytes = Buffer.from(text, "latin1");
  return bytes.length === 4 ? bytes.readInt32LE() : bytes.length === 1 ? (bytes[0] ?? 0) : unknown(`'${text}'`);
}

function unknown(what: string): never {
  throw new Error(`the program for the log scan is wrong at ${what}`);
}

function section(id: number, parts: readonly (readonly number[])[]): number[] {
  const bytes = parts.flat();
  const count = unsigned(parts.length);
  return [id, ...unsigned(bytes.length + count.length), ...count, ...bytes];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; ) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
