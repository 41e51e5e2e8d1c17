import { mkdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { ConfigurationError, messageOf } from "../../src/platform/errors.ts";
import type { Run, RunRequest } from "../github/ports.ts";
import { ConcurrencyGroups } from "./concurrency-groups.ts";
import { Expressions } from "./expressions.ts";
import { git } from "./git.ts";
import { loadTriggers, loadWorkflow } from "./loader.ts";
import type { Workflow } from "./model.ts";
import { loadParser } from "./parser.ts";
import { RunnerPool } from "./pool.ts";
import { WorkflowRun } from "./run.ts";
import type { Shared } from "./shared.ts";
import { Sources } from "./sources.ts";
import { dispatchInputs, pushMatches } from "./triggers.ts";
import type { RunnerMachine, RunnerOptions, RunResult } from "./types.ts";

export type {
  Annotation,
  JobResult,
  RunnerEvent,
  RunnerMachine,
  RunnerOptions,
  RunResult,
  StepResult,
} from "./types.ts";

/** Plays workflows on this machine as GitHub would on its runners. */
export interface WorkflowRunner {
  /**
   * Reads the workflow at the request's commit, with all that it calls and uses, and runs it to its end. Rejects with a
   * ConfigurationError, before anything has run, when it is not valid, uses what a rehearsal does not support, has no
   * such trigger or gets inputs that it does not take.
   */
  start(request: RunRequest): Promise<RunResult>;
  /** Starts every workflow of the commit whose `on: push` filter takes this ref. */
  push(push: Pick<RunRequest, "ref" | "sha" | "actor">): Promise<RunResult[]>;
  /** Cancels a run; false when no such run is being played. */
  cancel(run: number): boolean;
  /** Runs a run's jobs again, all of them or those that did not succeed and what needs them. */
  rerun(run: number, failedJobsOnly: boolean): Promise<RunResult>;
  /**
   * Kills the machines of a run's jobs, or of the one job named, at once: no signal that can be caught, no post steps.
   * GitHub does not know: the job stays in progress until `declareLost`, which ends it as failed.
   */
  kill(run: number, job?: string): { declareLost(): void };
  addRunner(machine: RunnerMachine): void;
  /** Takes a machine away; a job on it runs on. */
  removeRunner(name: string): void;
  /** Cancels what runs and resolves when all of it has ended. */
  close(): Promise<void>;
}

interface Played {
  readonly workflow: Workflow;
  readonly run: Run;
  readonly inputs: Readonly<Record<string, unknown>>;
  attempt: number;
  current: WorkflowRun | undefined;
  result: RunResult | undefined;
}

/** Makes a workflow runner over an embedded GitHub, which it also listens to: dispatches, cancellations and re-runs. */
export function createRunner(options: RunnerOptions): WorkflowRunner {
  return new Runner(options);
}

class Runner implements WorkflowRunner {
  readonly #options: RunnerOptions;
  readonly #pool = new RunnerPool();
  readonly #groups = new ConcurrencyGroups();
  readonly #sources: Sources;
  readonly #runs = new Map<number, Played>();
  readonly #playing = new Set<Promise<unknown>>();
  readonly #subscriptions: (() => void)[];
  #shared: Promise<Shared> | undefined;
  #closed = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    const { repository, actions } = options.github;
    mkdirSync(options.temporary, { recursive: true });
    this.#sources = new Sources(
      repository,
      options.directory,
      options.actionRepositories ?? {},
      path.join(options.temporary, "sources"),
    );
    for (const machine of options.runners) this.addRunner(machine);
    this.#subscriptions = [
      actions.onDispatch((request) => this.#listen(request, () => this.start(request))),
      actions.onCancel((run) => {
        this.cancel(run);
      }),
      actions.onRerun((run, failedJobsOnly) => {
        const request = this.#runs.get(run)?.run.request;
        if (request) this.#listen(request, () => this.rerun(run, failedJobsOnly));
      }),
    ];
  }

  async start(request: RunRequest): Promise<RunResult> {
    if (this.#closed) throw new Error("the runner is closed");
    const { workflow, inputs } = await this.#prepare(request);
    const run = this.#options.github.actions.createRun(request);
    const played: Played = { workflow, run, inputs, attempt: run.attempt, current: undefined, result: undefined };
    this.#runs.set(run.id, played);
    return this.#play(played, []);
  }

  async push(push: Pick<RunRequest, "ref" | "sha" | "actor">): Promise<RunResult[]> {
    const shared = await this.#ready();
    const source = await this.#sources.at(push.sha, push.ref);
    const folder = ".github/workflows";
    const files = (await readdir(path.join(source.root, folder))).filter((name) => /\.ya?ml$/.test(name)).sort();
    const requests: RunRequest[] = [];
    for (const file of files) {
      const workflow = `${folder}/${file}`;
      const { push: filter, name } = await loadTriggers(shared.parser, this.#sources, source, workflow);
      if (filter && pushMatches(filter, push.ref)) requests.push({ ...push, workflow, name, event: "push" });
    }
    const started = requests.map((request) => this.start(request));
    await Promise.allSettled(started);
    return Promise.all(started);
  }

  cancel(run: number): boolean {
    const current = this.#runs.get(run)?.current;
    current?.cancel("The run was canceled");
    return current !== undefined;
  }

  async rerun(id: number, failedJobsOnly: boolean): Promise<RunResult> {
    const played = this.#runs.get(id);
    if (played === undefined) throw new ConfigurationError(`there is no run ${id}`);
    if (played.current !== undefined) throw new ConfigurationError(`the run ${id} has not ended yet`);
    played.attempt++;
    const before = played.result?.jobs ?? [];
    const kept = failedJobsOnly ? before.filter((job) => job.conclusion === "success") : [];
    return this.#play(played, kept);
  }

  kill(run: number, job?: string): { declareLost(): void } {
    const current = this.#runs.get(run)?.current;
    if (current === undefined) throw new ConfigurationError(`the run ${run} is not being played`);
    return current.kill(job);
  }

  addRunner(machine: RunnerMachine): void {
    const { name, labels, online } = machine;
    this.#options.github.actions.registerRunner({ name, labels, online: online !== false });
    this.#pool.add(machine);
  }

  removeRunner(name: string): void {
    this.#pool.remove(name);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    for (const { current } of this.#runs.values()) {
      current?.cancel("The rehearsal was ended");
      current?.kill().declareLost();
    }
    await Promise.allSettled(this.#playing);
  }

  /** What the API asked for has nobody to reject to: a refusal becomes an event. */
  #listen(request: RunRequest, work: () => Promise<unknown>): void {
    work().catch((error: unknown) => {
      const { clock, onEvent } = this.#options;
      onEvent?.({ type: "run-refused", at: clock.now(), run: 0, attempt: 0, request, reason: messageOf(error) });
    });
  }

  async #play(played: Played, kept: RunResult["jobs"]): Promise<RunResult> {
    const shared = await this.#ready();
    const run = new WorkflowRun(shared, played.workflow, played.run, played.inputs, played.attempt, kept);
    played.current = run;
    const playing = run.play();
    this.#playing.add(playing);
    try {
      played.result = await playing;
      return played.result;
    } finally {
      played.current = undefined;
      this.#playing.delete(playing);
    }
  }

  async #prepare(request: RunRequest): Promise<{ workflow: Workflow; inputs: Record<string, unknown> }> {
    const shared = await this.#ready();
    const source = await this.#sources.at(request.sha, request.ref);
    const workflow = await loadWorkflow(shared.parser, this.#sources, source, request.workflow);
    const { triggers, file } = workflow;
    if (!triggers.names.includes(request.event)) {
      throw new ConfigurationError(
        `${file}: the workflow has no "on: ${request.event}"; it has ${triggers.names.join(", ")}`,
      );
    }
    if (request.event === "push" && !(triggers.push && pushMatches(triggers.push, request.ref))) {
      throw new ConfigurationError(`${file}: the filter of "on: push" does not take ${request.ref}`);
    }
    const definitions = (request.event === "workflow_dispatch" && triggers.workflowDispatch?.inputs) || [];
    return { workflow, inputs: dispatchInputs(workflow, definitions, request.inputs ?? {}, shared.expressions) };
  }

  #ready(): Promise<Shared> {
    this.#shared ??= this.#load();
    return this.#shared;
  }

  async #load(): Promise<Shared> {
    const parser = await loadParser();
    const branch = await git(["-C", this.#options.directory, "symbolic-ref", "--short", "HEAD"]).catch(() => "main");
    return {
      options: this.#options,
      parser,
      expressions: new Expressions(parser),
      sources: this.#sources,
      pool: this.#pool,
      groups: this.#groups,
      env: ownEnvironment(process.env),
      defaultBranch: branch.trim(),
    };
  }
}

/** What a process gets of our own environment: where programs and the home folder are, and nothing else. */
function ownEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = ["PATH", "HOME", "USER", "LANG"].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { LANG: "C.UTF-8", ...Object.fromEntries(kept) };
}
