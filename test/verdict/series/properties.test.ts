import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Bets } from "../../../src/verdict/series/counts.ts";
import { createSeriesJudge } from "../../../src/verdict/series/judge.ts";
import { type Sample, type SeriesRule, sides } from "../../../src/verdict/series/types.ts";
import { budget, draws, judge, series } from "./helpers.ts";

const odd = fc.oneof(
  fc.double(),
  fc.integer({ min: -5, max: 1_000 }),
  fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 1.7e308, -1.7e308),
);
const anySample: fc.Arbitrary<Sample> = fc
  .record({
    side: fc.constantFrom(...sides),
    at: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: -50, max: 50 }).map((i) => i * 60_000) },
      { weight: 1, arbitrary: odd },
    ),
    value: odd,
    total: fc.option(odd, { nil: undefined }),
    machine: fc.option(fc.constantFrom("a", "b", "__proto__"), { nil: undefined }),
  })
  .map(({ side, at, value, total, machine }) => ({
    side,
    at,
    value,
    ...(total === undefined ? {} : { total }),
    ...(machine === undefined ? {} : { machine }),
  }));
const anyRule: fc.Arbitrary<SeriesRule> = fc.constantFrom<SeriesRule>(
  { limits: { max: 1, min: 0 }, noData: "fail" },
  { limits: { max: 1 }, tolerate: { failures: 1, of: 3 }, noData: "inconclusive" },
  { slope: { max: 1, min: -1 }, noData: "fail" },
  { sigma: { max: 3, sameHour: true }, noData: "fail" },
  { comparison: { worse: "higher", tolerance: 0.1 }, noData: "fail" },
  { comparison: { worse: "lower", tolerance: 2 }, noData: "fail", detect: 2 },
  { comparison: { worse: "different", tolerance: 0 }, limits: { max: 5 }, slope: { max: 0 }, noData: "fail" },
);

describe("total on garbage", () => {
  test("whatever comes, there is a judgement, without NaN, and no pass without a usable number", () => {
    fc.assert(
      fc.property(anyRule, fc.array(anySample, { maxLength: 60 }), (rule, samples) => {
        const one = createSeriesJudge(rule, budget);
        for (const sample of samples) one.take(sample);
        const judged = one.judgement();
        expect(["pass", "inconclusive", "error", "fail"]).toContain(judged.phase);
        expect(judged.reason).not.toBe("");
        for (const value of Object.values(judged.effect ?? {}))
          expect(value === null || Number.isFinite(value)).toBe(true);
        if (judged.phase === "pass") {
          expect(samples.some(({ side, value }) => side === "candidate" && !Number.isNaN(value))).toBe(true);
        }
      }),
      { numRuns: 400, seed: 4 },
    );
  });

  test("asked twice it says the same", () => {
    fc.assert(
      fc.property(anyRule, fc.array(anySample, { maxLength: 40 }), (rule, samples) => {
        const one = createSeriesJudge(rule, budget);
        for (const sample of samples) one.take(sample);
        expect(one.judgement()).toEqual(one.judgement());
      }),
      { numRuns: 100, seed: 5 },
    );
  });
});

const counts = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 })), {
  minLength: 5,
  maxLength: 40,
});
const latencies = fc.array(
  fc.tuple(fc.double({ min: 0.1, max: 9, noNaN: true }), fc.double({ min: 0.1, max: 9, noNaN: true })),
  {
    minLength: 5,
    maxLength: 40,
  },
);
const higher: SeriesRule = { comparison: { worse: "higher", tolerance: 0 }, noData: "fail" };

describe("invariance", () => {
  test("the unit of the values does not matter", () => {
    fc.assert(
      fc.property(latencies, fc.constantFrom(0.001, 1_000, 1_048_576), (pairs, unit) => {
        const of = (factor: number) =>
          judge(
            higher,
            series(
              "candidate",
              pairs.map(([c]) => (c + 0.01) * factor),
            ),
            series(
              "baseline",
              pairs.map(([, b]) => (b + 0.01) * factor),
            ),
          );
        const [one, other] = [of(1), of(unit)];
        expect([other.phase, other.stoppedAt]).toEqual([one.phase, one.stoppedAt]);
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  test("the unit of exposure does not matter", () => {
    fc.assert(
      fc.property(counts, (pairs) => {
        const of = (total: number) =>
          judge(
            higher,
            series(
              "candidate",
              pairs.map(([c]) => [c, total] as const),
            ),
            series(
              "baseline",
              pairs.map(([, b]) => [b, 2 * total] as const),
            ),
          );
        expect(of(100).stoppedAt).toBe(of(100_000).stoppedAt);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("the order of the samples of one look does not matter", () => {
    fc.assert(
      fc.property(latencies, fc.boolean(), (pairs, swapped) => {
        const one = createSeriesJudge(higher, budget);
        for (const [i, [c, b]] of pairs.entries()) {
          const both: Sample[] = [
            { side: "candidate", at: i, value: c },
            { side: "baseline", at: i, value: b },
          ];
          for (const sample of swapped ? both.reverse() : both) one.take(sample);
        }
        const sorted = judge(
          higher,
          pairs.map(([value], at): Sample => ({ side: "candidate", at, value })),
          pairs.map(([, value], at): Sample => ({ side: "baseline", at, value })),
        );
        expect(one.judgement()).toEqual(sorted);
      }),
      { numRuns: 60, seed: 8 },
    );
  });

  test("sample by sample or all at once is the same, and once failed is always failed", () => {
    fc.assert(
      fc.property(counts, (pairs) => {
        const one = createSeriesJudge(higher, budget);
        let failed = false;
        for (const [at, [c, b]] of pairs.entries()) {
          one.take({ side: "candidate", at, value: c, total: 100 });
          one.take({ side: "baseline", at, value: b, total: 100 });
          const { phase } = one.judgement();
          if (failed) expect(phase).toBe("fail");
          failed ||= phase === "fail";
        }
        const whole = judge(
          higher,
          pairs.map(([value], at): Sample => ({ side: "candidate", at, value, total: 100 })),
          pairs.map(([, value], at): Sample => ({ side: "baseline", at, value, total: 100 })),
        );
        expect(one.judgement().stoppedAt).toBe(whole.stoppedAt);
      }),
      { numRuns: 60, seed: 9 },
    );
  });
});

describe("monotone in evidence", () => {
  test("a worse value never saves a candidate that a limit stops", () => {
    const rule: SeriesRule = { limits: { max: 5 }, tolerate: { failures: 1, of: 3 }, noData: "fail" };
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 9, noNaN: true }),
        (points, more) => {
          const [one, worse] = [
            judge(rule, series("candidate", points)),
            judge(
              rule,
              series(
                "candidate",
                points.map((p) => p + more),
              ),
            ),
          ];
          if (one.phase === "fail") expect(worse.phase).toBe("fail");
          expect(worse.stoppedAt ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
            one.stoppedAt ?? Number.POSITIVE_INFINITY,
          );
        },
      ),
      { seed: 10 },
    );
  });

  test("the same shift in the same noise is found no later when it is larger", () => {
    const noise = draws(200, (r) => r.normal() / 10);
    const control = series("baseline", draws(200, (r) => r.normal() / 10, 2).map(Math.exp));
    const found = [0.1, 0.2, 0.4, 0.8].map(
      (shift) =>
        judge(
          higher,
          control,
          series(
            "candidate",
            noise.map((error) => Math.exp(error + shift)),
          ),
        ).stoppedAt ?? Number.POSITIVE_INFINITY,
    );
    expect(found).toEqual([...found].sort((a, b) => b - a));
  });

  test("a larger tolerance or a smaller budget never stops earlier", () => {
    const errors = draws(144, (r) => r.poisson(20)).map((value): [number, number] => [value, 1_000]);
    const control = series(
      "baseline",
      draws(144, (r) => r.poisson(10), 2).map((value): [number, number] => [value, 1_000]),
    );
    const stop = (tolerance: number, checks: number) => {
      const one = createSeriesJudge(
        { comparison: { worse: "higher", tolerance }, noData: "fail" },
        { falseAlarm: 0.01, checks },
      );
      for (const sample of [...series("candidate", errors), ...control].sort((a, b) => a.at - b.at)) one.take(sample);
      return one.judgement().stoppedAt ?? Number.POSITIVE_INFINITY;
    };
    const byTolerance = [0, 0.1, 0.5, 0.9, 1.5].map((tolerance) => stop(tolerance, 1));
    expect(byTolerance).toEqual([...byTolerance].sort((a, b) => a - b));
    const byChecks = [1, 5, 40].map((checks) => stop(0, checks));
    expect(byChecks).toEqual([...byChecks].sort((a, b) => a - b));
  });
});

describe("bets, by exact enumeration", () => {
  test.each([4, 8, 12])(
    "over all %i-look outcomes of a fair share their mean wealth is 1, whatever is staked",
    (looks) => {
      let mean = 0;
      let alarms = 0;
      for (let outcome = 0; outcome < 2 ** looks; outcome += 1) {
        const bets = new Bets();
        let alarm = false;
        for (let look = 0; look < looks; look += 1) {
          bets.add(0, (outcome >> look) & 1 ? 2 : 0);
          alarm ||= bets.evidence(1) >= -Math.log(0.05);
        }
        mean += Math.exp(bets.evidence(1)) / 2 ** looks;
        alarms += alarm ? 1 / 2 ** looks : 0;
      }
      expect(mean).toBeCloseTo(1, 9);
      expect(alarms).toBeLessThanOrEqual(0.05);
    },
  );
});
