import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { theilSen } from "../../../bench/slope/theil-sen.ts";
import { healthy, LOOKS, leaking, type MemoryWorld, play, STEP_HOURS } from "../../../bench/slope/worlds.ts";
import { parseQuantity } from "../../../src/pipeline/quantities.ts";
import { createSeriesJudge } from "../../../src/verdict/series/judge.ts";
import { SlopeLine } from "../../../src/verdict/series/slope-line.ts";
import { WithoutOutliers } from "../../../src/verdict/series/slope-outliers.ts";
import type { SeriesJudgement, SeriesRule } from "../../../src/verdict/series/types.ts";
import { budget } from "./helpers.ts";

const HOUR = 3_600_000;
const atMost = (perHour: number): SeriesRule => ({ slope: { max: perHour / 3_600 }, noData: "fail" });

function judged(rule: SeriesRule, values: readonly number[], step = STEP_HOURS * HOUR): SeriesJudgement {
  const judge = createSeriesJudge(rule, budget);
  for (const [look, value] of values.entries()) judge.take({ side: "candidate", at: look * step, value });
  return judge.judgement();
}

function named(name: string): MemoryWorld {
  const world = [...healthy, ...leaking].find((one) => one.name === name);
  if (!world) throw new Error(`there is no world "${name}"`);
  return world;
}

const shaky = fc.record({
  perHour: fc.double({ min: -50, max: 50, noNaN: true }),
  noise: fc.constantFrom(0, 0.1, 1, 10),
  limit: fc.constantFrom(-10, 0, 0.001, 1, 20),
  wild: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 80 }),
});
const perHourOf = (value: number | null | undefined) => (value ?? Number.NaN) * 3_600;

describe("verdict and printed interval are one criterion", () => {
  test("stopped if and only if the whole interval lies above the limit, and the slope lies in its interval", () => {
    fc.assert(
      fc.property(shaky, ({ perHour, noise, limit, wild }) => {
        const values = wild.map((error, look) => 100 + perHour * look * STEP_HOURS + noise * error);
        const { phase, effect, looks } = judged(atMost(limit), values);
        if (!effect) return;
        const slope = effect.difference ?? Number.NaN;
        const low = effect.low ?? Number.NEGATIVE_INFINITY;
        const above = low * 3_600 >= limit && slope > 0;
        expect(above).toBe(phase !== "pass");
        expect(phase === "fail").toBe(above && looks >= 12);
        const found = slope + limit / 3_600;
        const slack = 1e-9 * Math.max(1e-6, Math.abs(found));
        expect(found).toBeGreaterThanOrEqual(low - slack);
        expect(found).toBeLessThanOrEqual((effect.high ?? Number.POSITIVE_INFINITY) + slack);
      }),
      { numRuns: 300, seed: 11 },
    );
  });

  test("the least slope likewise, on the other side", () => {
    const falling = Array.from({ length: 40 }, (_, look) => 100 - 12 * look * STEP_HOURS + Math.sin(7 * look));
    const { phase, effect } = judged({ slope: { min: -1 / 3_600 }, noData: "fail" }, falling);
    expect(phase).toBe("fail");
    expect(perHourOf(effect?.high)).toBeLessThan(-1);
  });

  test("fewer than twelve looks stop nothing, and what looks steep by then does not pass either", () => {
    const ramps = Array.from({ length: 60 }, (_, seed) =>
      judged(atMost(1), play(named("collections every 45 minutes, 50 MiB"), seed * 7_919 + 17, 10)),
    );
    expect(ramps.filter(({ phase }) => phase === "fail")).toEqual([]);
    const steep = ramps.filter(({ phase }) => phase === "inconclusive");
    expect(steep.length).toBeGreaterThan(0);
    expect(steep[0]?.reason).toMatch(/> 1 per hour, but 10 looks are too few to tell what lasts \(12 needed\)$/);
  });

  test("the limit that would have turned it can be written into the file, and turns it", () => {
    const bytes: SeriesRule = {
      slope: { max: 2 ** 20 / 3_600 },
      noData: "fail",
      unit: { unit: "B", perSecond: false },
    };
    const values = play(named("12 MiB/h, noise 5 MiB"), 3, 60).map((value) => value * 2 ** 20);
    const { phase, turnedBy, stoppedAt } = judged(bytes, values);
    expect(phase).toBe("fail");
    const limit = parseQuantity(turnedBy?.replace("slope max: ", "") ?? "");
    expect(limit?.value).toBeGreaterThan(2 ** 20 / 3_600);
    const until = values.slice(0, Math.round((stoppedAt ?? 0) / HOUR / STEP_HOURS) + 1);
    expect(judged({ ...bytes, slope: { max: limit?.value ?? 0 } }, until).phase).toBe("pass");
  });
});

test("neither the unit of the value nor the time between looks matters", () => {
  const values = play(named("12 MiB/h, noise 5 MiB"), 5, 60);
  const plain = judged(atMost(1), values);
  const finer = judged(atMost(12), values, (STEP_HOURS * HOUR) / 12);
  const bytes = judged(
    atMost(2 ** 20),
    values.map((value) => value * 2 ** 20),
  );
  const look = ({ stoppedAt }: SeriesJudgement, step: number) => (stoppedAt ?? Number.NaN) / step;
  expect(plain.phase).toBe("fail");
  expect(look(finer, HOUR / 144)).toBeCloseTo(look(plain, HOUR / 12), 6);
  expect(bytes.stoppedAt).toBe(plain.stoppedAt);
  expect((bytes.effect?.low ?? 0) / 2 ** 20).toBeCloseTo(plain.effect?.low ?? Number.NaN, 12);
});

describe("robust beside Theil–Sen's slope", () => {
  /** Root mean square error of both estimates over many bakes. */
  function errors(values: (seed: number) => number[], truth: number): { ours: number; theirs: number } {
    let [ours, theirs] = [0, 0];
    const bakes = 60;
    for (let seed = 1; seed <= bakes; seed += 1) {
      const points = values(seed).map((value, look) => [look * STEP_HOURS, value] as const);
      const line = new SlopeLine();
      const cleaned = new WithoutOutliers((t, value) => line.add(t, value));
      for (const [t, value] of points) if (!Number.isNaN(value)) cleaned.add(t, value);
      ours += (line.fit().slope - truth) ** 2 / bakes;
      theirs += (theilSen(points).slope - truth) ** 2 / bakes;
    }
    return { ours: Math.sqrt(ours), theirs: Math.sqrt(theirs) };
  }

  test.each(["5 MiB/h, noise 5 MiB", "5 MiB/h, outliers and gaps"])("%s: at least as near to the truth", (name) => {
    const { ours, theirs } = errors((seed) => play(named(name), seed), 5);
    expect(ours).toBeLessThan(1.05 * theirs);
    expect(ours).toBeLessThan(0.3);
  });

  test("a shift that stays is no outlier", () => {
    const kept: number[] = [];
    const cleaned = new WithoutOutliers((t) => kept.push(t));
    for (let look = 0; look < 40; look += 1) cleaned.add(look, (look < 20 ? 100 : 500) + Math.sin(5 * look));
    expect(kept.filter((t) => t >= 20).length).toBeGreaterThanOrEqual(13);
    expect(kept.filter((t) => t < 20)).toHaveLength(20);
  });
});

describe("memory over twelve hours, 60 bakes at fixed seeds", () => {
  const stops = (name: string, bakes = 60) =>
    Array.from({ length: bakes }, (_, seed) => judged(atMost(1), play(named(name), seed * 7_919 + 17, LOOKS)))
      .flatMap(({ stoppedAt }) => (stoppedAt === null ? [] : [stoppedAt / HOUR / STEP_HOURS + 1]))
      .sort((a, b) => a - b);

  test.each([
    "the same, growing exactly at the limit",
    "neighbours alike (0.8), at the limit",
    "random walk, 1 MiB a look",
    "heavy tails",
    "one value in ten is 500 MiB out, a fifth missing",
    "collections every 45 minutes, 200 MiB",
    "warm-up of 100 MiB, an hour",
    "cache of 100 MiB, 10 minutes",
  ])("healthy: %s", (name) => {
    // Three of 60 at a true rate of 1 % would come twice in a hundred seeds.
    expect(stops(name).length).toBeLessThan(3);
  });

  test.each([
    ["12 MiB/h, noise 5 MiB", 1, 42],
    ["12 MiB/h after a warm-up of 10 minutes", 1, 46],
    ["12 MiB/h, collections every 45 minutes, 50 MiB", 1, 90],
    ["5 MiB/h, outliers and gaps", 0.9, 66],
    ["5 MiB/h, collections every 45 minutes, 50 MiB", 0.95, 128],
    ["2 MiB/h, noise 3 MiB", 0.95, 92],
    ["12 MiB/h, beginning after 4 hours, noise 5 MiB", 0.95, 130],
  ])("leaking: %s", (name, share, byLook) => {
    const looks = stops(name);
    expect(looks.length / 60).toBeGreaterThanOrEqual(share);
    expect(looks[looks.length >> 1]).toBeLessThanOrEqual(byLook);
  });
});
