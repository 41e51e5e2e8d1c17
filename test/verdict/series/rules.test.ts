import { describe, expect, test } from "vitest";
import { STEP } from "../../../bench/verdict/worlds.ts";
import type { SeriesRule } from "../../../src/verdict/series/types.ts";
import { draws, judge, series } from "./helpers.ts";

const percent = { unit: "%", perSecond: false } as const;

describe("limits", () => {
  const rule: SeriesRule = { limits: { max: 0.8 }, tolerate: { failures: 2, of: 5 }, noData: "fail", unit: percent };

  test.each<[string, readonly number[], "pass" | "fail", number | null]>([
    ["within", [0.5, 0.8, 0.7], "pass", null],
    ["two of five are tolerated", [0.9, 0.9, 0.5, 0.5, 0.5, 0.9, 0.9, 0.5], "pass", null],
    ["the third of five is not", [0.9, 0.5, 0.9, 0.5, 0.9], "fail", 4],
    ["three in a row", [0.5, 0.9, 0.9, 0.9], "fail", 3],
  ])("%s", (_, points, phase, look) => {
    const judged = judge(rule, series("candidate", points));
    expect(judged.phase).toBe(phase);
    expect(judged.stoppedAt).toBe(look === null ? null : look * STEP);
  });

  test("the verdict has the arithmetic, the first violation and the limit that would have passed", () => {
    const judged = judge(rule, series("candidate", [0.5, 0.81, 0.9, 0.95]));
    expect(judged.reason).toBe("95% > 80%: 3 of the last 5 looks broke the rule, 2 tolerated");
    expect(judged.firstViolation).toEqual({ at: STEP, value: 0.81 });
    expect(judged.turnedBy).toBe("max: 81%");
    expect(judged.summary).toMatchObject({ samples: 4, min: 0.5, max: 0.95, gaps: 0 });
    const turned = judge({ ...rule, limits: { max: 0.81 } }, series("candidate", [0.5, 0.81, 0.9, 0.95]));
    expect(turned.phase).toBe("pass");
  });

  test("every machine must keep the limit", () => {
    const machines = ["a", "b"].map((name, i) => series("candidate", [0.1 + i, 0.1], 0, name));
    expect(judge({ limits: { max: 0.8 }, noData: "fail" }, ...machines).phase).toBe("fail");
  });
});

describe("rates against a limit", () => {
  const rule: SeriesRule = { limits: { max: 0.005 }, noData: "fail", unit: percent };

  test("3 errors in the first 20 lines do not stop a bake, nor do they pass it", () => {
    const judged = judge(rule, series("candidate", [[3, 20]]));
    expect(judged.phase).toBe("inconclusive");
    expect(judged.reason).toMatch(/^3 of 20 \(15%\) > 0\.5%, but 20 are too few to be sure/);
    const healthy = new Array(100).fill([0, 20]) as [number, number][];
    expect(judge(rule, series("candidate", [[3, 20], ...healthy, ...healthy])).phase).toBe("pass");
  });

  test("stopped if and only if the printed interval lies beyond the limit", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const rate = [0.004, 0.006, 0.01, 0.03][seed % 4] ?? 0;
      const points = draws(3 + (seed % 40), (r) => Math.min(200, r.poisson(200 * rate)), seed);
      const judged = judge(
        rule,
        series(
          "candidate",
          points.map((bad): [number, number] => [bad, 200]),
        ),
      );
      expect((judged.effect?.low ?? 0) >= 1).toBe(judged.phase === "fail");
    }
  });

  test("one answer at a look: an outage stops within two, 5 % that are allowed within a budget of 1 % of bakes", () => {
    const most: SeriesRule = { limits: { max: 0.05 }, noData: "fail", unit: percent };
    const answers = (rate: number, seed: number) =>
      judge(
        most,
        series(
          "candidate",
          draws(144, (r) => (r.uniform() < rate ? 1 : 0), seed).map((bad): [number, number] => [bad, 1]),
        ),
      );
    expect(answers(1, 1).stoppedAt).toBe(STEP);
    const stopped = (rate: number) =>
      Array.from({ length: 200 }, (_, seed) => answers(rate, seed + 1)).filter(({ phase }) => phase === "fail").length;
    expect(stopped(0.05)).toBeLessThanOrEqual(5);
    expect(stopped(0.2)).toBeGreaterThan(180);
  });

  test("20 % failures stop it at the second look", () => {
    expect(judge(rule, series("candidate", new Array(10).fill([200, 1_000])))).toMatchObject({
      phase: "fail",
      stoppedAt: STEP,
    });
  });

  test("the least rate of good answers is judged by the bad ones", () => {
    const least: SeriesRule = { limits: { min: 0.99 }, noData: "fail" };
    const points = (bad: number) =>
      draws(60, (r) => r.poisson(bad)).map((count): [number, number] => [1_000 - count, 1_000]);
    expect(judge(least, series("candidate", points(5))).phase).toBe("pass");
    expect(judge(least, series("candidate", points(30)))).toMatchObject({ phase: "fail" });
  });

  test("a rate limit of zero stops at the first event", () => {
    const none: SeriesRule = { limits: { max: 0 }, noData: "fail" };
    expect(
      judge(
        none,
        series("candidate", [
          [0, 10],
          [1, 10],
        ]),
      ),
    ).toMatchObject({ phase: "fail", stoppedAt: STEP });
  });
});

describe("shares of good answers against a control", () => {
  const good = (bad: number, seed: number) =>
    draws(144, (r) => r.poisson(bad), seed).map((count): [number, number] => [1_000 - count, 1_000]);
  const lower = (tolerance: number): SeriesRule => ({ comparison: { worse: "lower", tolerance }, noData: "fail" });

  test("99 % against 95 % is found by what did not go well", () => {
    expect(judge(lower(0), series("candidate", good(10, 1)), series("baseline", good(10, 2))).phase).toBe("pass");
    const judged = judge(lower(0), series("candidate", good(50, 1)), series("baseline", good(10, 2)));
    expect(judged.phase).toBe("fail");
    expect(judged.reason).toMatch(/^of the rest, candidate .* against control /);
    expect(judged.effect?.ratio).toBeCloseTo(0.96, 1);
    expect(judged.effect?.difference).toBeCloseTo(-0.04, 1);
  });

  test("the tolerance is one of good answers", () => {
    expect(judge(lower(0.1), series("candidate", good(50, 1)), series("baseline", good(10, 2))).phase).toBe("pass");
    expect(judge(lower(0.02), series("candidate", good(50, 1)), series("baseline", good(10, 2))).phase).toBe("fail");
  });
});

describe("slope, limit 1 per hour", () => {
  const rule: SeriesRule = { slope: { max: 1 / 3_600 }, noData: "fail" };
  const line = (perHour: number, noise: number, count = 144) =>
    draws(count, (r) => r.normal() * noise).map((error, i) => 100 + (perHour * i) / 12 + error);

  test("noise over eleven points is no leak", () => {
    expect(judge(rule, series("candidate", line(0, 20, 11))).phase).toBe("pass");
  });

  test("a slow leak over twelve hours is one", () => {
    const judged = judge(rule, series("candidate", line(5, 5)));
    expect(judged.phase).toBe("fail");
    expect(judged.reason).toMatch(/^slope [\d.]+ per hour over .*, > 1 per hour$/);
    expect(judged.turnedBy).toMatch(/^slope max: /);
  });

  test("outliers and gaps neither make nor hide a leak", () => {
    const spoilt = (points: readonly number[]) =>
      points.map((value, i) => (i % 29 === 7 ? value + 5_000 : i % 23 === 5 ? Number.NaN : value));
    expect(judge(rule, series("candidate", spoilt(line(0, 5)))).phase).toBe("pass");
    expect(judge(rule, series("candidate", spoilt(line(5, 5)))).phase).toBe("fail");
  });

  test("a restart in between hides no leak that goes on", () => {
    const points = line(10, 1).map((value, i) => (i > 70 ? value - 60 : value));
    expect(judge(rule, series("candidate", points)).phase).toBe("fail");
  });

  test("a falling value breaks a least slope only", () => {
    expect(judge(rule, series("candidate", line(-9, 1))).phase).toBe("pass");
    expect(judge({ slope: { min: -1 / 3_600 }, noData: "fail" }, series("candidate", line(-9, 1))).phase).toBe("fail");
  });
});

describe("sigma", () => {
  const rule: SeriesRule = { sigma: { max: 3, sameHour: true }, noData: "fail" };
  const day = (i: number) => 100 + 40 * Math.sin((2 * Math.PI * i) / 288);
  const past = series(
    "history",
    draws(2_016, (r) => r.normal()).map((error, i) => day(i) + 2 * error),
    -2_016,
  );

  test("the daily cycle is not a deviation, a shift against that hour is", () => {
    const noise = draws(144, (r) => 2 * r.normal(), 5);
    expect(
      judge(
        rule,
        past,
        series(
          "candidate",
          noise.map((error, i) => day(i) + error),
        ),
      ).phase,
    ).toBe("pass");
    const shifted = judge(
      rule,
      past,
      series(
        "candidate",
        noise.map((error, i) => day(i) + 20 + error),
      ),
    );
    expect(shifted.phase).toBe("fail");
    expect(shifted.reason).toMatch(/σ above its past at that hour/);
  });

  test("one stray value in a long bake is paid for", () => {
    const points = draws(144, (r) => r.normal(), 6).map((error, i) => day(i) + 2 * error + (i === 100 ? 9 : 0));
    expect(judge(rule, past, series("candidate", points)).phase).toBe("pass");
  });
});

describe("what a bake can see", () => {
  const rule: SeriesRule = { comparison: { worse: "higher", tolerance: 0 }, detect: 2, noData: "fail" };
  const points = (count: number, mean: number, seed: number) =>
    draws(count, (r) => r.poisson(mean), seed).map((value): [number, number] => [value, 1_000]);

  test("too little volume for what the file asks is inconclusive, enough passes", () => {
    const weak = judge(rule, series("candidate", points(20, 0.3, 1)), series("baseline", points(20, 0.3, 2)));
    expect(weak.phase).toBe("inconclusive");
    expect(weak.reason).toContain("too little to see 2x");
    const able = judge(rule, series("candidate", points(100, 10, 1)), series("baseline", points(100, 10, 2)));
    expect(able.phase).toBe("pass");
    expect(able.sees).toBeLessThan(2);
  });
});

describe("the smallest change of the rule that would have turned the verdict", () => {
  test.each([
    ["counts", 10, 30, 1_000],
    ["errors from zero", 0, 2, 100],
    ["few errors", 1, 6, 20],
  ])("%s: under the tolerance that it names the candidate is not stopped by then", (_, usual, bad, total) => {
    const points = (mean: number, seed: number) =>
      draws(144, (r) => r.poisson(mean), seed).map((value): [number, number] => [Math.min(total, value), total]);
    const play = (tolerance: number) =>
      judge(
        { comparison: { worse: "higher", tolerance }, noData: "fail" },
        series("candidate", points(bad, 1)),
        series("baseline", points(usual, 2)),
      );
    const strict = play(0);
    expect(strict.phase).toBe("fail");
    const named = /^tolerance: (\d+)%$/.exec(strict.turnedBy ?? "")?.[1];
    expect(Number(named)).toBeGreaterThan(0);
    const lenient = play(Number(named) / 100);
    expect(lenient.stoppedAt ?? Number.POSITIVE_INFINITY).toBeGreaterThan(strict.stoppedAt ?? 0);
    expect(strict.effect?.low).toBeGreaterThanOrEqual(1);
  });
});
