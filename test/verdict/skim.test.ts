import fc from "fast-check";
import { expect, test } from "vitest";
import type { Observation } from "../../src/evidence/observation.ts";
import { createJudge } from "../../src/verdict/judge.ts";
import type { Sample } from "../../src/verdict/series/types.ts";
import { logsCheck, mebibytes, metricCheck, percent, plain } from "./checks.ts";

const STEP = 300_000;
const checks = [
  metricCheck({ name: "slope", limits: {}, slope: { max: { ...plain(1 / 3_600), perSecond: true } } }),
  metricCheck({ name: "sigma", limits: {}, sigma: { max: 3, history: STEP, sameHour: false }, noData: "inconclusive" }),
  metricCheck({ name: "rate", limits: { max: percent(10) }, total: "r" }),
  metricCheck({
    name: "compared",
    limits: { max: mebibytes(1) },
    comparison: { baseline: { query: "b" }, worse: "higher", tolerance: 0 },
  }),
  logsCheck({ name: "logs", maxRate: percent(20), maxCount: 400 }),
];

const number = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }) }, fc.constant(Number.NaN));
const look = fc.record({
  value: number,
  control: number,
  trouble: fc.option(fc.constantFrom("unreadable", "absent", "pending"), { nil: undefined, freq: 5 }),
});

test("looks that nobody reads change nothing about the verdict, nor about what is said of it in the end", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(look, { minLength: 1, maxLength: 40 }), fc.boolean(), (looks, last) => {
      const observations = looks.map(({ value, control, trouble }, i): Observation[] =>
        checks.map(({ name, kind }) => {
          const at = i * STEP;
          const total = name === "rate" ? { total: 100 } : {};
          const samples: Sample[] = [
            { side: "candidate", at, value, ...total },
            ...(name === "compared" ? [{ side: "baseline", at, value: control } as const] : []),
          ];
          if (trouble !== undefined) return { check: name, at, values: {}, points: 0, [trouble]: "why" };
          if (kind === "logs") return { check: name, at, values: { lines: 100, errors: value }, points: 100 };
          return { check: name, at, values: { value }, points: 1, samples };
        }),
      );
      const judged = (skimming: boolean) => {
        const judge = createJudge(checks, { kind: "bake", falseAlarm: 0.01 });
        const verdicts = observations.map((one, i) => {
          const newest = i === observations.length - 1;
          return judge.take(one, { final: last && newest, skim: skimming && !newest }).verdict;
        });
        return { verdict: verdicts.at(-1), explanations: judge.explanations() };
      };
      const whole = judged(false);
      seen.add(whole.verdict?.phase ?? "");
      expect(judged(true)).toEqual(whole);
    }),
    { numRuns: 120, seed: 31 },
  );
  expect(seen.has("fail")).toBe(true);
  expect(seen.size).toBeGreaterThan(1);
});
