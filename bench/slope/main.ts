import { parseArgs } from "node:util";
import { createSeriesJudge } from "../../src/verdict/series/judge.ts";
import { theilSen } from "./theil-sen.ts";
import { healthy, LIMIT, LOOKS, leaking, type MemoryWorld, play, STEP_HOURS } from "./worlds.ts";

const { values: options } = parseArgs({
  options: { runs: { type: "string", default: "300" }, only: { type: "string" }, alone: { type: "boolean" } },
});
const runs = Number(options.runs);
const say = (line: string) => process.stdout.write(`${line}\n`);

/** The look (from 1) at which a bake is stopped; undefined where it is not. */
type Stop = (values: readonly number[]) => number | undefined;

const ours: Stop = (values) => {
  const judge = createSeriesJudge({ slope: { max: LIMIT / 3_600 }, noData: "fail" }, { falseAlarm: 0.01, checks: 1 });
  for (const [look, value] of values.entries()) {
    judge.take({ side: "candidate", at: look * STEP_HOURS * 3_600_000, value });
    if (judge.broken) break;
  }
  judge.end();
  const { stoppedAt } = judge.judgement();
  return stoppedAt === null ? undefined : Math.round(stoppedAt / 3_600_000 / STEP_HOURS) + 1;
};

/** Theil–Sen's slope with its interval (99 % on this side), once after the bake, and every half hour of it. */
const theilSenFrom =
  (first: number): Stop =>
  (values) => {
    for (let look = first; look <= LOOKS; look += 6) {
      const points = values.slice(0, look).map((value, i) => [i * STEP_HOURS, value] as const);
      if (theilSen(points).low > LIMIT) return look;
    }
    return undefined;
  };

const judges: readonly (readonly [name: string, stop: Stop, share: number])[] = [
  ["Rocksolid", ours, 1],
  ...(options.alone
    ? []
    : ([
        ["Theil–Sen, once at the end", theilSenFrom(LOOKS), 0.3],
        ["Theil–Sen, every half hour", theilSenFrom(12), 0.3],
      ] as const)),
];

function study(world: MemoryWorld, stop: Stop, times: number): string {
  const looks: number[] = [];
  for (let run = 0; run < times; run += 1) {
    const look = stop(play(world, run * 7_919 + 17));
    if (look !== undefined) looks.push(look);
  }
  const median = looks.sort((a, b) => a - b)[looks.length >> 1];
  const after = median === undefined ? "" : `, ${(median * STEP_HOURS).toFixed(1)} h`;
  return `${((100 * looks.length) / times).toFixed(1)} %${after}`;
}

say(
  `Seeded; ${runs} bakes a world (${Math.ceil(0.3 * runs)} for Theil–Sen) of 12 hours with a look every 5 minutes; limit ${LIMIT} MiB per hour, false-alarm budget 1 %. Share of bakes stopped, and the median time until then.`,
);
for (const [title, worlds] of [
  ["healthy memory", healthy],
  ["leaking memory", leaking],
] as const) {
  say("");
  say(`| ${title} | ${judges.map(([name]) => name).join(" | ")} |`);
  say(`|---|${judges.map(() => "---").join("|")}|`);
  for (const world of worlds) {
    if (options.only !== undefined && !world.name.includes(options.only)) continue;
    say(
      `| ${world.name} | ${judges.map(([, stop, share]) => study(world, stop, Math.ceil(share * runs))).join(" | ")} |`,
    );
  }
}
