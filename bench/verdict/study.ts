import { createSeriesJudge } from "../../src/verdict/series/judge.ts";
import type { Sample } from "../../src/verdict/series/types.ts";
import { random } from "./random.ts";
import { rivals, type Track } from "./rivals.ts";
import type { World } from "./worlds.ts";

export const FALSE_ALARM = 0.01;

/** How one judge fared in one world. */
export interface Fared {
  readonly stopped: number;
  /** Median look of those that stopped, counted from 1; null where none did. */
  readonly median: number | null;
}

/** All judges in one world, on the same bakes. */
export interface Result {
  readonly world: World;
  readonly runs: number;
  readonly ours: Fared;
  /** As people use them. */
  readonly usual: readonly Fared[];
  /** With the threshold that keeps to the budget in the healthy twin; null where there is none to choose. */
  readonly fair: readonly (Fared | null)[];
  /** Greatest score of each run, by rival. */
  readonly peaks: readonly (readonly number[])[];
}

/** Runs one world. `thresholds`: those of its healthy twin. */
export function study(world: World, runs: number, seed: number, thresholds?: readonly number[]): Result {
  const ours: number[] = [];
  const scores: number[][][] = rivals.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    const bake = world.start(random(seed * 1_000_003 + run * 7_919));
    const judge = createSeriesJudge(bake.rule, { falseAlarm: FALSE_ALARM, checks: world.checks });
    const looks: (readonly Sample[])[] = [];
    for (let t = -world.past; t < world.looks; t += 1) {
      const samples = bake.look(t);
      looks.push(samples);
      for (const sample of samples) judge.take(sample);
    }
    judge.end();
    const { stoppedAt } = judge.judgement();
    if (stoppedAt !== null) ours.push(Math.round(stoppedAt / 300_000) + 1);
    const track = trackOf(looks, world.past);
    for (const [i, rival] of rivals.entries()) scores[i]?.push(rival.scores(track));
  }
  const fared = (i: number, threshold: number) =>
    summary(
      (scores[i] ?? []).map((one) => one.findIndex((score) => score > threshold) + 1).filter((look) => look > 0),
      runs,
    );
  return {
    world,
    runs,
    ours: summary(ours, runs),
    usual: rivals.map((rival, i) => fared(i, rival.usual)),
    fair: rivals.map((rival, i) => (rival.adjustable && thresholds ? fared(i, thresholds[i] ?? 0) : null)),
    peaks: scores.map((all) => all.map((one) => one.reduce((most, score) => Math.max(most, score), 0))),
  };
}

/** Share of the bakes of one world that this judge stops, without the others. */
export function alone(world: World, runs: number, seed: number): number {
  let stopped = 0;
  for (let run = 0; run < runs; run += 1) {
    const bake = world.start(random(seed * 1_000_003 + run * 7_919));
    const judge = createSeriesJudge(bake.rule, { falseAlarm: FALSE_ALARM, checks: world.checks });
    for (let t = -world.past; t < world.looks && !judge.broken; t += 1)
      for (const sample of bake.look(t)) judge.take(sample);
    if (judge.judgement().stoppedAt !== null) stopped += 1;
  }
  return stopped / runs;
}

/** The scores that only one healthy run in a hundred (checks shared out) exceeds. */
export function fairThresholds({ peaks, world }: Result): number[] {
  return peaks.map((all) => {
    const sorted = [...all].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * (1 - FALSE_ALARM / world.checks)))] ?? 0;
  });
}

function summary(looks: readonly number[], runs: number): Fared {
  const sorted = [...looks].sort((a, b) => a - b);
  return { stopped: sorted.length / runs, median: sorted[sorted.length >> 1] ?? null };
}

/** One number a look and side: the rate of counts, the mean of values. */
function trackOf(looks: readonly (readonly Sample[])[], past: number): Track {
  const of = (sides: readonly string[]) => (samples: readonly Sample[]) => {
    const mine = samples.filter(({ side }) => sides.includes(side));
    const total = mine.reduce((sum, sample) => sum + (sample.total ?? 1), 0);
    return total > 0 ? mine.reduce((sum, { value }) => sum + value, 0) / total : 0;
  };
  const candidate = looks.map(of(["candidate", "history"]));
  const baseline = looks.map(of(["baseline", "baselineHistory"]));
  const controlled = looks.some((samples) => samples.some(({ side }) => side === "baseline"));
  return {
    candidate: candidate.slice(past),
    // Without a control they are given what came before the deploy in its place.
    baseline: controlled ? baseline.slice(past) : candidate.slice(0, past).slice(past - looks.length),
    // Without a past the rivals are given the control's whole bake, which a real one would not have yet.
    past: past > 0 ? candidate.slice(0, past) : baseline,
  };
}
