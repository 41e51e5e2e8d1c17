import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { formatDuration, parseDuration } from "../../src/pipeline/durations.ts";
import { parseQuantity } from "../../src/pipeline/quantities.ts";

describe("durations", () => {
  test.each([
    ["500ms", 500],
    ["90s", 90_000],
    ["5m", 300_000],
    ["12h", 43_200_000],
    ["2d", 172_800_000],
    ["0s", 0],
  ])("%s is %d ms", (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(["", "5", "m", "5 m", "-5m", "1.5h", "05m", "5M", "1h30m", "12345678h", "5m\n", "٣m"])(
    "%j is none",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  test.each([
    [0, "0s"],
    [5_400_000, "90m"],
    [86_400_000, "1d"],
    [1_001, "1001ms"],
  ])("%d ms is written %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  it("reads back what it writes", () => {
    fc.assert(
      fc.property(fc.nat(9_999_999), fc.constantFrom(1, 1_000, 60_000, 3_600_000), (count, unit) => {
        expect(parseDuration(formatDuration(count * unit))).toBe(count * unit);
      }),
    );
  });
});

describe("quantities", () => {
  test.each([
    ["80", 80, "", false],
    ["-2.5", -2.5, "", false],
    ["80%", 0.8, "%", false],
    ["7%", 0.07, "%", false],
    ["0.5%", 0.005, "%", false],
    ["500ms", 0.5, "s", false],
    ["2 m", 120, "s", false],
    ["1d", 86_400, "s", false],
    ["1kB", 1_000, "B", false],
    ["1KiB", 1_024, "B", false],
    ["3TiB", 3 * 2 ** 40, "B", false],
    ["1MiB per hour", 2 ** 20 / 3_600, "B", true],
    ["60 per minute", 1, "", true],
    ["1% per day", 0.01 / 86_400, "%", true],
  ] as const)("%s in base units", (text, value, unit, perSecond) => {
    expect(parseQuantity(text)).toEqual({ value, unit, perSecond, text });
  });

  test.each(["", "%", "8 0", "80 %%", "1mib", "1Kb", "1e3", "1MiB/h", "1MiB per week", ".5", "5.", "0x10", "NaN"])(
    "%j is none",
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );

  it("takes a plain number as it is, and no number that is not finite", () => {
    expect(parseQuantity(0.5)).toEqual({ value: 0.5, unit: "", perSecond: false, text: "0.5" });
    expect(parseQuantity(Number.NaN)).toBeUndefined();
    expect(parseQuantity(Number.POSITIVE_INFINITY)).toBeUndefined();
  });

  const sizes = {
    "%": 1 / 100,
    ms: 1 / 1_000,
    s: 1,
    m: 60,
    h: 3_600,
    d: 86_400,
    B: 1,
    kB: 1e3,
    MB: 1e6,
    GB: 1e9,
    KiB: 1_024,
    MiB: 1_048_576,
  };
  const periods = { "": 1, " per second": 1, " per minute": 60, " per hour": 3_600, " per day": 86_400 };
  it("keeps the amount under every unit and period", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.constantFrom(...Object.entries(sizes)),
        fc.constantFrom(...Object.entries(periods)),
        (amount, [unit, size], [period, seconds]) => {
          const read = parseQuantity(`${amount}${unit}${period}`);
          expect(((read?.value ?? Number.NaN) / size) * seconds).toBeCloseTo(amount, 6);
          expect(read?.perSecond).toBe(period !== "");
        },
      ),
    );
  });
});
