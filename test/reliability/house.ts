import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { EmbeddedGitHub, Permissions } from "../../rehearsal/github/ports.ts";
import { startGitHub } from "../../rehearsal/github/server.ts";
import { bake } from "../../src/actions/bake.ts";
import { gate } from "../../src/actions/gate.ts";
import { afterPromote, promote } from "../../src/actions/promote.ts";
import { afterRollback, rollback } from "../../src/actions/rollback.ts";
import type { Runner, World } from "../../src/actions/world.ts";
import { statusContext } from "../../src/ledger/facts.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { type DeploymentRecord, type Payload, SCHEMA } from "../../src/ledger/record.ts";
import type { Clock } from "../../src/platform/clock.ts";
import { type GitHub, Unanswered } from "../../src/platform/github.ts";
import type { RunCommand } from "../../src/platform/process.ts";
import { PERMISSIONS } from "../actions/lab.ts";
import { plainGitHub } from "./plain-github.ts";

/** Commands are words that {@link House} understands, so that no process is needed for what they do to the world. */
export const PIPELINE = `
service: storage-node
checks:
  unit: { run: "pass" }
  smoke: { run: "verify smoke" }
  steady: { run: "verify steady" }
stages:
  - { name: source, gate: [unit] }
  - { name: beta, deploy: deploy, ready: { checks: [unit], timeout: 1m, every: 30s }, gate: { checks: [smoke], timeout: 1m, every: 30s }, bake: { for: 30m, every: 10m, checks: [steady] } }
  - { name: prod, deploy: deploy, gate: { checks: [smoke], timeout: 1m, every: 30s } }
`;

/** The same with two machines in beta, each with its own share of the deploy. */
export const TARGETS = ["store-1", "store-2"] as const;
export const FLEET_PIPELINE = PIPELINE.replace("checks:", "fleet: .github/fleet.yml\nchecks:").replace(
  "{ name: beta, deploy: deploy,",
  "{ name: beta, targets: { ring: beta }, deploy: deploy,",
);
const FLEET = `targets:\n${TARGETS.map((name) => `  - { name: ${name}, ring: beta }\n`).join("")}`;

export const actions = {
  promote: { main: promote, post: afterPromote },
  gate: { main: gate },
  bake: { main: bake },
  rollback: { main: rollback, post: afterRollback },
} as const;
export type ActionName = keyof typeof actions;

const START = Date.parse("2026-11-18T12:00:00Z");

/** A clock that stands still, and that whoever sleeps moves on: hours of waiting take no time. */
export class StillClock implements Clock {
  #now = START;
  /** A second that passes by itself: GitHub tells its times in whole ones. */
  tick(): void {
    this.#now += 1_000;
  }
  now(): number {
    return this.#now;
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#now += Math.max(0, ms);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** One call to GitHub, and whether it is about to be made or was carried out and its answer is on its way. */
export interface Call {
  readonly index: number;
  readonly what: string;
  readonly writes: boolean;
  readonly moment: "before" | "after";
}

/** How one step of a job ended. */
export interface Ended {
  readonly outputs: Readonly<Record<string, string>>;
  readonly failure: string | undefined;
  readonly log: readonly string[];
  /** The job's machine died in it. */
  readonly killed: boolean;
  readonly state: Readonly<Record<string, string>>;
}

export interface StepRequest {
  readonly run: number;
  readonly attempt: number;
  readonly action: ActionName;
  readonly part: "main" | "post";
  readonly inputs: Readonly<Record<string, string>>;
  readonly state?: Readonly<Record<string, string>>;
  /** Told at both moments of every call; `true` kills the machine there and then. */
  readonly onCall?: (call: Call) => boolean | Promise<boolean>;
  /** Whether a call's answer is lost after it was carried out, or the call itself before it. */
  readonly loses?: (call: Call) => boolean;
  readonly cancelled?: AbortSignal;
}

let repository: { directory: string; commits: Record<string, string> } | undefined;

/** One git repository for all houses of a test file: they only read it. */
function sharedRepository() {
  if (repository) return repository;
  const directory = mkdtempSync(join(tmpdir(), "rocksolid-house-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=house", "-c", "user.email=house@example.test", ...args], {
      cwd: directory,
      encoding: "utf8",
    }).trim();
  git("init", "--quiet", "--initial-branch=main");
  const commits: Record<string, string> = {};
  for (const version of ["1.4.0", "1.5.0", "1.6.0"]) {
    writeFileSync(join(directory, "VERSION"), version);
    git("add", "-A");
    git("commit", "--quiet", "-m", version);
    git("tag", `v${version}`);
    commits[version] = git("rev-parse", "HEAD");
  }
  repository = { directory, commits };
  return repository;
}

/**
 * An embedded GitHub and the actions' own code in this process, with a clock that stands still and commands that only
 * note what they would do. A machine dies by never being answered again: nothing that it would have done after that is done.
 */
export class House {
  readonly github: EmbeddedGitHub;
  readonly clock: StillClock;
  readonly commits: Readonly<Record<string, string>>;
  /** What runs in each stage on each machine, by what the deploy command wrote; the name is empty where it has none. */
  readonly #machines: Record<string, Record<string, string>> = {};
  /** Names of checks, with the version for which they fail: `smoke 1.5.0`. */
  readonly failing = new Set<string>();
  /** Every command that was run: `deploy beta 1.5.0`. */
  readonly commands: string[] = [];
  /** Called while a deploy runs. */
  onDeploy: ((what: string) => Promise<void>) | undefined;
  /** The command at which a person cancels the run, once: `deploy beta 1.5.0`, `smoke 1.5.0`. */
  cancelAt: string | undefined;
  /** Of the run that is played. */
  cancellation = new AbortController();
  /** What the jobs' tokens may do. */
  permissions: Permissions = { ...PERMISSIONS, actions: "write" };
  readonly #directory: string;
  readonly #fleet: boolean;

  private constructor(
    github: EmbeddedGitHub,
    clock: StillClock,
    directory: string,
    commits: Record<string, string>,
    fleet: boolean,
  ) {
    this.github = github;
    this.clock = clock;
    this.#directory = directory;
    this.commits = commits;
    this.#fleet = fleet;
  }

  static async open(pipeline = PIPELINE, rateLimit = 1_000_000): Promise<House> {
    const shared = sharedRepository();
    const clock = new StillClock();
    const directory = mkdtempSync(join(tmpdir(), "rocksolid-house-"));
    const file = join(directory, ".github/pipeline.yml");
    mkdirSync(dirname(file));
    writeFileSync(file, pipeline);
    writeFileSync(join(directory, ".github/fleet.yml"), FLEET);
    const github = await startGitHub({
      repository: "demo/storage-node",
      directory: shared.directory,
      clock,
      rateLimit,
    });
    github.administration.createEnvironment({ name: "beta" });
    github.administration.createEnvironment({ name: "prod" });
    return new House(github, clock, directory, shared.commits, pipeline.includes("fleet:"));
  }

  /** What is live in each stage: one version, or `1.4.0 and 1.5.0` where machines differ. */
  get live(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.#machines).map(([stage, machines]) => [
        stage,
        [...new Set(Object.values(machines))].sort().join(" and "),
      ]),
    );
  }

  async close(): Promise<void> {
    await this.github.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  newRun(version: string): number {
    const { id } = this.github.actions.createRun({
      workflow: ".github/workflows/pipeline.yml",
      name: "pipeline",
      event: "push",
      ref: `refs/tags/v${version}`,
      sha: this.commits[version] ?? "",
      actor: "ada",
    });
    this.github.actions.updateRun(id, "in_progress");
    return id;
  }

  /** Runs one step of a job, as the runner does: an action's main or post part. */
  async step(request: StepRequest): Promise<Ended> {
    const { run, attempt, inputs, action } = request;
    const { github } = this;
    const job = github.actions.createJob({ run, attempt, name: "house", labels: ["ubuntu-latest"] });
    const token = github.actions.issueToken({ run, job, permissions: this.permissions });
    const outputs: Record<string, string> = {};
    const state: Record<string, string> = { ...request.state };
    const log: string[] = [];
    let failure: string | undefined;
    let die: () => void = () => {};
    const death = new Promise<"killed">((resolve) => {
      die = () => resolve("killed");
    });
    const mortal = this.#mortal(token, request, die);
    const version = inputs["version"] ?? "1.5.0";
    const given: Record<string, string> = { version, commit: this.commits[version] ?? "", token, ...inputs };
    const runner: Runner = {
      input: (name) => given[name] ?? "",
      info: (text) => void log.push(text),
      warning: (text) => void log.push(`warning: ${text}`),
      fail(reason) {
        failure = reason;
        log.push(`error: ${reason}`);
      },
      output(name, value) {
        outputs[name] = value;
      },
      summary: async () => {},
      save(name, value) {
        state[name] = value;
      },
      saved: (name) => request.state?.[name] ?? "",
    };
    const url = `https://github.test/demo/storage-node/actions/runs/${run}/attempts/${attempt}`;
    const world: World = {
      runner,
      context: {
        repository: "demo/storage-node",
        actor: "ada",
        sha: this.commits[version] ?? "",
        refName: `v${version}`,
        refType: "tag",
        run: { id: run, attempt, url },
        workspace: this.#directory,
        temporary: this.#directory,
      },
      clock: this.clock,
      env: {},
      variables: {},
      runCommand: this.#runCommand,
      cancelled: request.cancelled ?? this.cancellation.signal,
      connect: () => ({ github: mortal, ledger: openLedger(mortal, this.clock, url) }),
    };
    const parts: { main: (world: World) => Promise<void>; post?: (world: World) => Promise<void> } = actions[action];
    const done = (async () => {
      try {
        await parts[request.part]?.(world);
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
      }
      return "done" as const;
    })();
    const how = await Promise.race([done, death]);
    github.actions.revokeToken(token);
    return { outputs: how === "killed" ? {} : outputs, failure, log, killed: how === "killed", state };
  }

  /** GitHub for one machine: it tells of every call, and never answers a dead machine. */
  #mortal(token: string, { onCall, loses }: Pick<StepRequest, "onCall" | "loses">, die: () => void): GitHub {
    const inner = plainGitHub(this.github.url, token, this.clock);
    let calls = 0;
    let dead = false;
    const never = () => new Promise<never>(() => {});
    const around = async <T>(what: string, writes: boolean, make: () => Promise<T>): Promise<T> => {
      const index = calls++;
      for (const moment of ["before", "after"] as const) {
        if (dead) return never();
        if (moment === "after" && writes) this.clock.tick();
        const result = moment === "after" ? await settled(make) : undefined;
        if (dead) return never();
        if (await onCall?.({ index, what, writes, moment })) {
          dead = true;
          die();
          return never();
        }
        if (loses?.({ index, what, writes, moment })) throw new Unanswered(`could not ${what}: lost ${moment}`);
        if (result) {
          if ("error" in result) throw result.error;
          return result.value;
        }
      }
      throw new Error("unreachable");
    };
    return {
      ...inner,
      rest: (route, parameters, call) =>
        around(`${route.split(" ")[0]} ${call.doing}`, !route.startsWith("GET"), () =>
          inner.rest(route, parameters, call),
        ) as never,
      graphql: (query, variables, call) =>
        around(`QUERY ${call.doing}`, false, () => inner.graphql(query, variables, call)) as never,
    };
  }

  readonly #runCommand: RunCommand = async (command, { env, signal }) => {
    const stage = env["ROCKSOLID_STAGE"] ?? "";
    const version = env["ROCKSOLID_VERSION"] ?? "";
    const target = env["ROCKSOLID_TARGET"] ?? "";
    if (command === "pass") return { exitCode: 0, tail: "" };
    if (command === "deploy") {
      const what = `deploy ${stage} ${version}${target === "" ? "" : ` on ${target}`}`;
      this.commands.push(what);
      await this.onDeploy?.(what);
      this.#mayCancel(what);
      if (signal?.aborted) return { exitCode: 130, stopped: "cancelled", tail: "" };
      if (this.failing.has(what)) return { exitCode: 1, tail: "" };
      this.#machines[stage] = { ...this.#machines[stage], [target]: version };
      return { exitCode: 0, tail: "" };
    }
    const [, name] = /^verify (\w+)$/.exec(command) ?? [];
    if (name === undefined) throw new Error(`no such command: ${command}`);
    const seen = Object.values(this.#machines[stage] ?? {}).map((running) => `${name} ${running}`);
    for (const what of seen) this.#mayCancel(what);
    if (signal?.aborted) return { exitCode: 130, stopped: "cancelled", tail: "" };
    return { exitCode: seen.some((what) => this.failing.has(what)) ? 1 : 0, tail: "" };
  };

  #mayCancel(what: string): void {
    if (what !== this.cancelAt) return;
    this.cancelAt = undefined;
    this.cancellation.abort();
  }

  #admin(): GitHub {
    return plainGitHub(this.github.url, this.github.administration.adminToken(), this.clock);
  }

  /** The ledger and the live version as they are after a version completed stages, without playing it. */
  async seed(version: string, ...stages: string[]): Promise<void> {
    const github = this.#admin();
    const commit = this.commits[version] ?? "";
    const candidate = { version, commit, digest: `git:${commit}` };
    const run = { id: this.newRun(version), attempt: 1, url: "https://github.test/seeded" };
    const ledger = openLedger(github, this.clock, run.url);
    for (const stage of stages) {
      if (stage === "source") {
        await github.rest(
          "POST /repos/{owner}/{repo}/statuses/{sha}",
          { sha: commit, state: "success", context: statusContext("storage-node", stage) },
          { needs: "statuses: write", doing: "seed" },
        );
        continue;
      }
      const payload: Payload = {
        schema: SCHEMA,
        service: "storage-node",
        stage,
        kind: "promotion",
        candidate,
        run,
        actor: "ada",
      };
      const { id } = await ledger.create({
        environment: stage,
        production: stage === "prod",
        payload,
        description: version,
      });
      this.clock.tick();
      await ledger.append(id, { state: "in_progress", description: `deployed ${version}` });
      this.clock.tick();
      await ledger.append(id, { state: "success", description: "baked 30m: 4 samples, 0 failed" });
      const machines = stage === "beta" && this.#fleet ? TARGETS : [""];
      this.#machines[stage] = Object.fromEntries(machines.map((name) => [name, version]));
    }
    this.github.actions.updateRun(run.id, "completed", "success");
    await this.clock.sleep(60_000);
  }

  /** All records of our own, oldest first. */
  async records(): Promise<readonly DeploymentRecord[]> {
    const records = await openLedger(this.#admin(), this.clock, "").records("storage-node", ["beta", "prod"]);
    return [...records].sort((a, b) => a.id - b.id);
  }

  /** Titles of the open issues that hold a stage. */
  async holds(): Promise<readonly string[]> {
    const { data } = await this.#admin().rest<{ title: string; labels: { name: string }[] }[]>(
      "GET /repos/{owner}/{repo}/issues",
      { state: "all", per_page: 100 },
      { needs: "issues: read", doing: "read the holds" },
    );
    return data.map(({ title }) => title);
  }
}

async function settled<T>(make: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await make() };
  } catch (error) {
    return { error };
  }
}
