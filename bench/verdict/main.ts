import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Family, families, holes } from "./families.ts";
import { rivals } from "./rivals.ts";
import { speed } from "./speed.ts";
import { alone, FALSE_ALARM, type Fared, fairThresholds, study } from "./study.ts";
import { leastLooks, type World } from "./worlds.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    only: { type: "string" },
    // A file of rows: the study takes a quarter of an hour, and goes on from there when it was interrupted.
    keep: { type: "string" },
  },
});
interface Rows {
  readonly healthy: string;
  readonly bad: readonly string[];
}

async function read(file: string): Promise<Record<string, Rows>> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  return JSON.parse(text);
}

const runs = options.quick ? 100 : 400;
const badRuns = options.quick ? 40 : 100;
/** Bakes of no more looks than this are cheap enough for ten times as many. */
const SHORT = 30;
const lines: string[] = [];
const say = (line: string) => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const clock = (look: number | null) =>
  look === null ? "–" : look * 5 < 120 ? `${look * 5} min` : `${((look * 5) / 60).toFixed(1)} h`;
const cell = (fared: Fared | null) => (fared === null ? "–" : `${percent(fared.stopped)}, ${clock(fared.median)}`);

const least = ({ information, checks }: World) =>
  information === undefined ? "" : `≥ ${clock(Math.ceil(leastLooks(information, FALSE_ALARM / checks)))}`;

say(
  `Seeded; ${runs} healthy and ${badRuns} bad bakes a world (${10 * badRuns} where a bake has ${SHORT} looks or fewer), one look every 5 minutes, false-alarm budget 1 % a bake.`,
);
say("");
say("Healthy worlds: share of bakes stopped although nothing is wrong.");
say("");
say(`| healthy world | Rocksolid | ${rivals.map(({ name }) => name).join(" | ")} |`);
say(`|---|---|${rivals.map(() => "---").join("|")}|`);
/** The rows of one family: its healthy world, and the bad ones. */
function rowsOf(family: Family, number: number): Rows {
  const share = family.healthy.looks > 1_000 ? 10 : 1;
  const healthy = study(family.healthy, Math.ceil(runs / share), number + 1);
  const usual = healthy.usual.map(({ stopped }) => percent(stopped));
  const thresholds = fairThresholds(healthy);
  return {
    healthy: `| ${family.healthy.name} | ${percent(healthy.ours.stopped)} | ${usual.join(" | ")} |`,
    bad: family.bad.map((world) => {
      const result = study(world, world.looks > SHORT ? badRuns : 10 * badRuns, number + 101, thresholds);
      const cells = rivals.map((_, i) => cell(result.fair[i] ?? result.usual[i] ?? null));
      return `| ${world.name} | ${cell(result.ours)} | ${cells.join(" | ")} | ${least(world)} |`;
    }),
  };
}

const kept: Record<string, Rows> = options.keep === undefined ? {} : await read(options.keep);
const bad: string[] = [];
for (const [number, family] of families.entries()) {
  const { name } = family.healthy;
  if (options.only !== undefined && !name.includes(options.only)) continue;
  const rows = kept[name] ?? rowsOf(family, number);
  kept[name] = rows;
  if (options.keep !== undefined) await writeFile(options.keep, JSON.stringify(kept));
  say(rows.healthy);
  bad.push(...rows.bad);
}
say("");
say(
  "Bad worlds: share of bakes stopped, and the median time until then. The rivals' thresholds are chosen, with knowledge of the healthy twin that nobody has in practice, so that they too stop 1 % of healthy bakes; Kayenta's has none to choose. Last: the mean time below which no test with these false alarms can stop all, though it knew how the numbers scatter and how bad the candidate is, but not the level of both sides (Wald's bound), where looks are independent.",
);
say("");
say(`| bad world | Rocksolid | ${rivals.map(({ name }) => name).join(" | ")} | any test |`);
say(`|---|---|${rivals.map(() => "---").join("|")}|---|`);
for (const row of bad) say(row);
say("");
if (options.only === undefined) {
  const many = options.quick ? 200 : 1_000;
  say(`Healthy worlds in which the budget is known not to hold, ${many} bakes each: docs/statistics.md says why.`);
  say("");
  say("| healthy world | Rocksolid |");
  say("|---|---|");
  for (const [number, world] of holes.entries()) {
    say(`| ${world.name} | ${percent(alone(world, many, number + 201))} |`);
  }
  say("");
}
for (const line of speed(options.quick)) say(line);

if (options.write) {
  const file = join(import.meta.dirname, "../../docs/benchmarks.md");
  const [begin, end] = ["<!-- verdict: begin -->", "<!-- verdict: end -->"];
  const section = `${begin}\n## Verdict\n\nPrinted by \`node bench/verdict/main.ts --write\`.\n\n${lines.join("\n")}\n${end}`;
  const before = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "# Benchmarks\n";
    throw error;
  });
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  const after =
    from >= 0 && to > from
      ? before.slice(0, from) + section + before.slice(to + end.length)
      : `${before.trimEnd()}\n\n${section}\n`;
  await writeFile(file, after);
}
