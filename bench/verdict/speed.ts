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
  const checks = quick ? 100 : 1_000;
  const lines = [
    "Speed: processor time for 1,000 checks of 3,000 looks each, and what a look costs at the end of a bake against its start.",
    "",
    "| rule | 1,000 × 3,000 | end / start |",
    "|---|---|---|",
  ];
  for (const { name, rule, feed } of kinds) {
    let [early, late, whole] = [0, 0, 0];
    for (let k = -20; k < checks; k += 1) {
      const judge = createSeriesJudge(rule, { falseAlarm: 0.01, checks: 1_000 });
      const start = processor();
      let mark = start;
      for (let t = 0; t < LOOKS; t += 1) {
        if (k >= 0 && t === LOOKS / 10) early += processor() - start;
        if (t === LOOKS - LOOKS / 10) mark = processor();
        feed(judge, t, k + 20);
      }
      judge.judgement();
      const end = processor();
      if (k < 0) continue;
      late += end - mark;
      whole += end - start;
    }
    lines.push(`| ${name} | ${((whole * 1_000) / checks / 1e6).toFixed(2)} s | ${(late / early).toFixed(2)} |`);
  }
  return lines;
}

/** Microseconds of processor time, which other work on the machine does not count in. */
function processor(): number {
  return process.cpuUsage().user;
}
