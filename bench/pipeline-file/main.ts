// How long a fresh process takes to load the parser and parse an ordinary pipeline file, against an empty one, in one run.
// Bundled as the actions are; `npm run prepare` comes first.
//   node bench/pipeline-file/main.ts [--rounds 30]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "30" } } });
const root = new URL("../../", import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), "rocksolid-pipeline-file-"));
const path = (name: string) => join(directory, name);

const ncc = createRequire(import.meta.url)("@vercel/ncc") as (
  input: string,
  options: Record<string, unknown>,
) => Promise<{ code: string }>;

const file = JSON.stringify(`${root}test/pipeline/example.yml`);
const report = "process.stdout.write(String(performance.now() - performance.nodeTiming.bootstrapComplete));";
writeFileSync(path("package.json"), '{ "type": "module" }');
writeFileSync(path("empty.js"), report);
writeFileSync(
  path("entry.js"),
  `import { readFileSync } from "node:fs";
import { parsePipeline } from "${root}build/src/pipeline/parse.js";
if (!parsePipeline(readFileSync(${file}, "utf8"), "pipeline.yml").ok) throw new Error("the example has mistakes");
${report}`,
);
const { code } = await ncc(path("entry.js"), { cache: false, quiet: true, target: "es2024" });
writeFileSync(path("bundle.js"), code);
writeFileSync(
  path("cached.js"),
  `import { enableCompileCache, flushCompileCache } from "node:module";
enableCompileCache(${JSON.stringify(path("cache"))});
await import("./bundle.js");
flushCompileCache();`,
);

/** Milliseconds after Node's own start, and of the whole process. */
function run(name: string): { inside: number; whole: number } {
  const started = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, [path(name)], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return { inside: Number(stdout), whole: performance.now() - started };
}

const least = (numbers: readonly number[]) => Math.min(...numbers);
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const names = ["empty.js", "bundle.js", "cached.js"] as const;
const times = new Map(names.map((name) => [name, [] as { inside: number; whole: number }[]]));
for (const name of names) run(name);
// In turn, so that what else the machine does meets all of them alike.
for (let round = 0; round < Number(values.rounds); round++) for (const name of names) times.get(name)?.push(run(name));
const whole = (name: (typeof names)[number]) => median((times.get(name) ?? []).map((time) => time.whole));
for (const name of names) {
  const inside = (times.get(name) ?? []).map((time) => time.inside);
  const ratio = whole(name) / whole("empty.js");
  process.stdout.write(
    `${name.padEnd(10)} ${median(inside).toFixed(1)} ms after Node's start, at least ${least(inside).toFixed(1)}; ` +
      `the process ${whole(name).toFixed(1)} ms, ${ratio.toFixed(2)} x empty\n`,
  );
}
rmSync(directory, { recursive: true });
