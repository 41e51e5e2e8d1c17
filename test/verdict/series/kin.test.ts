import { describe, expect, test } from "vitest";
import { at, values } from "../../../bench/verdict/worlds.ts";
import { MutableSums } from "../../../src/verdict/series/autoregression.ts";
import { ControlKin } from "../../../src/verdict/series/kin.ts";
import { draws, median, stops } from "./helpers.ts";

const look = (...numbers: readonly number[]) => numbers.map((value, i) => ({ machine: `m${i}`, value }));

describe("how the control's machines move against each other", () => {
  test("two machines are worth one series: their difference over the square root of two", () => {
    const kin = new ControlKin();
    const contrast = new MutableSums();
    const own = new MutableSums();
    for (const error of draws(30, (r) => r.normal() / 10)) {
      kin.add(look(Math.exp(error), 1));
      contrast.add(error / Math.SQRT2);
      own.add(error);
    }
    const found = kin.of(1, true, own);
    expect(found?.independent).toBe(1);
    const total = (of: (sums: MutableSums) => number) =>
      (found?.series ?? []).reduce((sum, series) => sum + of(series as MutableSums), 0);
    expect(total(({ squares }) => squares)).toBeCloseTo(contrast.squares, 10);
    expect(total(({ lagged }) => lagged)).toBeCloseTo(contrast.lagged, 10);
    // One machine against the mean of two has one and a half times the variance of one.
    expect(found?.unit).toBeCloseTo(1.5, 10);
    expect(found?.steps).toBeCloseTo((1.5 * contrast.steps) / own.steps, 10);
  });

  test("a movement that all machines share does not show, nor does a look at which one is missing", () => {
    const kin = new ControlKin();
    kin.add(look(1, 2, 3));
    kin.add(look(10, 20, 30));
    kin.add(look(10, 20));
    kin.add(look(100, 200, 300));
    const found = kin.of(1, true, new MutableSums());
    expect(found?.series.map(({ n }) => n)).toEqual([3, 3, 3]);
    for (const series of found?.series ?? []) expect((series as MutableSums).steps).toBeCloseTo(0, 20);
    const long = new MutableSums();
    for (let t = 0; t < 7; t += 1) long.add(t);
    expect(kin.of(1, true, long)).toBeUndefined();
  });

  test("a single machine has no kin", () => {
    const kin = new ControlKin();
    kin.add(look(1));
    expect(kin.of(1, true, new MutableSums())).toBeUndefined();
  });
});

describe("nine machines that stay together say that the tenth does not wander off by itself, and none is stopped in health", () => {
  const fleet = { noise: 0.1, machines: [1, 9] } as const;

  test("a doubled latency is found within 8 looks, a quarter more within 14", () => {
    expect(median(stops(values("", fleet, at(2)), 40))).toBeLessThanOrEqual(8);
    expect(median(stops(values("", fleet, at(1.25)), 40))).toBeLessThanOrEqual(14);
  });

  test.each([
    ["independent looks", fleet],
    ["neighbours alike", { ...fleet, correlation: 0.8 }],
    ["neighbours very alike", { ...fleet, correlation: 0.95 }],
    ["a candidate with twice the noise", { ...fleet, loud: 2 }],
    ["a candidate with five times the noise", { ...fleet, loud: 5 }],
    ["heavy tails", { ...fleet, tails: 2 }],
    ["machines that differ a little", { ...fleet, birth: 0.05 }],
    ["movements that all share", { ...fleet, shared: 0.4 }],
  ])("%s", (_, world) => {
    // 7 of 200 and more come at a true rate of 1 % less than once in two hundred seeds.
    expect(stops(values("", world), 200).length).toBeLessThan(7);
  });
});
