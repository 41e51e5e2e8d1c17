import { describe, expect, test } from "vitest";
import { alternating, bernoulli, type FewWorld, few, poisson } from "../../../bench/verdict/worlds.ts";
import { draws, judge, median, type Points, series, stops } from "./helpers.ts";

const half = poisson(0.5);
const plain: Omit<FewWorld, "errors"> = {};
const each: Omit<FewWorld, "errors"> = { requests: [1_000, 1_000] };
const box: Omit<FewWorld, "errors"> = { requests: [1_000, 9_000] };
const quiet: Omit<FewWorld, "errors"> = { past: 144, quiet: true };

describe("from no errors to half an error a look, the control without any: caught within 30 looks", () => {
  test.each<[string, FewWorld, runs: number, caught: number, byLook: number]>([
    ["every second look, no totals", { ...plain, errors: alternating }, 1, 1, 14],
    ["every second look, 1,000 requests", { ...each, errors: alternating }, 1, 1, 14],
    ["every second look, 1-box at 10 %", { ...box, errors: alternating }, 1, 1, 10],
    ["every second look, after half a day without errors", { ...quiet, errors: alternating }, 1, 1, 10],
    ["by the toss of a coin, no totals", { ...plain, errors: bernoulli }, 200, 0.995, 15],
    ["by the toss of a coin, 1,000 requests", { ...each, errors: bernoulli }, 200, 0.995, 15],
    ["by the toss of a coin, after half a day without errors", { ...quiet, errors: bernoulli }, 200, 1, 11],
    ["at random, no totals", { ...plain, errors: half }, 200, 0.945, 18],
    ["at random, 1,000 requests", { ...each, errors: half }, 200, 0.945, 18],
    ["at random, 1-box at 10 %", { ...box, errors: half }, 200, 0.975, 16],
    ["at random, after half a day without errors", { ...quiet, errors: half }, 200, 0.99, 13],
  ])("%s", (name, world, runs, caught, byLook) => {
    const looks = stops(few(name, world), runs);
    expect(looks.length / runs).toBeGreaterThanOrEqual(caught);
    expect(median(looks)).toBeLessThanOrEqual(byLook);
  });
});

describe("few errors on both sides stay within a budget of 1 %", () => {
  test.each<[string, FewWorld]>([
    ["half an error a look", { errors: half, usual: half, looks: 144 }],
    ["half an error a look, 30 looks", { errors: half, usual: half }],
    ["an error in ten looks", { errors: poisson(0.1), usual: poisson(0.1), looks: 144 }],
    ["several at once", { errors: (r) => r.poisson(r.gamma(0.1)), usual: (r) => r.poisson(r.gamma(0.1)), looks: 144 }],
    ["after a past with hardly any", { errors: poisson(0.01), usual: poisson(0.01), past: 144, looks: 144 }],
    [
      "1-box at 10 %, several at once",
      { ...box, errors: (r) => r.poisson(r.gamma(0.1)), usual: (r) => r.poisson(9 * r.gamma(0.1)), looks: 144 },
    ],
  ])("%s", (name, world) => {
    // 11 of 400 and more come at a true rate of 1 % less than once in two hundred seeds.
    expect(stops(few(name, world), 400).length).toBeLessThan(11);
  });
});

test("seven looks with errors on the candidate alone are enough, six are not, however many errors each has", () => {
  for (const errors of [1, 3]) {
    const looks = stops(few("", { errors: () => errors, looks: 12 }), 1);
    expect(looks[0]).toBeLessThanOrEqual(7);
  }
  expect(stops(few("", { errors: (_, t) => (t % 5 === 0 ? 1 : 0), looks: 30 }), 1)).toHaveLength(0);
  expect(stops(few("", { errors: (_, t) => (t % 5 === 0 ? 1 : 0), looks: 31 }), 1)).toHaveLength(1);
});

test("errors that begin with the deploy on both sides stop hardly anyone", () => {
  const looks = stops(few("", { errors: half, usual: half, past: 144, quiet: true, looks: 144 }), 400);
  expect(looks.length / 400).toBeLessThan(0.06);
});

describe("without a control, against a past of a hundred looks", () => {
  const rule = { comparison: { worse: "higher", tolerance: 0 }, noData: "fail" } as const;
  const play = (past: number, mean: number, total: number | undefined, seed: number) => {
    const points = (count: number, of: number, from: number): Points =>
      draws(count, (r) => r.poisson(of), from).map((value) => (total === undefined ? value : [value, total]));
    return judge(
      rule,
      series("history", points(100, past, 2 * seed), -100),
      series("candidate", points(144, mean, 2 * seed + 1)),
    ).phase;
  };

  test.each([undefined, 1_000])("few errors as before never stop it, five times as many do: total %s", (total) => {
    for (let seed = 1; seed <= 40; seed += 1) {
      for (const mean of [0.005, 0.1, 0.5, 5]) expect(play(mean, mean, total, seed), `${mean}`).not.toBe("fail");
      expect(play(0.5, 2.5, total, seed)).toBe("fail");
      expect(play(0, 0.5, total, seed)).toBe("fail");
    }
  });
});
