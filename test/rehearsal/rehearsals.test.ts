import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { candidateNames } from "../../rehearsal/fleet/candidates.ts";
import { git } from "../../rehearsal/fleet/repository.ts";
import { rocksolidRoot } from "../../rehearsal/fleet/root.ts";
import type { RehearsalOptions } from "../../rehearsal/options.ts";
import { type RehearsalResult, rehearse } from "../../rehearsal/rehearse.ts";
import { ConfigurationError } from "../../src/platform/errors.ts";

/** Twice as fast as the default; faster, and a look sees too few requests to tell anything. */
const SPEED = 1440;
const TIMEOUT = 240_000;

const play = (options: Partial<RehearsalOptions>): Promise<RehearsalResult> => rehearse({ speed: SPEED, ...options });

const ringOf = (host: string): string => host.replace(/-\w+-\d$/, "");

function versionsByRing({ hosts }: RehearsalResult): Record<string, string> {
  const rings: Record<string, Set<string | null>> = {};
  for (const [host, version] of Object.entries(hosts)) {
    const ring = ringOf(host);
    rings[ring] = (rings[ring] ?? new Set()).add(version);
  }
  return Object.fromEntries(Object.entries(rings).map(([ring, versions]) => [ring, [...versions].join(" and ")]));
}

function stageOf(result: RehearsalResult, name: string) {
  const stage = result.stages.find((one) => one.name === name);
  if (!stage) throw new Error(`no stage ${name}`);
  return stage;
}

/** Where each faulty candidate has to end, and the check that has to say so. */
const endings: Readonly<Record<string, { readonly stage: string; readonly reason: RegExp }>> = {
  // On a machine so slow that the first look sees fewer than 10 lines it is their kind that is wrong, not yet their rate.
  errors: {
    stage: "one-box",
    reason:
      /^errors \(one-box-\w+-1\): ([\d,]+ of [\d,]+ lines \(\d+(\.\d+)?%\) > 0\.5%|\d+ new kinds? of errors > 0: )/,
  },
  slow: { stage: "beta", reason: /^latency \(beta-\w+-1\): \d+ms > 200ms/ },
  silent: { stage: "alpha", reason: /^errors-here: 0 lines < 4/ },
  crash: { stage: "one-box", reason: /one-box-ap-1/ },
  config: { stage: "gamma", reason: /^smoke \(gamma-eu-1\)/ },
};

const order = ["source", "alpha", "beta", "gamma", "one-box", "prod"];

describe("a rehearsal", () => {
  it("releases the good candidate to every host", { timeout: TIMEOUT }, async () => {
    const result = await play({ candidate: "good" });
    expect(result).toMatchObject({
      outcome: "released",
      exitStatus: 0,
      reason: "1.5.0 is live on 6 of 6 prod hosts",
      live: { alpha: "1.5.0", beta: "1.5.0", gamma: "1.5.0", "one-box": "1.5.0", prod: "1.5.0" },
      holds: [],
    });
    expect(versionsByRing(result)).toEqual({ beta: "1.5.0", gamma: "1.5.0", "one-box": "1.5.0", prod: "1.5.0" });
    expect(result.stages.map(({ name, verdict }) => [name, verdict])).toEqual(order.map((name) => [name, "pass"]));
    for (const { name, deployment, statuses } of result.stages.slice(1)) {
      expect([name, deployment !== null, statuses.at(-1)?.state]).toEqual([name, true, "success"]);
    }
    for (const name of ["beta", "one-box", "prod"]) {
      expect(stageOf(result, name).statuses.at(-1)?.description).toMatch(/^baked .*: \d+ samples, 0 failed/);
    }
    // No customer was refused; those whose connection was cut by a restart ask again.
    expect(result.traffic.failed).toBe(0);
    expect(result.traffic.sent).toBeGreaterThan(1000);
    expect(result.requests.total).toBe(Object.values(result.requests.byRoute).reduce((sum, n) => sum + n, 0));
    expect(result.requests.total).toBeGreaterThan(50);
  });

  it("knows where every faulty candidate has to end", () => {
    expect(Object.keys(endings).sort()).toEqual(
      candidateNames()
        // What leaks is found by a slope, which this pipeline file has none of: see sequential.test.ts. For "index" see
        // ../reliability/bake-ways.test.ts.
        .filter((name) => name !== "good" && name !== "leak" && name !== "index")
        .sort(),
    );
  });

  for (const [candidate, { stage, reason }] of Object.entries(endings)) {
    it(`stops "${candidate}" in ${stage}, rolls back, and leaves production untouched`, {
      timeout: TIMEOUT,
    }, async () => {
      const result = await play({ candidate });
      expect(result.reason).toMatch(reason);
      expect(result).toMatchObject({
        outcome: "rolled-back",
        exitStatus: 3,
        live: { [stage]: "1.4.0", prod: "1.4.0" },
      });
      expect(result.sentence).toContain(`stopped in ${stage} and rolled back to 1.4.0: `);
      expect(versionsByRing(result)).toMatchObject({ prod: "1.4.0", ...(stage !== "alpha" && { [stage]: "1.4.0" }) });
      const index = order.indexOf(stage);
      for (const name of order.slice(0, index)) expect([name, stageOf(result, name).verdict]).toEqual([name, "pass"]);
      expect(stageOf(result, stage).verdict).toBe("fail");
      expect(stageOf(result, stage).statuses.map(({ state }) => state)).toContain("failure");
      expect(stageOf(result, stage).rollback).toMatchObject({ version: "1.4.0" });
      for (const name of order.slice(index + 1)) {
        expect(stageOf(result, name)).toMatchObject({ deployment: null, statuses: [], verdict: null });
      }
      expect(result.holds).toMatchObject([{ stage, title: expect.stringContaining("1.5.0") }]);
    });
  }

  it("of a hotfix skips the bakes and nothing else", { timeout: TIMEOUT }, async () => {
    const result = await play({ workflow: "hotfix.yml", inputs: { version: "1.5.0", reason: "a hole" } });
    expect(result).toMatchObject({ outcome: "released", exitStatus: 0, live: { prod: "1.5.0" } });
    for (const { name, statuses } of result.stages.slice(1)) {
      const text = statuses.map(({ description }) => description).join("\n");
      expect([name, text]).toEqual([name, expect.stringMatching(/passed: \d checks?/)]);
      expect([name, text]).toEqual([name, expect.not.stringMatching(/^baking/m)]);
    }
  });

  it("of a rollback by hand returns production to the release before", { timeout: TIMEOUT }, async () => {
    const result = await play({ workflow: "rollback.yml", inputs: { stage: "prod", reason: "wrong prices" } });
    expect(result).toMatchObject({
      outcome: "rolled-back",
      exitStatus: 0,
      live: { prod: "1.3.0", "one-box": "1.4.0" },
    });
    expect(versionsByRing(result)).toMatchObject({ prod: "1.3.0", "one-box": "1.4.0" });
    expect(result.holds).toMatchObject([{ stage: "prod" }]);
  });

  it("plays a user's own repository, their workflow and their commands", { timeout: TIMEOUT }, async () => {
    await withOwnRepository(async (repository, live) => {
      const result = await play({ repository, workflow: "release.yml" });
      expect(result).toMatchObject({
        outcome: "released",
        exitStatus: 0,
        reason: "7.0.1 is live on shop",
        // The workflow hands over the tag's name as it is.
        live: { shop: "v7.0.1" },
        hosts: { "till-1": null, "till-2": null },
      });
      expect((await readFile(live, "utf8")).trim().split("\n").sort()).toEqual(["till-1 v7.0.1", "till-2 v7.0.1"]);
      expect(await git(repository, "status", "--porcelain")).toBe("");
    });
  });

  it("waits a day for a machine that is offline, then stops and names it", { timeout: TIMEOUT }, async () => {
    await withOwnRepository(async (repository, live) => {
      const result = await play({ repository, workflow: "release.yml", offline: ["till-2"], speed: 24 * 1440 });
      expect(result).toMatchObject({ outcome: "stopped", exitStatus: 3, live: { shop: null } });
      expect(result.sentence).toMatch(
        /^stopped in shop: job "shop \/ deploy till-2": The job was not picked up by a runner within 24 hours/,
      );
      expect(result.stages[0]?.statuses.at(-1)).toEqual({
        state: "failure",
        description: "deploy failed on 1 target: till-2 (failure)",
      });
      expect(result.holds).toMatchObject([{ stage: "shop", title: expect.stringContaining("till-2") }]);
      expect(await readFile(live, "utf8")).toBe("till-1 v7.0.1\n");
    });
  });

  it("stops before anything is deployed when the reviewer rejects it", { timeout: TIMEOUT }, async () => {
    await withOwnRepository(async (repository, live) => {
      const result = await play({ repository, workflow: "release.yml", approve: "no" });
      expect(result).toMatchObject({ outcome: "stopped", exitStatus: 3, live: { shop: null }, holds: [] });
      expect(result.sentence).toMatch(/^stopped in shop: .*rejected/);
      expect(existsSync(live)).toBe(false);
    });
  });
});

/** A repository of a user's own, whose deploy command writes into the file `live`. */
async function withOwnRepository(use: (repository: string, live: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "rocksolid-own-"));
  try {
    const repository = join(directory, "mine");
    const live = join(directory, "live.txt");
    await cp(join(import.meta.dirname, "own"), repository, { recursive: true });
    await chmod(join(repository, "deploy.sh"), 0o755);
    await writeFile(join(repository, "live"), live);
    await git(directory, "init", "--quiet", "--initial-branch", "trunk", repository);
    await git(repository, "add", "--all");
    await git(repository, "commit", "--quiet", "--message", "first");
    await git(repository, "tag", "v7.0.1");
    await use(repository, live);
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe("a rehearsal that cannot be", () => {
  it("says which workflow was meant", { timeout: TIMEOUT }, async () => {
    await expect(play({ workflow: "pipelin.yml" })).rejects.toThrow(
      /--workflow "pipelin\.yml" is not in \.github\/workflows: did you mean "pipeline\.yml"\?/,
    );
  });

  it("says which input is missing", { timeout: TIMEOUT }, async () => {
    const mistake = play({ workflow: "hotfix.yml", inputs: { version: "1.5.0" } });
    await expect(mistake).rejects.toThrow(ConfigurationError);
    await expect(mistake).rejects.toThrow(/"reason" is required/);
  });

  it("does not work in a directory that holds something", async () => {
    await expect(rehearse({ keep: rocksolidRoot })).rejects.toThrow(/--keep .* is not empty/);
    await expect(rehearse({ keep: "/tmp/a*b" })).rejects.toThrow(/--keep "\/tmp\/a\*b" holds characters/);
  });

  it("says what is wrong with a repository that is none", async () => {
    const directory = await mkdtemp(join(tmpdir(), "rocksolid-own-"));
    try {
      await mkdir(join(directory, "empty"));
      await expect(rehearse({ repository: join(directory, "empty") })).rejects.toThrow(/--repo .* cannot be cloned/);
      await git(directory, "init", "--quiet", "bare");
      await expect(rehearse({ repository: join(directory, "bare") })).rejects.toThrow(/has no commit yet/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("ends with status 1 and a sentence on the command line, without a stack trace", async () => {
    const run = promisify(execFile)(process.execPath, [
      join(rocksolidRoot, "rehearsal", "main.ts"),
      "--speed",
      "never",
    ]);
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: 'rehearse: --speed "never" is not a number above 0: write --speed 720\n',
    });
  });
});
