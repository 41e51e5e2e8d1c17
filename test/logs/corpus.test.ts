import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { corpus } from "./corpus.ts";
import { cutAt, readEvents } from "./helpers.ts";

describe("every format is read for level, time and kind", () => {
  it.each(corpus)("$name", ({ text, levels, times, signatures }) => {
    const { events, data } = readEvents([Buffer.from(text)]);
    expect(events.map(({ level }) => level)).toEqual(levels);
    if (times) {
      expect(events.map(({ time }) => (Number.isNaN(time) ? null : new Date(time).toISOString()))).toEqual(times);
    }
    if (signatures) expect(data.signatures.map(({ tokens }) => tokens.join(" "))).toEqual(signatures);
  });
});

const whole = corpus.map(({ text }) => text).join("\n");

describe("the way the bytes arrive", () => {
  it("does not change events, counts or kinds, wherever the chunks are cut", () => {
    const bytes = Buffer.from(whole);
    const { events, data } = readEvents([bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 60 }), (places) => {
        const other = readEvents(cutAt(bytes, places));
        expect(other.events).toEqual(events);
        expect(other.data).toEqual(data);
      }),
      { numRuns: 60 },
    );
    expect(readEvents(cutAt(bytes, [...bytes.keys()])).events).toEqual(events);
  });

  it("does not change with random bytes either, and never throws", () => {
    const piece = fc.oneof(
      fc.constantFrom(...whole.split("\n")),
      fc.constantFrom("\n", "{", "<3>", "\u001b[", "::error::", "E1120 ", "level=", '"', "[", "\r\n"),
      fc.string({ unit: "binary", maxLength: 30 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(5_000), { maxLength: 20 }), (parts, places) => {
        const bytes = Buffer.from(parts.join("\n"));
        expect(readEvents(cutAt(bytes, places)).events).toEqual(readEvents([bytes]).events);
      }),
      { numRuns: 150 },
    );
  });

  it("adds up: two logs one after the other count as much as both", () => {
    // Each begins with a line that has a time of its own, as the pieces do that threads read.
    const line = fc
      .tuple(fc.constantFrom("INFO", "ERROR", "FATAL"), fc.nat(50), fc.constantFrom("", "\n\tat a.b(C.java:1)"))
      .map(([level, n, trace]) => `2026-11-20T10:00:${String(n).padStart(2, "0")}Z ${level} thing ${n}${trace}\n`);
    const log = fc.array(line, { minLength: 1, maxLength: 30 }).map((lines) => lines.join(""));
    fc.assert(
      fc.property(log, log, (a, b) => {
        const [one, two, both] = [a, b, a + b].map((text) => readEvents([Buffer.from(text)]).data);
        const sum = one?.levels.map((count, i) => count + (two?.levels[i] ?? 0));
        expect(both?.levels).toEqual(sum);
      }),
      { numRuns: 100 },
    );
  });
});
