// Log scanning against grep, ripgrep and jq, in one run on the same files:
//   node bench/logs/main.ts [--size 1GiB] [--quick] [--only plain,json]
// From 4 GiB on each is measured once.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Kind, kinds, writeLog } from "./data.ts";

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "1GiB" },
    quick: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const [, amount, unit] = /^(\d+)(MiB|GiB)$/.exec(values.quick ? "64MiB" : values.size) ?? [];
if (amount === undefined) throw new Error("--size: write 256MiB or 1GiB");
const size = Number(amount) * (unit === "GiB" ? 2 ** 30 : 2 ** 20);
const ROUNDS = size >= 4 * 2 ** 30 ? 1 : 4;
const chosen = kinds.filter((kind) => values.only === undefined || values.only.split(",").includes(kind));
if (chosen.length === 0) throw new Error(`--only: write some of ${kinds.join(",")}`);

interface Timed {
  readonly milliseconds: number;
  /** Of all threads; on a busy machine the fairer figure. */
  readonly cpu: number;
}

interface Once extends Timed {
  readonly lines: number;
  readonly errors: number;
  readonly kinds: number;
  readonly unsorted: number;
  readonly bytes: number;
  readonly megabytes: number;
  readonly unreadable: readonly unknown[];
}

const directory = mkdtempSync(join(tmpdir(), "rocksolid-bench-"));
const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function own(file: string, mode: string): Once {
  const output = execFileSync(process.execPath, [
    new URL(import.meta.url.endsWith(".ts") ? "once.ts" : "once.js", import.meta.url).pathname,
    file,
    mode,
  ]);
  return JSON.parse(output.toString()) as Once;
}

/** How long a command takes, and what it printed; `undefined` where it is not installed. */
function tool(...command: string[]): (Timed & { readonly output: string }) | undefined {
  if (spawnSync(command[0] ?? "", ["--version"]).error) return undefined;
  const started = performance.now();
  const script = 'TIMEFORMAT="%U %S"; time "$@"';
  const result = spawnSync("bash", ["-c", script, "bash", ...command], { maxBuffer: 1 << 28 });
  const milliseconds = performance.now() - started;
  const [user = 0, system = 0] = result.stderr.toString().trim().split("\n").at(-1)?.split(" ").map(Number) ?? [];
  return { milliseconds, cpu: (user + system) * 1000, output: result.stdout.toString() };
}

const JQ =
  'reduce (inputs | select(.level == "error" or .level == "fatal")) as $line ({}; .[$line.level + $line.time[0:16]] += 1)';

/** The quickest of some rounds: what disturbs only ever makes slower. */
const best = (rounds: readonly Timed[]): Timed | undefined =>
  rounds.length === 0
    ? undefined
    : {
        milliseconds: Math.min(...rounds.map((one) => one.milliseconds)),
        cpu: Math.min(...rounds.map((one) => one.cpu)),
      };

function measure(kind: Kind): void {
  const file = join(directory, `${kind}.log`);
  // A million lines are as many different messages as the goal asks for.
  const last = writeLog(file, kind, kind === "different" ? Math.min(size, 63 << 20) : size);
  const bytes = statSync(file).size;
  const counted: Once[] = [];
  const sorted: Once[] = [];
  const greps: Timed[] = [];
  const rgs: Timed[] = [];
  const jqs: Timed[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // In turns, so that a busy machine disturbs all alike.
    counted.push(own(file, "count"));
    sorted.push(own(file, "kinds"));
    if (kind === "json") {
      const jq = round < 1 ? tool("jq", "-n", JQ, file) : undefined;
      if (jq) jqs.push(jq);
      continue;
    }
    const grep = tool("grep", "-cE", "ERROR|FATAL", file);
    if (grep && Number(grep.output) !== counted[0]?.errors) {
      throw new Error(`grep counted ${grep.output.trim()} lines, the scan ${counted[0]?.errors} errors`);
    }
    if (grep) greps.push(grep);
    const rg = tool("rg", "-c", "ERROR|FATAL", file);
    if (rg) rgs.push(rg);
  }
  const one = counted[0];
  if (one === undefined || one.unreadable.length > 0) throw new Error(`the scan could not read ${file}`);
  const count = best(counted);
  const row = (name: string, timed: Timed | undefined, remark: string): void => {
    const speed = (milliseconds: number | undefined): string =>
      milliseconds === undefined ? "not installed" : `${(bytes / 1e6 / milliseconds).toFixed(2)} GB/s`;
    print(`| ${kind} | ${name} | ${speed(timed?.milliseconds)} | ${speed(timed?.cpu)} | ${remark} |`);
  };
  /** How many times as fast the counting is as something else. */
  const ratio = (other: Timed | undefined): string =>
    other === undefined || count === undefined
      ? ""
      : `counting is ${(other.milliseconds / count.milliseconds).toFixed(2)}× as fast by the clock, ${(other.cpu / count.cpu).toFixed(2)}× by processor time`;
  const found = `${one.lines.toLocaleString("en-US")} events, ${one.errors.toLocaleString("en-US")} errors`;
  row("**errors by level and minute**", count, found);
  const merged = sorted[0]?.unsorted
    ? `, and ${sorted[0].unsorted.toLocaleString("en-US")} errors of further ones`
    : "";
  row("the same, with kinds", best(sorted), `${sorted[0]?.kinds} kinds${merged}; ${ratio(best(sorted))}`);
  if (kind === "json") row("jq, the same counts", best(jqs), ratio(best(jqs)));
  else {
    row("grep -cE 'ERROR\\|FATAL'", best(greps), ratio(best(greps)));
    row("rg -c 'ERROR\\|FATAL'", best(rgs), ratio(best(rgs)));
  }
  if (spawnSync("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]).status === 0) {
    const cold = own(file, String(last - 60_000));
    print(
      `| ${kind} | the last minute only, the file not in memory | ${cold.milliseconds.toFixed(0)} ms | ${cold.cpu.toFixed(0)} ms | |`,
    );
  }
  const minute = Array.from({ length: ROUNDS }, () => own(file, String(last - 60_000)));
  const quickest = minute.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
  const megabytes = (all: readonly Once[]): string => Math.max(...all.map((each) => each.megabytes)).toFixed(0);
  print(
    `| ${kind} | the last minute only | ${quickest.milliseconds.toFixed(0)} ms | ${quickest.cpu.toFixed(0)} ms | ${(quickest.bytes / 1e6).toFixed(1)} MB of ${(bytes / 1e6).toFixed(0)} MB read |`,
  );
  print(`| ${kind} | peak memory | ${megabytes(counted)} MB | | with kinds ${megabytes(sorted)} MB |`);
  rmSync(file);
}

try {
  print("| log | what | by the clock | by processor time | |");
  print("|---|---|---|---|---|");
  for (const kind of chosen) measure(kind);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
