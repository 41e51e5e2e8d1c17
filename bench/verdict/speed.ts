import type { SeriesJudge } from "../../src/verdict/series/judge.ts";
import { createSeriesJudge } from "../../src/verdict/series/judge.ts";
import type { SeriesRule } from "../../src/verdict/series/types.ts";
import { random } from "./random.ts";
import { comparison, STEP } from "./worlds.ts";

const LOOKS = 3_000;
const VARIETY = 4_096;

interface Kind {
  readonly name: string;
  readonly rule: SeriesRule;
  feed(judge: SeriesJudge, t: number, k: number): void;
}

/** Time to judge 1,000 checks of 3,000 samples, and whether the last tenth of a bake costs more than the first. */
export function speed(quick: boolean): string[] {
  const draw = random(1);
  const noise = Float64Array.from({ length: VARIETY }, () => 50 + draw.normal());
  const events = Float64Array.from({ length: VARIETY }, () => draw.poisson(5));
  const of = (from: Float64Array, t: number, k: number) => from[(t * 7 + k * 131) % VARIETY] ?? 0;
  const kinds: readonly Kind[] = [
    {
      name: "limit",
      rule: { limits: { max: 100 }, noData: "fail" },
      feed: (judge, t, k) => judge.take({ side: "candidate", at: t * STEP, value: of(noise, t, k) }),
    },
    {
      name: "rate against a limit",
      rule: { limits: { max: 0.006 }, noData: "fail" },
      feed: (judge, t, k) => judge.take({ side: "candidate", at: t * STEP, value: of(events, t, k), total: 1_000 }),
    },
    {
      name: "slope",
      rule: { slope: { max: 1 / 3_600 }, noData: "fail" },
      feed: (judge, t, k) => judge.take({ side: "candidate", at: t * STEP, value: of(noise, t, k) }),
    },
    {
      name: "comparison of counts",
      rule: comparison(),
      feed: (judge, t, k) => {
        judge.take({ side: "candidate", at: t * STEP, value: of(events, t, k), total: 1_000 });
        judge.take({ side: "baseline", at: t * STEP, value: of(events, t, k + 7), total: 1_000 });
      },
    },
    {
      name: "comparison of values",
      rule: comparison(),
      feed: (judge, t, k) => {
        judge.take({ side: "candidate", at: t * STEP, value: of(noise, t, k) });
        judge.take({ side: "baseline", at: t * STEP, value: of(noise, t, k + 7) });
      },
    },
  ];
  const checks = quick ? 60 : 300;
  const lines = [
    "Speed: time for 1,000 checks, from the median check, and what a look costs in the last tenth of a bake against the first. A look of a comparison has two samples.",
    "",
    "| rule | 1,000 × 3,000 looks | 1,000 × 3,000 samples | end / start |",
    "|---|---|---|---|",
  ];
  for (const { name, rule, feed } of kinds) {
    const [early, late, whole]: [number[], number[], number[]] = [[], [], []];
    for (let k = -40; k < checks; k += 1) {
      const judge = createSeriesJudge(rule, { falseAlarm: 0.01, checks: 1_000 });
      const marks = [performance.now()];
      for (let t = 0; t < LOOKS; t += 1) {
        if (t === LOOKS / 10 || t === LOOKS - LOOKS / 10) marks.push(performance.now());
        feed(judge, t, k + 40);
      }
      marks.push(performance.now());
      const [start = 0, first = 0, last = 0, end = 0] = marks;
      if (k < 0) continue;
      early.push(first - start);
      late.push(end - last);
      whole.push(end - start);
    }
    const seconds = median(whole);
    const perSample = rule.comparison ? seconds / 2 : seconds;
    const ratio = median(late) / median(early);
    lines.push(`| ${name} | ${seconds.toFixed(2)} s | ${perSample.toFixed(2)} s | ${ratio.toFixed(2)} |`);
  }
  return lines;
}

/** Robust against other work on the machine. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
