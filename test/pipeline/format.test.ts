import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cut,
  formatAgainst,
  formatBytes,
  formatDuration,
  formatInstant,
  formatNumber,
  formatPercent,
  formatValue,
} from "../../src/pipeline/format.ts";

describe("numbers for people", () => {
  test.each([
    [0, "0"],
    [-0, "0"],
    [1_204, "1,204"],
    [1_234_567.891, "1,234,568"],
    [0.021, "0.021"],
    [2.1049, "2.1"],
    [99.95, "100"],
    [-1_234, "-1,234"],
    [1e15, "1e+15"],
    [2.5e-9, "2.5e-9"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Inf"],
  ])("%s is %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test.each([
    [0, "0ms"],
    [350, "350ms"],
    [1_500, "1.5s"],
    [45_000, "45s"],
    [60_000, "1m"],
    [90_000, "1m 30s"],
    [3 * 3_600_000, "3h"],
    [5_400_000, "1h 30m"],
    [12 * 3_600_000, "12h"],
    [3_599_999, "1h"],
    [100 * 3_600_000, "4d 4h"],
    [-5_000, "-5s"],
  ])("%s ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test("percent, bytes, seconds, rates and instants have their units", () => {
    expect(formatPercent(0.07)).toBe("7%");
    expect(formatBytes(1_572_864)).toBe("1.5 MiB");
    expect(formatValue(0.25, { unit: "s", perSecond: false })).toBe("250ms");
    expect(formatValue(120, { unit: "s", perSecond: false })).toBe("2m");
    expect(formatValue(2_048, { unit: "B", perSecond: true })).toBe("2 KiB/s");
    expect(formatInstant(1_700_000_000_000)).toBe("2023-11-14 22:13 UTC");
    expect(formatInstant(Number.NaN)).toBe("an unknown time");
  });

  test("a value never looks like the limit that it breaks", () => {
    const units = fc.constantFrom("", "%", "s", "B");
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        fc.double({ noNaN: true }),
        units,
        fc.boolean(),
        (value, limit, unit, perSecond) => {
          fc.pre(value !== limit);
          const kind = { unit, perSecond } as const;
          expect(formatAgainst(value, limit, kind)).not.toBe(formatValue(limit, kind));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("cutting never leaves more code points than allowed, nor half of one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, length) => {
        const short = cut(text, length);
        expect(Array.from(short).length).toBeLessThanOrEqual(length);
        expect(short.isWellFormed()).toBe(true);
        if (Array.from(text).length <= length) expect(short).toBe(text);
        else expect(short.endsWith("…")).toBe(true);
      }),
    );
  });
});
