import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { families, holes } from "./families.ts";
import { rivals } from "./rivals.ts";
import { speed } from "./speed.ts";
import { alone, type Fared, fairThresholds, type Result, study } from "./study.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const runs = options.quick ? 100 : 400;
const badRuns = options.quick ? 40 : 100;
const lines: string[] = [];
const say = (line: string) => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const clock = (look: number | null) =>
  look === null ? "–" : look * 5 < 120 ? `${look * 5} min` : `${((look * 5) / 60).toFixed(1)} h`;
const cell = (fared: Fared | null) => (fared === null ? "–" : `${percent(fared.stopped)}, ${clock(fared.median)}`);

say(
  `Seeded; ${runs} healthy and ${badRuns} bad bakes a world, one look every 5 minutes, false-alarm budget 1 % a bake.`,
);
say("");
say("Healthy worlds: share of bakes stopped although nothing is wrong.");
say("");
say(`| healthy world | Rocksolid | ${rivals.map(({ name }) => name).join(" | ")} |`);
say(`|---|---|${rivals.map(() => "---").join("|")}|`);
const bad: { readonly result: Result }[] = [];
for (const [number, family] of families.entries()) {
  if (options.only !== undefined && !family.healthy.name.includes(options.only)) continue;
  const share = family.healthy.looks > 1_000 ? 10 : 1;
  const healthy = study(family.healthy, Math.ceil(runs / share), number + 1);
  say(
    `| ${family.healthy.name} | ${percent(healthy.ours.stopped)} | ${healthy.usual.map(({ stopped }) => percent(stopped)).join(" | ")} |`,
  );
  const thresholds = fairThresholds(healthy);
  for (const world of family.bad) bad.push({ result: study(world, badRuns, number + 101, thresholds) });
}
say("");
say(
  "Bad worlds: share of bakes stopped, and the median time until then. The rivals' thresholds are chosen, with knowledge of the healthy twin that nobody has in practice, so that they too stop 1 % of healthy bakes; Kayenta's has none to choose.",
);
say("");
say(`| bad world | Rocksolid | ${rivals.map(({ name }) => name).join(" | ")} |`);
say(`|---|---|${rivals.map(() => "---").join("|")}|`);
for (const { result } of bad) {
  const cells = rivals.map((_, i) => cell(result.fair[i] ?? result.usual[i] ?? null));
  say(`| ${result.world.name} | ${cell(result.ours)} | ${cells.join(" | ")} |`);
}
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
