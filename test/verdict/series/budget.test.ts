import { describe, expect, test } from "vitest";
import { at, counts, creeping, intermittent, values, type World } from "../../../bench/verdict/worlds.ts";
import { foresee } from "../../../src/verdict/series/power.ts";
import { median, stops } from "./helpers.ts";

/** P(X ≥ k) of a binomial, summed term by term. */
function binomialTail(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let below = 0;
  for (let i = 0; i < k; i += 1) {
    below += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
  }
  return 1 - below;
}

test("the binomial tail is that of the tables", () => {
  expect(binomialTail(3, 10, 0.2)).toBeCloseTo(0.3222, 4);
});

const plain = { share: 0.5, rate: 0.01, requests: 1_000 };
const box = { share: 0.05, rate: 0.01, requests: 2_000 };
const latency = { noise: 0.1 };

describe("200 healthy bakes of 12 hours stay within a budget of 1 %", () => {
  test.each<World>([
    counts("independent errors", plain),
    counts("1-box at 5 %", box),
    counts("bursts", { ...plain, shape: 0.5 }),
    counts("1-box with bursts", { ...box, shape: 0.5 }),
    counts("day and night", { ...plain, night: true }),
    counts("low traffic", { ...plain, requests: 20 }),
    counts("rising traffic", { ...plain, rising: true }),
    counts("bursts that last, with a past", { ...plain, past: 144, bursts: { chance: 0.02, length: 5, factor: 10 } }),
    values("independent latency", latency),
    values("neighbours alike", { ...latency, correlation: 0.8 }),
    values("neighbours very alike, with a past", { ...latency, correlation: 0.95, past: 144 }),
    values("heavy tails", { ...latency, tails: 2 }),
    values("latency by day and night", { ...latency, night: true }),
    values("machines that differ, with a past", { ...latency, birth: 0.2, machines: [1, 3], past: 144 }),
    values("machines that differ, without", { ...latency, birth: 0.2, machines: [1, 9] }),
  ])("$name", (world) => {
    const alarms = stops(world, 200).length;
    // At a true rate of 1 % so many alarms would come less than once in a hundred seeds.
    expect(binomialTail(alarms, 200, 0.01)).toBeGreaterThan(0.01);
  });
});

describe("bad candidates are stopped: floors at a fixed seed", () => {
  test.each<[World, caught: number, byLook: number]>([
    [counts("errors ×1.5, half of the traffic", plain, at(1.5)), 0.9, 60],
    [counts("errors ×2, half of the traffic", plain, at(2)), 1, 20],
    [counts("errors ×20, half of the traffic", plain, at(20)), 1, 4],
    [counts("errors ×2, 1-box at 5 %", box, at(2)), 0.95, 60],
    [counts("errors ×5, 1-box at 5 %", box, at(5)), 1, 10],
    [counts("errors ×20, 1-box at 1 %", { ...box, share: 0.01 }, at(20)), 1, 10],
    [counts("errors ×5 in bursts", { ...plain, shape: 2 }, at(5)), 1, 14],
    [counts("errors creeping to ×5", plain, creeping(5)), 1, 50],
    [counts("errors ×20 every tenth look", plain, intermittent(20)), 1, 80],
    [values("latency +10 %", latency, at(1.1)), 0.95, 55],
    [values("latency +100 %", latency, at(2)), 1, 14],
    [values("latency +10 %, with a past", { ...latency, past: 144 }, at(1.1)), 0.9, 60],
    [values("latency +100 %, with a past", { ...latency, past: 144 }, at(2)), 1, 2],
    [values("latency +25 %, heavy tails", { ...latency, tails: 2 }, at(1.25)), 0.85, 60],
    [values("latency +25 % on one of five", { ...latency, machines: [5, 5], one: true }, at(1.25)), 1, 30],
    [values("latency ×2 every tenth look, with a past", { ...latency, past: 288 }, intermittent(2)), 0.9, 60],
  ])("$name", (world, caught, byLook) => {
    const looks = stops(world, 40);
    expect(looks.length / 40).toBeGreaterThanOrEqual(caught);
    expect(median(looks)).toBeLessThanOrEqual(byLook);
  });
});

describe("what a bake can see is what it sees", () => {
  test("the ratio that is foretold is caught about nine times in ten", () => {
    const { ratio } = foresee({
      rate: 0.01,
      candidatePerHour: 1_200,
      baselinePerHour: 22_800,
      hours: 12,
      tolerance: 0,
      falseAlarm: 0.01,
      checks: 1,
    });
    if (ratio === null) throw new Error("nothing is foreseen");
    const looks = stops(counts("foretold", box, at(ratio)), 60);
    expect(looks.length / 60).toBeGreaterThan(0.75);
  });

  test("twice the errors take about as long as foretold", () => {
    const plan = {
      rate: 0.01,
      candidatePerHour: 6_000,
      baselinePerHour: 6_000,
      tolerance: 0,
      falseAlarm: 0.01,
      checks: 1,
    };
    const { hoursForDouble } = foresee({ ...plan, hours: 12 });
    const looks = stops(counts("double", plain, at(2)), 60);
    const nineTenths = (looks[Math.floor(0.9 * looks.length)] ?? 0) / 12;
    expect(nineTenths / (hoursForDouble ?? 0)).toBeGreaterThan(0.4);
    expect(nineTenths / (hoursForDouble ?? 0)).toBeLessThan(1.6);
  });
});
