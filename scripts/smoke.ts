// Plays rehearsals through the README's command and holds their JSON to what must come out: `npm run smoke`, or by name
// `npm run smoke -- good`.
import { deepEqual, equal } from "node:assert/strict";
import { execFile } from "node:child_process";
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

/** Plays one; answers what went wrong, or undefined. */
async function play(name: string, { args, exitStatus, expected, seen }: Smoke): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "rocksolid-smoke-"));
  try {
    const json = join(folder, "result.json");
    const command = ["run", "--silent", "rehearse", "--", ...args, "--json", json];
    const { status, output } = await new Promise<{ status: number; output: string }>((resolve) => {
      execFile("npm", command, { timeout: 240_000 }, (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` }),
      );
    });
    try {
      equal(status, exitStatus, `exit status ${status} instead of ${exitStatus}`);
      const result = JSON.parse(readFileSync(json, "utf8")) as RehearsalResult;
      deepEqual(seen(result), expected);
      process.stdout.write(`${name}: ${result.sentence} (${result.seconds.toFixed(1)} s)\n`);
      return undefined;
    } catch (error) {
      return `${output}\n${name}: ${error instanceof Error ? error.message : String(error)}\n`;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const names = process.argv.slice(2);
const unknown = names.find((name) => !Object.hasOwn(smokes, name));
if (unknown !== undefined) {
  process.stderr.write(
    `"${unknown}" is no rehearsal of this script: it has ${Object.keys(smokes).join(", ")}; without a name it plays all\n`,
  );
  process.exitCode = 2;
} else {
  const chosen = Object.entries(smokes).filter(([name]) => names.length === 0 || names.includes(name));
  // Side by side: most of a rehearsal is waiting.
  const failures = await Promise.all(chosen.map(([name, smoke]) => play(name, smoke)));
  for (const failure of failures) if (failure !== undefined) process.stdout.write(failure);
  if (failures.some((failure) => failure !== undefined)) process.exitCode = 1;
}
