// Log scanning against grep, ripgrep and jq, in one run on the same files: node bench/logs/main.ts [--size 1GiB] [--quick]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Kind, kinds, writeLog } from "./data.ts";

const { values } = parseArgs({
  options: { size: { type: "string", default: "1GiB" }, quick: { type: "boolean", default: false } },
});
const [, amount, unit] = /^(\d+)(MiB|GiB)$/.exec(values.quick ? "64MiB" : values.size) ?? [];
if (amount === undefined) throw new Error("--size: write 256MiB or 1GiB");
const size = Number(amount) * (unit === "GiB" ? 2 ** 30 : 2 ** 20);
const ROUNDS = 5;

interface Once {
  readonly milliseconds: number;
  readonly lines: number;
  readonly errors: number;
  readonly kinds: number;
  readonly bytes: number;
  readonly megabytes: number;
  readonly unreadable: readonly unknown[];
}

const directory = mkdtempSync(join(tmpdir(), "rocksolid-bench-"));
const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function own(file: string, mode: string): Once {
  const output = execFileSync(process.execPath, [new URL("once.ts", import.meta.url).pathname, file, mode]);
  return JSON.parse(output.toString()) as Once;
}

/** Milliseconds that a command takes, and what it printed; `undefined` where it is not installed. */
function tool(command: string, ...args: string[]): { milliseconds: number; output: string } | undefined {
  const started = performance.now();
  const result = spawnSync(command, args, { maxBuffer: 1 << 28 });
  if (result.error) return undefined;
  return { milliseconds: performance.now() - started, output: result.stdout.toString() };
}

const JQ =
  'reduce (inputs | select(.level == "error" or .level == "fatal")) as $line ({}; .[$line.level + $line.time[0:16]] += 1)';

/** The quickest of some rounds: what disturbs only ever makes slower. */
const best = (times: readonly number[]): number => Math.min(...times);

function measure(kind: Kind): void {
  const file = join(directory, `${kind}.log`);
  const last = writeLog(file, kind, size);
  const bytes = statSync(file).size;
  const counted: Once[] = [];
  const sorted: Once[] = [];
  const greps: number[] = [];
  const rgs: number[] = [];
  let grepCount = "";
  for (let round = 0; round < ROUNDS; round++) {
    // In turns, so that a busy machine disturbs all alike.
    counted.push(own(file, "count"));
    const grep = kind === "json" ? undefined : tool("grep", "-cE", "ERROR|FATAL", file);
    if (grep) greps.push(grep.milliseconds);
    grepCount = grep?.output.trim() ?? grepCount;
    sorted.push(own(file, "kinds"));
    const rg = kind === "json" ? undefined : tool("rg", "-c", "ERROR|FATAL", file);
    if (rg) rgs.push(rg.milliseconds);
  }
  const jq = kind === "json" ? tool("jq", "-n", JQ, file) : undefined;
  const count = best(counted.map((one) => one.milliseconds));
  const kindsTime = best(sorted.map((one) => one.milliseconds));
  const one = counted[0];
  if (one === undefined || one.unreadable.length > 0) throw new Error(`the scan could not read ${file}`);
  if (kind !== "json" && grepCount !== "" && Number(grepCount) !== one.errors) {
    throw new Error(`grep counted ${grepCount} lines, the scan ${one.errors} errors`);
  }
  const speed = (milliseconds: number): string => `${(bytes / 1e6 / milliseconds).toFixed(2)} GB/s`;
  const row = (name: string, milliseconds: number | undefined, compared: string): void =>
    print(
      `| ${kind} | ${name} | ${milliseconds === undefined ? "not installed" : speed(milliseconds)} | ${compared} |`,
    );
  const against = (milliseconds: number | undefined): string =>
    milliseconds === undefined ? "" : `${(milliseconds / count).toFixed(2)}× as fast as it`;
  row(
    "errors by level and minute",
    count,
    `${one.lines.toLocaleString("en-US")} events, ${one.errors.toLocaleString("en-US")} errors`,
  );
  row(
    "the same, with kinds",
    kindsTime,
    `${(count / kindsTime).toFixed(2)} of the speed without; ${sorted[0]?.kinds} kinds`,
  );
  if (kind === "json") row("jq 'reduce … select …'", jq?.milliseconds, against(jq?.milliseconds));
  else {
    const grep = greps.length > 0 ? best(greps) : undefined;
    row("grep -cE 'ERROR\\|FATAL'", grep, against(grep));
    const rg = rgs.length > 0 ? best(rgs) : undefined;
    row("rg -c 'ERROR\\|FATAL'", rg, against(rg));
  }
  const minute = Array.from({ length: ROUNDS }, () => own(file, String(last - 60_000)));
  const quickest = minute.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
  print(
    `| ${kind} | the last minute only | ${quickest.milliseconds.toFixed(0)} ms | ${(quickest.bytes / 1e6).toFixed(1)} MB of ${(bytes / 1e6).toFixed(0)} read |`,
  );
  print(
    `| ${kind} | peak memory | ${Math.max(...counted.map((each) => each.megabytes)).toFixed(0)} MB | with kinds ${Math.max(...sorted.map((each) => each.megabytes)).toFixed(0)} MB |`,
  );
  rmSync(file);
}

try {
  print("| log | what | speed | |");
  print("|---|---|---|---|");
  for (const kind of kinds) measure(kind);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
