import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { World } from "../../src/actions/world.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { type Candidate, type DeploymentRecord, SCHEMA, type Status } from "../../src/ledger/record.ts";
import { type GitHub, NotFound } from "../../src/platform/github.ts";
import { type ActionName, actions } from "./house.ts";

/** Lets others go first, as an answer that is on its way does; a test decides whose turn it is. */
export type Turn = (label: string) => Promise<void>;

const PIPELINE = `
service: storage-node
checks:
  smoke: { run: verify }
stages:
  - { name: beta, deploy: deploy, gate: { checks: [smoke], timeout: 1m, every: 30s } }
`;

const directory = mkdtempSync(join(tmpdir(), "rocksolid-memory-"));
writeFileSync(join(directory, "pipeline.yml"), PIPELINE);
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));

export interface StepEnd {
  readonly outputs: Readonly<Record<string, string>>;
  readonly failure: string | undefined;
}

export const candidateOf = (version: number): Candidate => {
  const digits = String(version).padStart(40, "0");
  return { version: `1.${version}.0`, commit: digits, digest: `git:${digits}` };
};

/**
 * GitHub as far as the ledger needs it, in memory: every call takes effect at one instant of its own, some time before
 * its answer arrives, and in between anything may happen. Times are whole seconds, as GitHub's are.
 */
export class Memory {
  readonly #records: { record: DeploymentRecord; statuses: Status[] }[] = [];
  readonly #turn: Turn;
  readonly issues: { number: number; title: string; body: string; html_url: string; labels: { name: string }[] }[] = [];
  readonly ended = new Set<number>();
  readonly bad = new Set<string>();
  /** Versions whose deploy was begun, in order. */
  readonly deployed: string[] = [];
  live = "";
  /** Called when a deploy begins, and when it ends. */
  onDeploy: (version: string, run: number, begins: boolean) => void = () => {};
  #now = Date.parse("2026-11-18T12:00:00Z");

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  get records(): readonly DeploymentRecord[] {
    return this.#records.map(({ record, statuses }) => ({ ...record, statuses: [...statuses] })).reverse();
  }

  /** Where the ledger stands before anything begins: version `0` is live. */
  seed(): void {
    const candidate = candidateOf(0);
    const run = { id: 1, attempt: 1, url: "https://github.test/runs/1" };
    const record = {
      id: 1,
      environment: "beta",
      createdAt: this.#second() - 60_000,
      creator: "bot",
      payload: {
        schema: SCHEMA,
        service: "storage-node",
        stage: "beta",
        kind: "promotion",
        candidate,
        run,
        actor: "ada",
      },
      statuses: [],
    } as const;
    const at = record.createdAt;
    this.#records.push({
      record,
      statuses: [
        { state: "in_progress", description: "deployed 1.0.0", at },
        { state: "success", description: "passed: 1 check", at },
      ],
    });
    this.live = candidate.version;
  }

  #second(): number {
    return Math.floor(this.#now / 1_000) * 1_000;
  }

  async #call<T>(what: string, effect: () => T): Promise<T> {
    await this.#turn(`${what}: sent`);
    this.#now += 100;
    const value = effect();
    await this.#turn(`${what}: answered`);
    return value;
  }

  ledger(run: number): Ledger {
    return {
      records: () => this.#call(`${run} reads`, () => this.records),
      create: ({ environment, payload }) =>
        this.#call(`${run} creates`, () => {
          const id = (this.#records.at(-1)?.record.id ?? 0) + 1;
          const record = { id, environment, createdAt: this.#second(), creator: "bot", payload, statuses: [] };
          this.#records.push({ record, statuses: [] });
          return record;
        }),
      append: (id, { state, description }) =>
        this.#call(`${run} writes ${state}`, () => {
          this.#records
            .find(({ record }) => record.id === id)
            ?.statuses.push({ state, description, at: this.#second() });
        }),
    };
  }

  github(run: number): GitHub {
    const answer = (route: string, parameters: Readonly<Record<string, unknown>>): unknown => {
      if (route.endsWith("/environments/{environment_name}")) return { protection_rules: [] };
      if (route.startsWith("GET") && route.endsWith("/issues"))
        return this.issues.filter(({ labels }) => labels.some(({ name }) => name === parameters["labels"]));
      if (route.startsWith("POST") && route.endsWith("/issues")) {
        const number = this.issues.length + 1;
        const labels = (parameters["labels"] as string[]).map((name) => ({ name }));
        const { title, body } = parameters as { title: string; body: string };
        this.issues.push({ number, title, body, labels, html_url: `https://github.test/issues/${number}` });
        return { number };
      }
      if (route.endsWith("/compare/{basehead}")) {
        const [base = "", head = ""] = String(parameters["basehead"]).split("...");
        return { status: head > base ? "ahead" : "behind", commits: [] };
      }
      if (route.endsWith("/actions/runs/{run_id}"))
        return { status: this.ended.has(Number(parameters["run_id"])) ? "completed" : "in_progress", conclusion: null };
      if (route.endsWith("/jobs")) return { total_count: 0, jobs: [] };
      throw new NotFound(`no ${route}`);
    };
    return {
      owner: "demo",
      repo: "storage-node",
      now: () => this.#now,
      allowance: () => undefined,
      rest: async (route, parameters) => ({
        status: 200,
        data: (await this.#call(`${run} ${route}`, () => answer(route, parameters))) as never,
      }),
      graphql: () => Promise.reject(new Error("the ledger is asked, and not GraphQL")),
    };
  }

  /** Runs one action of a run to its end. */
  async step(run: number, action: ActionName, inputs: Readonly<Record<string, string>>): Promise<StepEnd> {
    const outputs: Record<string, string> = {};
    let failure: string | undefined;
    const given: Record<string, string> = { pipeline: "pipeline.yml", stage: "beta", token: "t", ...inputs };
    const url = `https://github.test/runs/${run}`;
    const world: World = {
      runner: {
        input: (name) => given[name] ?? "",
        info() {},
        warning() {},
        fail(reason) {
          failure = reason;
        },
        output(name, value) {
          outputs[name] = value;
        },
        summary: async () => {},
        save() {},
        saved: () => "",
      },
      context: {
        repository: "demo/storage-node",
        actor: "ada",
        sha: given["commit"] ?? "0".repeat(40),
        refName: "",
        refType: "",
        run: { id: run, attempt: 1, url },
        workspace: directory,
        temporary: directory,
      },
      clock: {
        now: () => this.#now,
        sleep: async (ms) => {
          const wake = this.#now + ms;
          await this.#turn(`${run} sleeps`);
          this.#now = Math.max(this.#now, wake);
        },
      },
      env: {},
      variables: {},
      cancelled: new AbortController().signal,
      runCommand: async (command, { env }) => {
        const version = env["ROCKSOLID_VERSION"] ?? "";
        if (command === "verify") return { exitCode: this.bad.has(this.live) ? 1 : 0, tail: "" };
        this.deployed.push(version);
        this.onDeploy(version, run, true);
        await this.#turn(`${run} deploys`);
        this.live = version;
        this.onDeploy(version, run, false);
        return { exitCode: 0, tail: "" };
      },
      connect: () => ({ github: this.github(run), ledger: this.ledger(run) }),
    };
    try {
      await actions[action].main(world);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    return { outputs, failure };
  }

  /** One run as action.yml plays it: promote, gate, and a rollback when one of them failed. */
  async play(run: number, version: number, maxWait = "30m"): Promise<StepEnd> {
    const { commit, version: name } = candidateOf(version);
    const common = { version: name, commit, "max-wait": maxWait };
    const promoted = await this.step(run, "promote", common);
    const deployment = promoted.outputs["deployment-id"] ?? "";
    const gated =
      promoted.failure === undefined
        ? await this.step(run, "gate", { ...common, "deployment-id": deployment })
        : promoted;
    if (gated.failure !== undefined && deployment !== "")
      await this.step(run, "rollback", { "deployment-id": deployment, failure: gated.outputs["result"] ?? "" });
    this.ended.add(run);
    return gated;
  }
}
