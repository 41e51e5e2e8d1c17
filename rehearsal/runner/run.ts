import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/index";
import { ConfigurationError, messageOf } from "../../src/platform/errors.ts";
import type { Conclusion, Run } from "../github/ports.ts";
import { deadline } from "./deadline.ts";
import { githubContext, type RunFacts } from "./environment.ts";
import type { Scope, StatusFunctions } from "./expressions.ts";
import { ancestors, jobStatus } from "./job-status.ts";
import { NoMachine, type OnMachine, playOnMachine } from "./machine-job.ts";
import { type Combination, combinationLabel, expandMatrix } from "./matrix.ts";
import { formatPosition, positionOf } from "./mistakes.ts";
import type { Job, Workflow } from "./model.ts";
import { DEFAULT_PERMISSIONS } from "./permissions.ts";
import type { Level, Shared } from "./shared.ts";
import { typedInput } from "./triggers.ts";
import type { EventBody, JobResult, Outcome, RunResult } from "./types.ts";
import { allDone, semaphore } from "./waiting.ts";

/** A run may take so long, waits included. */
const RUN_LIMIT = 35 * 24 * 60 * 60_000;
/** The outcome of a job in the workflow file, its matrix jobs taken together. */
interface NodeResult {
  readonly result: Outcome;
  readonly outputs: Readonly<Record<string, string>>;
}

/** One run of one workflow: decides which job may start when, and tells GitHub. */
export class WorkflowRun {
  readonly #shared: Shared;
  readonly #workflow: Workflow;
  readonly #run: Run;
  readonly #attempt: number;
  readonly #inputs: Readonly<Record<string, unknown>>;
  readonly #cancel = new AbortController();
  readonly #machines = new Map<number, OnMachine>();
  readonly #jobs: JobResult[] = [];
  /** Results of an earlier attempt that are kept, by key. */
  readonly #kept: ReadonlyMap<string, JobResult>;
  readonly #facts: RunFacts;

  constructor(
    shared: Shared,
    workflow: Workflow,
    run: Run,
    inputs: Readonly<Record<string, unknown>>,
    attempt: number,
    kept: readonly JobResult[],
  ) {
    this.#shared = shared;
    this.#workflow = workflow;
    this.#run = run;
    this.#inputs = inputs;
    this.#attempt = attempt;
    this.#kept = new Map(kept.map((job) => [job.key, job]));
    this.#facts = {
      url: shared.options.github.url,
      repository: shared.options.github.repository,
      request: run.request,
      run: run.id,
      number: run.number,
      attempt,
      inputs,
      workflow,
      defaultBranch: shared.defaultBranch,
      now: new Date(shared.options.clock.now()).toISOString(),
    };
  }

  /** Cancels the run: what runs is interrupted, what waits does not start. */
  cancel(reason: string): void {
    this.#cancel.abort(new Error(reason));
  }

  /** Kills the machines of the jobs whose name matches, at once and without a word; answers how to tell GitHub of it. */
  kill(job?: string): { declareLost(): void } {
    const killed = [...this.#machines.values()].filter(({ name }) => job === undefined || name === job);
    for (const { kill } of killed) kill.abort();
    return {
      declareLost: () => {
        for (const { lost } of killed) lost.resolve();
      },
    };
  }

  async play(): Promise<RunResult> {
    const { actions } = this.#shared.options.github;
    this.#emit({ type: "run-started", request: this.#run.request });
    const callOff = this.#after(RUN_LIMIT, () => this.cancel("the run has taken 35 days"));
    let conclusion: Conclusion = "failure";
    try {
      conclusion = await this.#top();
    } finally {
      callOff();
      actions.updateRun(this.#run.id, "completed", conclusion);
      this.#emit({ type: "run-finished", conclusion });
    }
    return { run: this.#run.id, attempt: this.#attempt, conclusion, jobs: this.#jobs };
  }

  async #top(): Promise<Conclusion> {
    const { actions } = this.#shared.options.github;
    const level: Level = {
      workflow: this.#workflow,
      name: "",
      key: "",
      inputs: this.#inputs,
      secrets: this.#shared.options.secrets ?? {},
      permissions: this.#workflow.permissions ?? DEFAULT_PERMISSIONS,
      cancel: this.#cancel.signal,
      held: [],
    };
    const scope = this.#scope(level, this.#workflow.file, {});
    const result = await this.#inGroup(
      this.#workflow.concurrency,
      scope,
      [],
      this.#cancel.signal,
      (reason) => this.cancel(reason),
      (group) => {
        actions.updateRun(this.#run.id, "queued");
        this.#emit({ type: "job-waiting", job: "", for: "concurrency", detail: group });
      },
      async (held) => {
        actions.updateRun(this.#run.id, "in_progress");
        return (await this.#level({ ...level, held })).result;
      },
    );
    if (this.#cancel.signal.aborted) return "cancelled";
    return result ?? "cancelled";
  }

  /** Plays all jobs of a workflow; each starts when those it needs have ended. */
  async #level(level: Level): Promise<{ result: Outcome; nodes: ReadonlyMap<string, NodeResult> }> {
    const nodes = new Map<string, NodeResult>();
    const started = new Map<string, Promise<NodeResult>>();
    const jobs = new Map(level.workflow.jobs.map((job) => [job.id, job]));
    const start = (job: Job): Promise<NodeResult> => {
      const known = started.get(job.id);
      if (known) return known;
      const playing = (async () => {
        await Promise.all(job.needs.map((id) => start(jobs.get(id) ?? missing(id))));
        const result = await this.#node(level, job, nodes, jobs);
        nodes.set(job.id, result);
        return result;
      })();
      started.set(job.id, playing);
      return playing;
    };
    await allDone(level.workflow.jobs.map(start));
    const results = [...nodes.values()].map((node) => node.result);
    const result: Outcome = results.includes("failure")
      ? "failure"
      : results.includes("cancelled")
        ? "cancelled"
        : results.every((one) => one === "skipped")
          ? "skipped"
          : "success";
    return { result, nodes };
  }

  async #node(
    level: Level,
    job: Job,
    nodes: ReadonlyMap<string, NodeResult>,
    jobs: ReadonlyMap<string, Job>,
  ): Promise<NodeResult> {
    const needs = Object.fromEntries(
      job.needs.map((id) => {
        const node = nodes.get(id) ?? missing(id);
        return [id, { result: node.result, outputs: node.outputs }];
      }),
    );
    const status = jobStatus(ancestors(job, jobs), nodes, () => level.cancel.aborted);
    const scope = this.#scope(level, level.workflow.file, { needs }, status);
    const holds = (): boolean => this.#shared.expressions.condition(job.condition, scope, job.position);
    const plain = level.key + job.id;
    try {
      if (!holds()) return this.#unplayed(level, job, plain, scope, "skipped");
      if (job.strategy === undefined) {
        const strategy = { "fail-fast": true, "job-index": 0, "job-total": 1, "max-parallel": 1 };
        const own = { ...scope, contexts: { ...scope.contexts, strategy } };
        return await this.#single(level, job, plain, own, {}, level.cancel, holds);
      }
      return await this.#matrix(level, job, plain, scope, holds);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return this.#unplayed(level, job, plain, scope, "failure", `${messageOf(error)}`);
    }
  }

  /** A job that came to no machine. */
  #unplayed(level: Level, job: Job, key: string, scope: Scope, conclusion: Outcome, message?: string): NodeResult {
    const { actions } = this.#shared.options.github;
    const name = level.name + this.#plainName(job, scope);
    const id = actions.createJob({ run: this.#run.id, attempt: this.#attempt, name, labels: [] });
    actions.updateJob(id, "completed", { conclusion });
    const annotations = message === undefined ? [] : [{ level: "error" as const, message }];
    for (const annotation of annotations) this.#emit({ type: "annotation", job: name, step: [], annotation });
    this.#emit({ type: "job-finished", job: name, conclusion });
    this.#jobs.push({ id, key, name, conclusion, outputs: {}, steps: [], annotations });
    return { result: conclusion, outputs: {} };
  }

  #plainName(job: Job, scope: Scope): string {
    try {
      return this.#shared.expressions.text(job.name, scope) || job.id;
    } catch {
      // A name may ask for the matrix, which a job that does not run has not.
      return job.id;
    }
  }

  async #matrix(level: Level, job: Job, key: string, scope: Scope, holds: () => boolean): Promise<NodeResult> {
    const { expressions } = this.#shared;
    const token = job.strategy?.assertMapping("strategy");
    const where = formatPosition(positionOf(scope.file, job.strategy));
    const matrixToken = token?.find("matrix");
    const combinations: Combination[] =
      matrixToken === undefined ? [{}] : expandMatrix(expressions.value(matrixToken, scope), where);
    const failFast = expressions.boolean(token?.find("fail-fast"), scope, true);
    const maxParallel = expressions.number(token?.find("max-parallel"), scope) ?? combinations.length;
    const stop = new AbortController();
    const cancel = AbortSignal.any([level.cancel, stop.signal]);
    const turn = semaphore(Math.max(1, maxParallel));
    const outputs: Record<string, string> = {};
    const results = await allDone(
      combinations.map(async (matrix, index) => {
        const strategy = {
          "fail-fast": failFast,
          "job-index": index,
          "job-total": combinations.length,
          "max-parallel": maxParallel,
        };
        const own = { ...scope, contexts: { ...scope.contexts, matrix, strategy } };
        const done = await turn();
        try {
          const stillHolds = (): boolean => !stop.signal.aborted && holds();
          const one = `${key}#${index + 1}`;
          const node = await this.#single(level, job, one, own, matrix, cancel, stillHolds).catch((error: unknown) => {
            if (!(error instanceof ConfigurationError)) throw error;
            return this.#unplayed(level, job, one, own, "failure", messageOf(error));
          });
          Object.assign(outputs, node.outputs);
          if (node.result === "failure" && failFast) {
            stop.abort(new Error("The strategy configuration was canceled because another job of the matrix failed"));
          }
          return node.result;
        } finally {
          done();
        }
      }),
    );
    const result = (["failure", "cancelled", "success"] as const).find((one) => results.includes(one)) ?? "skipped";
    return { result, outputs };
  }

  /** One job, or one of a matrix: a called workflow, or steps on a machine. */
  async #single(
    level: Level,
    job: Job,
    key: string,
    scope: Scope,
    matrix: Combination,
    cancel: AbortSignal,
    holds: () => boolean,
  ): Promise<NodeResult> {
    const named = this.#shared.expressions.text(job.name, scope);
    const usesMatrix = job.name?.isExpression === true;
    const label = combinationLabel(matrix);
    const suffix = label === "" || (named !== "" && usesMatrix) ? "" : ` (${label})`;
    const name = `${level.name}${named || job.id}${suffix}`;
    // A job of its own may be cancelled by a concurrency group; one whose condition still holds is not cancelled with the run.
    const own = new AbortController();
    const follow = (): void => {
      if (!holds()) own.abort(cancel.reason);
    };
    if (cancel.aborted) follow();
    else cancel.addEventListener("abort", follow);
    try {
      if (job.call) return await this.#call(level, job, job.call, key, name, scope, own);
      const kept = this.#kept.get(key);
      if (kept) {
        this.#keep(kept);
        return { result: kept.conclusion, outputs: kept.outputs };
      }
      return await this.#leaf(level, job, key, name, scope, own);
    } finally {
      cancel.removeEventListener("abort", follow);
    }
  }

  /** A job of an earlier attempt that is not run again, as it shows in this one. */
  #keep(kept: JobResult): void {
    const { actions } = this.#shared.options.github;
    const id = actions.createJob({ run: this.#run.id, attempt: this.#attempt, name: kept.name, labels: [] });
    actions.updateJob(id, "completed", { conclusion: kept.conclusion });
    this.#jobs.push({ ...kept, id });
  }

  async #call(
    level: Level,
    job: Job,
    call: NonNullable<Job["call"]>,
    key: string,
    name: string,
    scope: Scope,
    own: AbortController,
  ): Promise<NodeResult> {
    const { expressions } = this.#shared;
    const definition = call.workflow.triggers.workflowCall;
    if (definition === undefined) throw new Error(`${call.workflow.file} cannot be called`);
    const given = expressions.texts(call.with, scope);
    const calleeScope = { ...scope, file: call.workflow.file };
    const inputs: Record<string, unknown> = {};
    for (const input of definition.inputs) {
      const entry = Object.entries(given).find(([one]) => one.toLowerCase() === input.name.toLowerCase());
      const text =
        entry?.[1] ??
        (input.default &&
          expressions.text(input.default, { ...calleeScope, contexts: { ...scope.contexts, inputs: {} } }));
      const value = typedInput(input, text);
      if (value instanceof Error) throw new ConfigurationError(`${formatPosition(job.position)}: ${value.message}`);
      inputs[input.name] = value;
    }
    const secretScope = { ...scope, contexts: { ...scope.contexts, secrets: level.secrets } };
    const secrets = call.secrets === "inherit" ? level.secrets : expressions.texts(call.secrets, secretScope);
    const permissions = job.permissions ?? level.permissions;
    const inner: Level = {
      workflow: call.workflow,
      name: `${name} / `,
      key: `${key}/`,
      inputs,
      secrets,
      permissions: call.workflow.permissions ?? permissions,
      cancel: own.signal,
      held: level.held,
    };
    const waiting = (group: string): void =>
      this.#emit({ type: "job-waiting", job: name, for: "concurrency", detail: group });
    const stop = (reason: string): void => own.abort(new Error(reason));
    const innerScope = this.#scope(inner, call.workflow.file, {});
    const played = await this.#inGroup(job.concurrency, scope, level.held, own.signal, stop, waiting, (held) =>
      this.#inGroup(call.workflow.concurrency, innerScope, held, own.signal, stop, waiting, async (both) => {
        const { result, nodes } = await this.#level({ ...inner, held: both });
        const jobsContext = Object.fromEntries(
          [...nodes].map(([id, node]) => [id, { result: node.result, outputs: node.outputs }]),
        );
        const outputScope = this.#scope(inner, call.workflow.file, { jobs: jobsContext });
        const outputs: Record<string, string> = {};
        for (const output of definition.outputs) {
          const text = expressions.text(output.value, outputScope);
          if (text !== "") outputs[output.name] = text;
        }
        return { result, outputs };
      }),
    );
    return played ?? { result: "cancelled", outputs: {} };
  }

  async #leaf(
    level: Level,
    job: Job,
    key: string,
    name: string,
    scope: Scope,
    own: AbortController,
  ): Promise<NodeResult> {
    const { expressions } = this.#shared;
    const { actions } = this.#shared.options.github;
    const labels = this.#labels(job, scope);
    const continueOnError = expressions.boolean(job.continueOnError, scope, false);
    const id = actions.createJob({ run: this.#run.id, attempt: this.#attempt, name, labels });
    const record = { id, key, name };
    const waiting = (group: string): void => {
      actions.updateJob(id, "waiting");
      this.#emit({ type: "job-waiting", job: name, for: "concurrency", detail: group });
    };
    const stop = (reason: string): void => own.abort(new Error(reason));
    const unplayed = (conclusion: "failure" | "cancelled", message: string): JobResult =>
      this.#complete({ ...record, conclusion, outputs: {}, steps: [], annotations: [{ level: "error", message }] });
    const attempt = async (): Promise<JobResult> => {
      try {
        return await playOnMachine({
          shared: this.#shared,
          facts: this.#facts,
          level,
          job,
          record,
          labels,
          scope,
          own,
          machines: this.#machines,
          after: (ms, expire, floor) => this.#after(ms, expire, floor),
          emit: (event) => this.#emit(event),
          complete: (done) => this.#complete(done),
        });
      } catch (error) {
        if (error instanceof NoMachine) return unplayed(error.conclusion, error.message);
        if (!(error instanceof ConfigurationError)) throw error;
        return unplayed("failure", messageOf(error));
      }
    };
    let result: JobResult | undefined;
    try {
      result = await this.#inGroup(job.concurrency, scope, level.held, own.signal, stop, waiting, attempt);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      result = unplayed("failure", messageOf(error));
    }
    result ??= unplayed("cancelled", messageOf(own.signal.reason ?? "The operation was canceled."));
    const forNeeds = result.conclusion === "failure" && continueOnError ? "success" : result.conclusion;
    return { result: forNeeds, outputs: result.outputs };
  }

  /** Tells GitHub how a job ended; before its machine and its concurrency group are free for the next. */
  #complete(result: JobResult): JobResult {
    this.#shared.options.github.actions.updateJob(result.id, "completed", {
      conclusion: result.conclusion,
      ...(result.runner === undefined ? {} : { runner: result.runner }),
    });
    if (result.steps.length === 0) {
      for (const annotation of result.annotations) {
        this.#emit({ type: "annotation", job: result.name, step: [], annotation });
      }
    }
    this.#emit({ type: "job-finished", job: result.name, conclusion: result.conclusion });
    this.#jobs.push(result);
    return result;
  }

  #labels(job: Job, scope: Scope): string[] {
    const { tokens } = this.#shared.parser;
    const token = job.runsOn instanceof tokens.MappingToken ? job.runsOn.find("labels") : job.runsOn;
    const value = this.#shared.expressions.value(token, scope);
    const labels = Array.isArray(value) ? value : [value];
    if (labels.length === 0 || !labels.every((one) => typeof one === "string" && one !== "")) {
      throw new ConfigurationError(
        `${formatPosition(positionOf(scope.file, token ?? job.runsOn))}: runs-on must be a label or a list of labels`,
      );
    }
    return labels.map(String);
  }

  /** Runs the body while holding the concurrency group that the token names; undefined when it was cancelled before. */
  async #inGroup<T>(
    token: TemplateToken | undefined,
    scope: Scope,
    held: readonly string[],
    signal: AbortSignal,
    stop: (reason: string) => void,
    waiting: (group: string) => void,
    body: (held: readonly string[]) => Promise<T>,
  ): Promise<T | undefined> {
    if (token === undefined) return body(held);
    const { expressions, parser, groups } = this.#shared;
    const mapping = token instanceof parser.tokens.MappingToken ? token : undefined;
    const group = expressions.text(mapping ? mapping.find("group") : token, scope);
    if (group === "") return body(held);
    if (held.some((one) => one.toLowerCase() === group.toLowerCase())) {
      stop(`Canceling since a deadlock was detected for concurrency group: '${group}' is held by a calling workflow`);
      return undefined;
    }
    const queue = expressions.text(mapping?.find("queue"), scope) === "max" ? "max" : "single";
    const cancelInProgress = expressions.boolean(mapping?.find("cancel-in-progress"), scope, false);
    if (queue === "max" && cancelInProgress) {
      throw new ConfigurationError(
        `${formatPosition(positionOf(scope.file, token))}: cancel-in-progress cannot be combined with queue: max`,
      );
    }
    const place = groups.enter(group, { queue, cancelInProgress }, stop, signal);
    try {
      if (!place.free) waiting(group);
      if (!(await place.turn)) return undefined;
      return await body([...held, group]);
    } finally {
      place.leave();
    }
  }

  #scope(level: Level, file: string, contexts: Readonly<Record<string, unknown>>, status?: StatusFunctions): Scope {
    return {
      file,
      ...(status === undefined ? {} : { status }),
      contexts: {
        github: githubContext(this.#facts, "", ""),
        inputs: level.inputs,
        vars: this.#shared.options.vars ?? {},
        ...contexts,
      },
    };
  }

  #after(ms: number, expire: () => void, floor = this.#shared.options.realFloor): () => void {
    return deadline(this.#shared.options.clock, ms, expire, floor);
  }

  #emit(event: EventBody): void {
    this.#shared.options.onEvent?.({
      at: this.#shared.options.clock.now(),
      run: this.#run.id,
      attempt: this.#attempt,
      ...event,
    });
  }
}

function missing(id: string): never {
  throw new Error(`there is no job ${id}`);
}
