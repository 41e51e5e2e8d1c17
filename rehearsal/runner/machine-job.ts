import path from "node:path";
import { messageOf } from "../../src/platform/errors.ts";
import { githubContext, type RunFacts } from "./environment.ts";
import type { Scope } from "./expressions.ts";
import { type JobOutcome, LostRunner, runJob } from "./job.ts";
import type { Job } from "./model.ts";
import type { Lease } from "./pool.ts";
import type { Level, Shared } from "./shared.ts";
import type { EventBody, JobResult, RunnerOptions } from "./types.ts";
import { unlessAborted } from "./waiting.ts";

/** A job waits so long for a machine, in milliseconds of the clock, before GitHub gives it up. */
export const QUEUE_LIMIT = 24 * 60 * 60_000;
/** `timeout-minutes` of a job that says nothing. */
const JOB_MINUTES = 360;

/** A job ended before it came to a machine. */
export class NoMachine extends Error {
  override readonly name = "NoMachine";
  readonly conclusion: "failure" | "cancelled";

  constructor(conclusion: "failure" | "cancelled", message: string) {
    super(message);
    this.conclusion = conclusion;
  }
}

/** A job that is on a machine: how to kill it, and what is resolved when GitHub is told that it is lost. */
export interface OnMachine {
  readonly name: string;
  readonly kill: AbortController;
  readonly lost: PromiseWithResolvers<void>;
}

export interface MachineJobRequest {
  readonly shared: Shared;
  readonly facts: RunFacts;
  readonly level: Level;
  readonly job: Job;
  readonly record: { readonly id: number; readonly key: string; readonly name: string };
  readonly labels: readonly string[];
  readonly scope: Scope;
  readonly own: AbortController;
  /** The jobs on machines, by id. */
  readonly machines: Map<number, OnMachine>;
  /** Calls `expire` after `ms` of the clock, and not before so many real milliseconds where `floor` says so. */
  readonly after: (ms: number, expire: () => void, floor?: number) => () => void;
  readonly emit: (event: EventBody) => void;
  /** Called with the result before the machine is free for the next job. */
  readonly complete: (result: JobResult) => JobResult;
}

/** Enters the environment, waits for a machine, runs the steps. Rejects with {@link NoMachine} where it does not come to that. */
export function playOnMachine(request: MachineJobRequest): Promise<JobResult> {
  return new MachineJob(request).play();
}

class MachineJob {
  readonly #request: MachineJobRequest;

  constructor(request: MachineJobRequest) {
    this.#request = request;
  }

  async play(): Promise<JobResult> {
    const { shared, record, own, complete } = this.#request;
    const { options } = shared;
    const cancelled = (): NoMachine => new NoMachine("cancelled", messageOf(own.signal.reason));
    const environment = this.#environment();
    if (environment !== undefined) {
      this.#request.emit({ type: "job-waiting", job: record.name, for: "environment", detail: environment.name });
      const answer = await unlessAborted(own.signal, () =>
        options.github.actions.enterEnvironment(
          {
            run: this.#request.facts.run,
            job: record.id,
            environment: environment.name,
            deployment: environment.deployment,
          },
          own.signal,
        ),
      );
      if (answer === undefined) throw cancelled();
      if (!answer.admitted) throw new NoMachine("failure", answer.refused);
    }
    const lease = await this.#machine();
    if (lease === undefined) throw cancelled();
    if (lease === "given up") throw new NoMachine("failure", "The job was not picked up by a runner within 24 hours");
    try {
      return complete(await this.#steps(lease, environment?.name));
    } finally {
      lease.release();
    }
  }

  async #machine(): Promise<Lease | "given up" | undefined> {
    const { shared, record, labels, own } = this.#request;
    const { options, pool } = shared;
    const free = own.signal.aborted ? undefined : pool.tryAcquire(labels);
    if (free) return free;
    options.github.actions.updateJob(record.id, "queued");
    this.#request.emit({ type: "job-waiting", job: record.name, for: "runner", detail: labels.join(", ") });
    const limit = new AbortController();
    // A machine that is away takes no real time for anything, so nothing has to be spared for it.
    const floor = pool.hasOnline(labels) ? undefined : 0;
    const callOff = this.#request.after(QUEUE_LIMIT, () => limit.abort(), floor);
    try {
      return await pool.acquire(labels, AbortSignal.any([own.signal, limit.signal]));
    } catch (error) {
      if (own.signal.aborted) return undefined;
      if (limit.signal.aborted) return "given up";
      throw error;
    } finally {
      callOff();
    }
  }

  async #steps(lease: Lease, environment: string | undefined): Promise<JobResult> {
    const { shared, facts, level, job, record, scope, own, machines, after, emit } = this.#request;
    const { options, parser, expressions, sources, env } = shared;
    const { actions } = options.github;
    const { machine } = lease;
    const minutes = expressions.number(job.timeoutMinutes, scope) ?? JOB_MINUTES;
    actions.updateJob(record.id, "in_progress", { runner: machine.name });
    this.#request.emit({ type: "job-started", job: record.name, runner: machine.name });
    const token = actions.issueToken({
      run: this.#request.facts.run,
      job: record.id,
      permissions: job.permissions ?? level.permissions,
    });
    const kill = new AbortController();
    const lost = Promise.withResolvers<void>();
    machines.set(record.id, { name: record.name, kill, lost });
    const timeout = new AbortController();
    const callOff = this.#request.after(minutes * 60_000, () => timeout.abort());
    const values = environment === undefined ? undefined : environmentValues(options, environment);
    const secrets = { ...level.secrets, ...values?.secrets, GITHUB_TOKEN: token };
    const home = path.join(options.temporary, "runners", machine.name);
    const repository = options.github.repository.split("/")[1] ?? "repository";
    const ended = (outcome: JobOutcome): JobResult => ({
      ...record,
      runner: machine.name,
      conclusion: outcome.status,
      outputs: outcome.outputs,
      steps: outcome.steps,
      annotations: timeout.signal.aborted
        ? [
            ...outcome.annotations,
            { level: "error", message: `The job has exceeded the maximum execution time of ${minutes}m0s` },
          ]
        : outcome.annotations,
      ...(outcome.environmentUrl === undefined ? {} : { environmentUrl: outcome.environmentUrl }),
    });
    try {
      return ended(
        await runJob({
          parser,
          expressions,
          sources,
          workflow: level.workflow,
          job,
          name: record.name,
          contexts: {
            ...scope.contexts,
            github: githubContext(facts, job.id, token),
            inputs: level.inputs,
            vars: { ...options.vars, ...values?.vars },
            secrets,
          },
          checkRunId: record.id,
          machine,
          folders: {
            workspace: path.join(home, "_work", repository, repository),
            temporary: path.join(home, "_work", "_temp"),
            // All runners are this one machine, so what one has put there serves the others.
            tools: path.join(options.temporary, "tools"),
          },
          env: { ...env, ...options.env },
          afterMinutes: (limit, expire) => after(limit * 60_000, expire),
          cancel: AbortSignal.any([own.signal, timeout.signal]),
          kill: kill.signal,
          artifacts: path.join(options.temporary, "artifacts", String(this.#request.facts.run)),
          emit,
        }),
      );
    } catch (error) {
      if (!(error instanceof LostRunner)) throw error;
      await lost.promise;
      return {
        ...record,
        runner: machine.name,
        conclusion: "failure",
        outputs: {},
        steps: [],
        annotations: [
          { level: "error", message: `The self-hosted runner lost communication with the server: ${machine.name}` },
        ],
      };
    } finally {
      callOff();
      machines.delete(record.id);
      actions.revokeToken(token);
    }
  }

  #environment(): { name: string; deployment: boolean } | undefined {
    const { shared, job, scope } = this.#request;
    const { expressions, parser } = shared;
    if (job.environment === undefined) return undefined;
    const { tokens } = parser;
    const mapping = job.environment instanceof tokens.MappingToken ? job.environment : undefined;
    const name = expressions.text(mapping ? mapping.find("name") : job.environment, scope);
    if (name === "") return undefined;
    return { name, deployment: expressions.boolean(mapping?.find("deployment"), scope, true) };
  }
}

function environmentValues(
  options: RunnerOptions,
  name: string,
): NonNullable<RunnerOptions["environments"]>[string] | undefined {
  return Object.entries(options.environments ?? {}).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
}
