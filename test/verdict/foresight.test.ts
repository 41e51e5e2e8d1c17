import { describe, expect, test } from "vitest";
import { random } from "../../bench/verdict/random.ts";
import { at, STEP, values } from "../../bench/verdict/worlds.ts";
import type { Observation } from "../../src/evidence/observation.ts";
import type { Check } from "../../src/pipeline/model.ts";
import { createForesight, type Foresight } from "../../src/verdict/foresight.ts";
import { createJudge } from "../../src/verdict/judge.ts";
import type { Sample } from "../../src/verdict/series/types.ts";
import { httpCheck, metricCheck, percent } from "./checks.ts";
import { median, stops } from "./series/helpers.ts";

const LOOKS = 144;
const plan = { length: LOOKS * STEP, every: STEP, falseAlarm: 0.01 };
const latency = (more: Partial<NonNullable<Extract<Check, { kind: "metric" }>["comparison"]>> = {}) =>
  metricCheck({
    limits: {},
    comparison: { baseline: { query: "b", history: 86_400_000 }, worse: "higher", tolerance: 0, ...more },
  });

/** What the first look of a bake brings: the past of both sides, and one value of each. */
function firstLook(check: string, past: number, correlation: number, looks = 1, seed = 7): Observation[] {
  const bake = values("w", { noise: 0.1, past, correlation }).start(random(seed));
  const samples: Sample[] = [];
  for (let t = -past; t < looks; t += 1) samples.push(...bake.look(t));
  return [{ check, at: (looks - 1) * STEP, values: { value: 1 }, points: 1, samples }];
}

function tell(check: Check, observations: readonly Observation[]): Foresight | undefined {
  const foresight = createForesight([check], 0);
  foresight.take(observations);
  return foresight.tell(plan)[0];
}

describe("what a bake of values can see", () => {
  test("is told at the first look where a past exists, after eight looks where none does", () => {
    expect(tell(latency(), firstLook("cpu", 288, 0))?.text).toMatch(
      /^12h at 12 looks\/h: a value 1\.\d+x as high would be caught 9 times in 10; for 2x bake 20m$/,
    );
    expect(tell(latency(), firstLook("cpu", 0, 0))).toBeUndefined();
    expect(tell(latency(), firstLook("cpu", 0, 0, 8))?.text).toMatch(/^12h at 12 looks\/h: a value 1\.\d+x as high/);
  });

  test.each([
    ["independent", 0],
    ["neighbours alike", 0.7],
  ])("%s: about a quarter more than it says is caught nine times in ten, half of it is not", (_, correlation) => {
    const told = Array.from(
      { length: 9 },
      (_, seed) => tell(latency(), firstLook("cpu", 288, correlation, 1, seed + 1))?.ratio ?? Number.NaN,
    );
    const excess = (told.sort((a, b) => a - b)[4] ?? Number.NaN) - 1;
    const world = (shift: number) => values("w", { noise: 0.1, past: 288, correlation, looks: LOOKS }, at(1 + shift));
    const caught = (shift: number) => stops(world(shift), 50).length / 50;
    expect(caught(1.25 * excess)).toBeGreaterThanOrEqual(0.85);
    expect(caught(0.5 * excess)).toBeLessThan(0.75);
  });

  test("the time that it asks for finds the double", () => {
    const found = stops(values("w", { noise: 0.1, past: 288, looks: LOOKS }, at(2)), 40);
    expect(median(found) * 5).toBeLessThanOrEqual(15);
  });

  test("lower is told as lower, tolerance and neighbours count, and detect says when it is too weak", () => {
    const look = firstLook("cpu", 288, 0);
    const higher = tell(latency(), look)?.ratio ?? Number.NaN;
    const lower = tell(latency({ worse: "lower" }), look);
    expect(lower?.text).toMatch(/a value 0\.9\d*x as high would be caught 9 times in 10; for 0\.5x bake/);
    expect(lower?.ratio).toBeCloseTo(higher, 6);
    expect(tell(latency({ tolerance: 0.5 }), look)?.ratio).toBeCloseTo(1.5 * higher, 6);
    expect(tell(latency(), firstLook("cpu", 288, 0.9))?.ratio).toBeGreaterThan(higher + 0.02);
    const { tooWeakFor } = tell({ ...latency(), detect: 1.001 } as Check, look) ?? {};
    expect(tooWeakFor).toBe(1.001);
  });
});

describe("what a bake of counts can see", () => {
  const check = metricCheck({
    limits: {},
    total: "r",
    comparison: { baseline: { query: "e", total: "r", history: 86_400_000 }, worse: "higher", tolerance: 0 },
  });
  const hourly = (side: Sample["side"], count: number, total: number, from: number, to: number): Sample[] =>
    Array.from({ length: to - from }, (_, i) => ({ side, at: (from + i) * 3_600_000, value: count, total }));

  test("is told from the past before the bake itself has counted anything", () => {
    const samples = [...hourly("history", 4, 400, -24, 0), ...hourly("baselineHistory", 40, 4_000, -24, 0)].sort(
      (a, b) => a.at - b.at,
    );
    const told = tell(check, [{ check: "cpu", at: 0, values: {}, points: 1, samples }]);
    expect(told?.text).toMatch(/^12h at 400 requests\/h: an error rate [12](\.\d+)?x as high would be caught/);
  });

  test("small whole numbers without a total are counts", () => {
    const { total: _, ...plain } = check;
    const samples = Array.from({ length: 12 }, (_, i): Sample[] => [
      { side: "candidate", at: (i + 1) * STEP, value: i % 3 },
      { side: "baseline", at: (i + 1) * STEP, value: (i + 1) % 3 },
    ]).flat();
    const told = tell(plain, [{ check: "cpu", at: 12 * STEP, values: {}, points: 1, samples }]);
    expect(told?.text).toMatch(/^12h at 12 samples\/h: an error rate/);
  });
});

test("an http check under max-failures is told by its answers", () => {
  const check = httpCheck({ maxFailures: percent(5) });
  const looks = Array.from(
    { length: 12 },
    (_, i): Observation => ({ check: "healthy", at: (i + 1) * STEP, values: { status: 200 }, points: 1 }),
  );
  expect(tell(check, looks)?.text).toMatch(/^12h at 12 answers\/h: an error rate .*x the limit would be caught/);
});

test("news are told once for each check, when enough is known of it", () => {
  const foresight = createForesight([latency()], 0);
  foresight.take(firstLook("cpu", 0, 0));
  expect(foresight.news(plan)).toEqual([]);
  foresight.take(firstLook("cpu", 0, 0, 9));
  expect(foresight.news(plan)).toHaveLength(1);
  expect(foresight.news(plan)).toEqual([]);
});

test("a rate within its limit does not pass where the file asks to detect more than its volume can show", () => {
  const check = metricCheck({ limits: { max: percent(1) }, total: "r", detect: 2 });
  const bake = (total: number) => {
    const judge = createJudge([check], { kind: "bake", falseAlarm: 0.01 });
    const looks = Array.from({ length: 30 }, (_, i) => {
      const at = i * STEP;
      const samples = [{ side: "candidate", at, value: Math.round(total / 200), total }] as const;
      const observation = { check: "cpu", at, values: { value: 0.005 }, points: 1, samples };
      return judge.take([observation], { final: i === 29 });
    });
    return looks.at(-1)?.verdict;
  };
  expect(bake(20)?.reasons[0]).toMatch(/too little to see 2x: only [\d.]+x would be seen 9 times in 10/);
  expect(bake(20)?.phase).toBe("inconclusive");
  expect(bake(2_000)?.phase).toBe("pass");
});
