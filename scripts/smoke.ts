// Plays one rehearsal through the README's command and holds its JSON to what must come out: `npm run smoke -- good`.
import { deepEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RehearsalResult } from "../rehearsal/result.ts";

interface Smoke {
  readonly args: readonly string[];
  readonly exitStatus: number;
  /** What has to be so, and what is, in the same shape. */
  readonly expected: object;
  seen(result: RehearsalResult): object;
}

const BEFORE = "1.4.0";
const CANDIDATE = "1.5.0";

const released = {
  outcome: "released",
  live: { alpha: CANDIDATE, beta: CANDIDATE, gamma: CANDIDATE, "one-box": CANDIDATE, prod: CANDIDATE },
  hosts: [CANDIDATE],
  holds: [],
};

const standing = ({ outcome, live, hosts, holds }: RehearsalResult) => ({
  outcome,
  live,
  hosts: [...new Set(Object.values(hosts))].sort(),
  holds: holds.map(({ stage }) => stage),
});

const lastStatus = (result: RehearsalResult, stage: string): string =>
  result.stages.find(({ name }) => name === stage)?.statuses.find(({ state }) => state === "success")?.description ??
  "";

const smokes: Readonly<Record<string, Smoke>> = {
  good: {
    args: [],
    exitStatus: 0,
    expected: { ...released, baked: true },
    seen: (result) => ({ ...standing(result), baked: lastStatus(result, "one-box").startsWith("baked ") }),
  },
  errors: {
    args: ["--candidate", "errors"],
    exitStatus: 3,
    expected: {
      outcome: "rolled-back",
      live: { alpha: CANDIDATE, beta: CANDIDATE, gamma: CANDIDATE, "one-box": BEFORE, prod: BEFORE },
      hosts: [BEFORE, CANDIDATE],
      holds: ["one-box"],
      verdict: "fail",
      production: null,
    },
    seen(result) {
      const stage = (name: string) => result.stages.find((one) => one.name === name);
      return { ...standing(result), verdict: stage("one-box")?.verdict, production: stage("prod")?.deployment };
    },
  },
  hotfix: {
    args: ["--workflow", "hotfix.yml", "--input", `version=${CANDIDATE}`, "--input", "reason=disks fill up"],
    exitStatus: 0,
    expected: { ...released, skipped: true },
    seen: (result) => ({
      ...standing(result),
      skipped: lastStatus(result, "one-box").includes("bake skipped: hotfix"),
    }),
  },
};

function play(name: string, { args, exitStatus, expected, seen }: Smoke): boolean {
  const folder = mkdtempSync(join(tmpdir(), "rocksolid-smoke-"));
  try {
    const json = join(folder, "result.json");
    const run = spawnSync("npm", ["run", "--silent", "rehearse", "--", ...args, "--json", json], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 240_000,
    });
    const output = `${run.stdout}${run.stderr}`;
    try {
      deepEqual(run.status, exitStatus, `exit status ${run.status} instead of ${exitStatus}`);
      const result = JSON.parse(readFileSync(json, "utf8")) as RehearsalResult;
      deepEqual(seen(result), expected);
      process.stdout.write(`${name}: ${result.sentence} (${result.seconds.toFixed(1)} s)\n`);
      return true;
    } catch (error) {
      process.stdout.write(`${output}\n${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      return false;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const name = process.argv[2] ?? "";
const smoke = Object.hasOwn(smokes, name) ? smokes[name] : undefined;
if (smoke === undefined) {
  process.stderr.write(`"${name}" is no rehearsal of this script: it has ${Object.keys(smokes).join(", ")}\n`);
  process.exitCode = 2;
} else if (!play(name, smoke)) {
  process.exitCode = 1;
}
