import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Kernel } from "../../src/logs/kernel.ts";
import { hashFrom, hashOf, maskMessage } from "../../src/logs/mask.ts";
import { corpus } from "./corpus.ts";
import { tallyOf } from "./helpers.ts";

const kernel = Kernel.create();
const begin = Date.parse("2026-11-20T10:00:30.000Z");
const at = (ms: number): string => new Date(begin + ms).toISOString();

/** Forms that the kernel takes, each with what it must leave to the ordinary code. */
const forms: readonly ((ms: number, level: string, text: string) => string)[] = [
  (ms, level, text) => `${at(ms)} ${level} ${text}`,
  (ms, level, text) => `[${at(ms).replace("T", " ").replace("Z", "")}] [${level}] ${text}`,
  (ms, level, text) => `${at(ms).slice(0, 19).replace("T", " ")},${ms % 1_000} ${level} ${text}`,
  (ms, level, text) => JSON.stringify({ level: level.toLowerCase(), time: at(ms), msg: text }),
  (ms, level, text) => JSON.stringify({ time: at(ms), level, msg: text }),
  (ms, level, text) => JSON.stringify({ ts: at(ms), caller: "x", severity: level, msg: text }),
  // Keys that differ from line to line, messages under other names, exceptions, and what is not flat.
  (ms, level, text) =>
    JSON.stringify({ level, time: at(ms), ...(ms % 2 ? { host: "a", n: ms } : { tag: text }), msg: text }),
  (ms, level, text) =>
    JSON.stringify({
      level,
      time: at(ms),
      message: `m ${text}`,
      ...(ms % 3 ? { msg: ms % 2 ? text : 7 } : {}),
      e: null,
    }),
  (ms, level, text) =>
    JSON.stringify({
      level,
      time: at(ms),
      msg: text,
      ...(ms % 2 ? { err: { type: "AError" } } : { error: `x.BError: ${text}` }),
    }),
  (ms, level, text) =>
    JSON.stringify({ level, time: at(ms), in: ms % 2 ? { msg: "no" } : ['"', "}"], msg: `"${text}"` }),
  (ms, level, text) => `{"level":"${level}", "time":"${at(ms)}","m\\u0073g":1 ,"msg" : "${text}"${ms % 2 ? "}" : ""}`,
  (ms, level, text) =>
    JSON.stringify({
      level: { TRACE: 10, DEBUG: 20, INFO: 30, WARN: 40, ERROR: 50, FATAL: 60 }[level] ?? 35,
      time: begin + ms,
      msg: text,
    }),
];

const line = fc.record({
  ms: fc.integer({ min: 0, max: 90_000 }),
  level: fc.constantFrom("INFO", "INFO", "INFO", "DEBUG", "TRACE", "WARN", "ERROR", "FATAL", "INFOS", "WARNING", "x"),
  text: fc.constantFrom("ok", "", "a\tb", "ERROR in text", "x".repeat(70), "é", "\r"),
  after: fc.constantFrom(
    "",
    "",
    "",
    "",
    "\n\tat a.b(C.java:1)",
    "\n",
    "\nError: boom",
    "\nno header",
    '\n{"a":1}',
    "\npanic: x",
  ),
});

describe("the kernel", () => {
  it("is there: this Node can run it", () => {
    expect(kernel).toBeDefined();
  });

  it("counts as the ordinary code does, for rows of any form, wherever chunks end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(forms.length - 1), fc.array(line, { minLength: 1, maxLength: 25 })), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 20, max: 3_000 }),
        fc.constantFrom(Number.NEGATIVE_INFINITY, begin + 30_000, begin + 10_000),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom(undefined, Number.NEGATIVE_INFINITY, begin + 5_000),
        fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
        (rows, size, since, sorted, signatures, before, control) => {
          const text = rows
            .flatMap(([form, all]) => {
              const ordered = sorted ? all.toSorted((a, b) => a.ms - b.ms) : all;
              return ordered.map(({ ms, level, text: message, after }) => forms[form]?.(ms, level, message) + after);
            })
            .join("\n");
          const rest = [since, signatures, Math.min(since, before ?? since), control] as const;
          expect(tallyOf(text, size, kernel, ...rest)).toEqual(tallyOf(text, size, undefined, ...rest));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("counts the corpus as the ordinary code does", () => {
    for (const { text } of corpus) {
      const many = `${text}\n`.repeat(20);
      for (const kinds of [true, false]) {
        const all = Number.NEGATIVE_INFINITY;
        expect(tallyOf(many, 10_000, kernel, all, kinds)).toEqual(tallyOf(many, 10_000, undefined, all, kinds));
      }
    }
  });

  it("masks messages as the ordinary code does", () => {
    if (kernel === undefined) throw new Error("no kernel");
    const { chunk } = kernel;
    const out = Buffer.alloc(4_096);
    const piece = fc.oneof(
      fc.constantFrom(..." ,;:.-?'\"`\\=/@[]{}()<>|%~", "\t", "\u001b[31m", "\u001b", "é", "\0"),
      fc.constantFrom(
        "don't",
        "'a b'",
        '"x y"',
        '\\"q\\"',
        "deadbeef",
        "feed",
        "a/b/c",
        "/x",
        "/",
        "k=v",
        "/a/b?c=d",
        "x@y",
      ),
      fc.stringMatching(/^[a-z]{1,9}$/),
      fc.nat(10_000).map(String),
      fc.string({ unit: "binary", maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(40), (pieces, cut) => {
        const bytes = Buffer.from(pieces.join(""));
        const start = Math.min(cut, bytes.length);
        chunk.fill(120, 0, bytes.length + 8);
        bytes.copy(chunk);
        const length = maskMessage(chunk, start, bytes.length, out);
        const [a, b] = kernel.mask(start, bytes.length);
        expect(hashFrom(a, b)).toBe(hashOf(out, length));
      }),
      { numRuns: 500 },
    );
    const long = Buffer.from("word 12 'x y' ".repeat(200));
    long.copy(chunk);
    expect(hashFrom(...kernel.mask(3, long.length))).toBe(hashOf(out, maskMessage(chunk, 3, long.length, out)));
  });

  it("is what counts most lines of an ordinary log", () => {
    const counted: number[] = [];
    const spied = Kernel.create();
    if (spied === undefined) throw new Error("no kernel");
    const rows = spied.rows.bind(spied);
    spied.rows = (from, end, errors) => {
      const next = rows(from, end, errors);
      counted.push(spied.lines);
      return next;
    };
    let text = "";
    for (let n = 0; n < 20_000; n++) text += `${forms[0]?.(n * 10, n % 10 ? "INFO" : "ERROR", "handled")}\n`;
    tallyOf(text, 1 << 20, spied);
    expect(counted.reduce((a, b) => a + b, 0)).toBeGreaterThan(17_900);
  });
});
