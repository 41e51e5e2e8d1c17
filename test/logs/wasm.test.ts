import { describe, expect, it } from "vitest";
import { compile } from "../../src/logs/wasm.ts";

interface Api {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: Record<string, (...values: number[]) => number> };
}
const { Module, Instance } = (globalThis as unknown as { WebAssembly: Api }).WebAssembly;

const run = (source: string, ...values: number[]): number | undefined =>
  new Instance(new Module(compile(source, { SEVEN: 7, BIG: 0x811c9dc5 }, 1, ["f"]))).exports["f"]?.(...values);

describe("the small language of the log scan's program", () => {
  it.each([
    ["2 + 3 * 4 - 1", 13],
    ["(2 + 3) * 4", 20],
    ["1 << 4 | 3 & 2", 18],
    ["6 & 3 == 3", 0],
    ["(6 & 3) == 2", 1],
    ["0 - 1 > 5", 1],
    ["0 - 8 >> 28", 15],
    ["BIG == 0x811c9dc5", 1],
    ["'info' == 0x6f666e69", 1],
    ["'a' + SEVEN", 104],
    ["!0 + !5", 1],
    ["0 || 3 && 4", 4],
    ["1 || 0 / 0", 1],
    ["0 && 0 / 0", 0],
    ["ctz(40)", 3],
    ["200 / 7", 28],
  ])("%s is %i", (expression, expected) => {
    expect(run(`fn f() { return ${expression}; }`)).toBe(expected);
  });

  it("has loops that are left, conditions in a row, calls, and loads with offsets", () => {
    const source = `
      // Counts how often a byte comes before the first 0.
      fn count(at, byte) { n = 0; while (1) { c = u8(at + 2); if (!c) { break; } if (c == byte) { n = n + 1; } at = at + 1; } return n; }
      fn kind(n) { if (n < 2) { return 10; } else if (n == 2) { return 20; } else { return 30; } }
      fn f(byte) { put(SEVEN + 1 - SEVEN + 7, 'abca'); put(12, 0x6161); return kind(count(6, byte)) + i32(4 + 4) / 0x1000000; }`;
    expect(run(source, "a".charCodeAt(0))).toBe(30 + 97);
    expect(run(source, "c".charCodeAt(0))).toBe(10 + 97);
  });

  it.each([
    ["fn f() { return unheard; }", "unheard"],
    ["fn f() { return g(1); }", "g"],
    ["fn f() { return 'ab'; }", "'ab'"],
    ["fn f() { return 1 }", "} instead of ;"],
    ["fn f() { return 1; } ?", "?"],
    ["fn f() {", "the end"],
  ])("refuses %s", (source, place) => {
    expect(() => run(source)).toThrow(place);
  });
});
