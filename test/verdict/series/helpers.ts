import { random } from "../../../bench/verdict/random.ts";
import { STEP, type World } from "../../../bench/verdict/worlds.ts";
import { createSeriesJudge } from "../../../src/verdict/series/judge.ts";
import type { Sample, SeriesJudgement, SeriesRule, Side } from "../../../src/verdict/series/types.ts";

export const budget = { falseAlarm: 0.01, checks: 1 };

/** Points of a series: a value, or a value and its total, one look after another. */
export type Points = readonly (number | readonly [number, number])[];

export function series(side: Side, points: Points, from = 0, machine?: string): Sample[] {
  return points.map((point, i) => {
    const [value, total] = typeof point === "number" ? [point] : point;
    return {
      side,
      at: (from + i) * STEP,
      value: value as number,
      ...(total === undefined ? {} : { total }),
      ...(machine === undefined ? {} : { machine }),
    };
  });
}

/** Judges samples in the order of their times, the past first. */
export function judge(rule: SeriesRule, ...of: readonly (readonly Sample[])[]): SeriesJudgement {
  const past = ({ side }: Sample) => (side === "history" || side === "baselineHistory" ? 0 : 1);
  const samples = of.flat().sort((a, b) => past(a) - past(b) || a.at - b.at);
  const one = createSeriesJudge(rule, budget);
  for (const sample of samples) one.take(sample);
  return one.judgement();
}

/** Looks (from 1) at which the bakes of a world were stopped. */
export function stops(world: World, runs: number, seed = 1): number[] {
  const looks: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const bake = world.start(random(seed * 1_000_003 + run * 7_919));
    const one = createSeriesJudge(bake.rule, { falseAlarm: 0.01, checks: world.checks });
    for (let t = -world.past; t < world.looks && !one.broken; t += 1)
      for (const sample of bake.look(t)) one.take(sample);
    const { stoppedAt } = one.judgement();
    if (stoppedAt !== null) looks.push(Math.round(stoppedAt / STEP) + 1);
  }
  return looks.sort((a, b) => a - b);
}

export function median(sorted: readonly number[]): number {
  return sorted[sorted.length >> 1] ?? Number.POSITIVE_INFINITY;
}

/** Random numbers of the same seed for every test run. */
export function draws(count: number, draw: (r: ReturnType<typeof random>) => number, seed = 1): number[] {
  const r = random(seed);
  return Array.from({ length: count }, () => draw(r));
}
