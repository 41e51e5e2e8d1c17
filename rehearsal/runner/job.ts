import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/index";
import { messageOf } from "../../src/platform/errors.ts";
import { hasPost, hasPre } from "./action-stages.ts";
import { Masker } from "./commands.ts";
import { githubVariables } from "./environment.ts";
import type { Expressions, Scope, StatusFunctions } from "./expressions.ts";
import { loadLocalAction } from "./loader.ts";
import type { Action, Job, Source, Step, Workflow } from "./model.ts";
import { endOrphans, TRACKING_VARIABLE } from "./orphans.ts";
import type { Parser } from "./parser.ts";
import { runProcess } from "./processes.ts";
import { shellCommand } from "./shells.ts";
import type { Sources } from "./sources.ts";
import { runStandIn } from "./stand-ins.ts";
import { StepOutput } from "./step-output.ts";
import type { Annotation, EventBody, Outcome, RunnerMachine, StepResult } from "./types.ts";

/** The folders of a runner. */
export interface Folders {
  readonly workspace: string;
  readonly temporary: string;
  readonly tools: string;
}

export interface JobRequest {
  readonly parser: Parser;
  readonly expressions: Expressions;
  readonly sources: Sources;
  readonly workflow: Workflow;
  readonly job: Job;
  /** The job's name, for events. */
  readonly name: string;
  /** `github`, `inputs`, `vars`, `needs`, `strategy`, `matrix`, `secrets`. */
  readonly contexts: Readonly<Record<string, unknown>> & { readonly github: Readonly<Record<string, unknown>> };
  readonly checkRunId: number;
  readonly machine: RunnerMachine;
  readonly folders: Folders;
  /** The environment of every process, under what GitHub adds. */
  readonly env: Readonly<Record<string, string>>;
  /** Calls a function when so many minutes have passed, unless called off. */
  readonly afterMinutes: (minutes: number, expire: () => void) => () => void;
  /** Aborted when the job is cancelled. */
  readonly cancel: AbortSignal;
  /** Aborted when the machine dies: everything ends at once. */
  readonly kill: AbortSignal;
  readonly artifacts: string;
  readonly emit: (event: EventBody) => void;
}

export interface JobOutcome {
  readonly status: "success" | "failure" | "cancelled";
  readonly steps: readonly StepResult[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly annotations: readonly Annotation[];
  readonly environmentUrl?: string;
}

/** The machine died while the job ran: nobody is left to say how it ended. */
export class LostRunner extends Error {
  override readonly name = "LostRunner";
}

type Stage = StepResult["stage"];
type Status = "success" | "failure" | "cancelled";

/** One list of steps: that of the job, or that of a composite action. */
interface Frame {
  readonly names: readonly string[];
  readonly file: string;
  readonly source: Source;
  readonly steps: Record<string, { outcome: Outcome; conclusion: Outcome; outputs: Record<string, string> }>;
  readonly instances: Map<Step, Instance>;
  inputs: Readonly<Record<string, unknown>>;
  /** `env` of the steps around a composite action. */
  overrides: Readonly<Record<string, string>>;
  readonly composite?: { readonly action: Action; status: Status; readonly name: string };
}

/** An action in its place: what its stages share. */
interface Instance {
  readonly action: Action;
  readonly state: Record<string, string>;
  readonly frame: Frame | undefined;
  post: boolean;
}

/** What a step is being run with. */
interface Running {
  readonly scope: Scope;
  readonly env: Readonly<Record<string, string>>;
  readonly names: readonly string[];
  readonly signal: AbortSignal;
  readonly output: StepOutput;
  readonly nested: StepResult[];
  github: Readonly<Record<string, unknown>>;
}

/** Runs the steps of one job on one machine. Rejects with {@link LostRunner} when the machine is killed. */
export function runJob(request: JobRequest): Promise<JobOutcome> {
  return new JobExecution(request).run();
}

class JobExecution {
  readonly #request: JobRequest;
  readonly #masker = new Masker();
  readonly #env: Record<string, string> = {};
  readonly #paths: string[] = [];
  readonly #posts: { step: Step; frame: Frame; instance: Instance }[] = [];
  readonly #annotations: Annotation[] = [];
  readonly #tracking = `github_${randomUUID()}`;
  readonly #github: Readonly<Record<string, unknown>>;
  /** Cut off when a cancelled job does not come to its end. */
  readonly #force = new AbortController();
  #status: Status = "success";

  constructor(request: JobRequest) {
    this.#request = request;
    const { folders } = request;
    this.#github = {
      ...request.contexts.github,
      workspace: folders.workspace,
      event_path: path.join(folders.temporary, "_github_workflow", "event.json"),
    };
  }

  async run(): Promise<JobOutcome> {
    const request = this.#request;
    const { job, workflow, folders, cancel } = request;
    this.#prepare();
    const frame: Frame = {
      names: [],
      file: workflow.file,
      source: workflow.source,
      steps: {},
      instances: new Map(),
      inputs: (request.contexts["inputs"] as Record<string, unknown> | undefined) ?? {},
      overrides: {},
    };
    const callOff: (() => void)[] = [];
    const onCancel = (): void => {
      this.#status = "cancelled";
      const minutes = this.#limit(() => request.expressions.number(job.cancelTimeoutMinutes, this.#scope(frame)), 5);
      callOff.push(request.afterMinutes(minutes, () => this.#force.abort()));
    };
    if (cancel.aborted) onCancel();
    else cancel.addEventListener("abort", onCancel);
    const steps: StepResult[] = [];
    try {
      const ready = this.#evaluateJobEnv(frame);
      if (ready) {
        for (const step of job.steps) await this.#pre(step, frame, steps);
        for (const step of job.steps) steps.push(await this.#main(step, frame));
      }
      while (this.#posts.length > 0) {
        const post = this.#posts.pop();
        if (post) steps.push(await this.#post(post.step, post.frame, post.instance));
      }
      const outputs = this.#jobOutputs(frame);
      const environmentUrl = this.#environmentUrl(frame);
      return {
        status: this.#status,
        steps,
        outputs,
        annotations: this.#annotations,
        ...(environmentUrl === undefined ? {} : { environmentUrl }),
      };
    } finally {
      cancel.removeEventListener("abort", onCancel);
      for (const off of callOff) off();
      for (const orphan of endOrphans(this.#tracking)) {
        this.#log([], `Terminate orphan process: pid (${orphan.pid}) (${orphan.name})`);
      }
      rmSync(folders.temporary, { recursive: true, force: true });
    }
  }

  #prepare(): void {
    const { folders, contexts } = this.#request;
    const { secrets, github } = contexts;
    for (const value of Object.values((secrets as Record<string, string> | undefined) ?? {})) this.#masker.add(value);
    if (typeof github["token"] === "string") this.#masker.add(github["token"]);
    rmSync(folders.temporary, { recursive: true, force: true });
    for (const folder of [folders.workspace, folders.tools, path.join(folders.temporary, "_github_workflow")]) {
      mkdirSync(folder, { recursive: true });
    }
    writeFileSync(
      path.join(folders.temporary, "_github_workflow", "event.json"),
      JSON.stringify(github["event"] ?? {}),
    );
  }

  #evaluateJobEnv(frame: Frame): boolean {
    const { expressions, workflow, job } = this.#request;
    try {
      for (const env of [workflow.env, job.env]) Object.assign(this.#env, expressions.texts(env, this.#scope(frame)));
      return true;
    } catch (error) {
      this.#jobError(messageOf(error));
      return false;
    }
  }

  // Stages

  async #pre(step: Step, frame: Frame, results: StepResult[]): Promise<void> {
    const { action } = step;
    if (action === undefined || action.local || !hasPre(action)) return;
    const instance = this.#instance(step, frame, action);
    const name = `Pre ${this.#stepName(step, frame, this.#scope(frame))}`;
    const condition = action.runs.kind === "node" ? action.runs.preIf : "always()";
    const result = await this.#attempt("pre", step, frame, name, condition, async (running) => {
      this.#begin(step, frame, instance, running);
      if (instance.frame && action.runs.kind === "composite") {
        instance.frame.inputs = this.#inputs(step, action, running);
        instance.frame.overrides = { ...frame.overrides, ...running.env };
        for (const inner of action.runs.steps) await this.#pre(inner, instance.frame, running.nested);
        return running.nested.some((one) => one.conclusion === "failure") ? "failure" : "success";
      }
      return this.#node("pre", step, instance, running);
    });
    results.push(result);
  }

  async #main(step: Step, frame: Frame): Promise<StepResult> {
    const name = this.#stepName(step, frame, this.#scope(frame));
    return this.#attempt("main", step, frame, name, step.condition, async (running) => {
      if (step.run !== undefined) return this.#script(step, frame, running);
      const uses = step.uses ?? "";
      const action = step.action ?? (await this.#local(uses, step));
      const instance = this.#instance(step, frame, action);
      if (action.local && hasPre(action))
        running.output.annotate("warning", `\`pre\` execution is not supported for local action from '${uses}'`);
      this.#begin(step, frame, instance, running);
      switch (action.runs.kind) {
        case "node":
          return this.#node("main", step, instance, running);
        case "composite":
          return this.#composite(step, frame, instance, running);
        case "stand-in":
          return this.#standIn(action.runs.name, step, running);
      }
    });
  }

  #post(step: Step, frame: Frame, instance: Instance): Promise<StepResult> {
    const { action } = instance;
    const name = `Post ${this.#stepName(step, frame, this.#scope(frame))}`;
    const condition = action.runs.kind === "node" ? action.runs.postIf : "always()";
    return this.#attempt("post", step, frame, name, condition, async (running) => {
      running.output.state = instance.state;
      if (action.runs.kind !== "composite" || instance.frame === undefined)
        return this.#node("post", step, instance, running);
      const inner = instance.frame;
      inner.inputs = this.#inputs(step, action, running);
      let status: Outcome = "success";
      for (const one of [...action.runs.steps].reverse()) {
        const nested = inner.instances.get(one);
        if (!nested?.post) continue;
        const result = await this.#post(one, inner, nested);
        running.nested.push(result);
        if (result.conclusion === "failure") status = "failure";
      }
      return status;
    });
  }

  /** Evaluates the condition, runs the body under the step's time limit, and records how it ended. */
  async #attempt(
    stage: Stage,
    step: Step,
    frame: Frame,
    name: string,
    condition: string,
    body: (running: Running) => Promise<Outcome>,
  ): Promise<StepResult> {
    const { cancel, kill, emit, expressions } = this.#request;
    if (kill.aborted) throw new LostRunner();
    const started = performance.now();
    const names = [...frame.names, name];
    emit({ type: "step-started", job: this.#request.name, step: names, ...(step.uses ? { uses: step.uses } : {}) });
    const output = new StepOutput(
      { env: this.#env, paths: this.#paths, masker: this.#masker },
      path.join(this.#request.folders.temporary, "_runner_file_commands"),
      (line) => this.#log(names, line),
    );
    const nested: StepResult[] = [];
    const github = this.#stepGithub(step, frame, frame.instances.get(step));
    let outcome: Outcome = "failure";
    let conclusion: Outcome = "failure";
    let scope = this.#scope(frame, {}, stage, github);
    const controller = new AbortController();
    let timedOut: number | undefined;
    try {
      const own = expressions.texts(step.env, scope);
      scope = this.#scope(frame, own, stage, github);
      const holds = (): boolean => expressions.condition(condition, scope, step.position);
      if (!holds()) {
        outcome = conclusion = "skipped";
      } else {
        const recheck = (): void => {
          // GitHub asks the condition again: a step with always() goes on in a cancelled job.
          if (!this.#quietly(holds)) controller.abort();
        };
        if (!cancel.aborted) cancel.addEventListener("abort", recheck);
        const minutes = stage === "main" ? expressions.number(step.timeoutMinutes, scope) : undefined;
        const callOff =
          minutes === undefined || minutes <= 0
            ? undefined
            : this.#request.afterMinutes(minutes, () => {
                timedOut = minutes;
                controller.abort();
              });
        const outer = this.#signals.at(-1);
        const signal = AbortSignal.any([controller.signal, this.#force.signal, ...(outer ? [outer] : [])]);
        this.#signals.push(signal);
        try {
          outcome = await body({ scope, env: own, names, signal, output, nested, github });
          if (signal.aborted && outcome !== "skipped") {
            outcome = timedOut === undefined && cancel.aborted ? "cancelled" : "failure";
          }
        } finally {
          this.#signals.pop();
          callOff?.();
          cancel.removeEventListener("abort", recheck);
        }
      }
    } catch (error) {
      if (error instanceof LostRunner) throw error;
      output.fail(messageOf(error));
      outcome = "failure";
    }
    if (kill.aborted) throw new LostRunner();
    output.finish();
    if (timedOut !== undefined) output.fail(`The action '${name}' has timed out after ${timedOut} minutes.`);
    if (output.failed && outcome === "success") outcome = "failure";
    conclusion = this.#conclude(step, outcome, scope, output, stage);
    this.#settle(conclusion, frame, stage);
    // Steps without an id of their own are not in the `steps` context.
    if (stage === "main" && !step.id.startsWith("__")) {
      frame.steps[step.id] = { outcome, conclusion, outputs: output.outputs };
    }
    if (output.summary !== undefined) {
      emit({ type: "summary", job: this.#request.name, step: names, markdown: output.summary });
    }
    for (const annotation of output.annotations) {
      emit({ type: "annotation", job: this.#request.name, step: names, annotation });
    }
    const result: StepResult = {
      id: step.id,
      name,
      ...(step.uses ? { uses: step.uses } : {}),
      stage,
      outcome,
      conclusion,
      outputs: Object.fromEntries(
        Object.entries(output.outputs).map(([key, value]) => [key, this.#masker.mask(value)]),
      ),
      ...(output.summary === undefined ? {} : { summary: output.summary }),
      annotations: output.annotations,
      milliseconds: performance.now() - started,
      steps: nested,
    };
    emit({ type: "step-finished", job: this.#request.name, step: names, result });
    return result;
  }

  /** The signals of the steps that are being run, the innermost last: a composite's end is that of its steps. */
  readonly #signals: AbortSignal[] = [];

  #conclude(step: Step, outcome: Outcome, scope: Scope, output: StepOutput, stage: Stage): Outcome {
    if (outcome !== "failure" || stage !== "main") return outcome;
    try {
      return this.#request.expressions.boolean(step.continueOnError, scope, false) ? "success" : "failure";
    } catch (error) {
      output.fail(messageOf(error));
      return "failure";
    }
  }

  #settle(conclusion: Outcome, frame: Frame, stage: Stage): void {
    if (conclusion !== "failure" && conclusion !== "cancelled") return;
    if (frame.composite && stage === "main") {
      if (frame.composite.status !== "cancelled") frame.composite.status = conclusion;
      return;
    }
    if (this.#status === "success") this.#status = conclusion;
  }

  // Kinds of steps

  async #script(step: Step, frame: Frame, running: Running): Promise<Outcome> {
    const { expressions, workflow, job, folders } = this.#request;
    const inJob = frame.composite === undefined;
    const text = (token: TemplateToken | undefined): string => expressions.text(token, running.scope);
    const shell = text(step.shell) || (inJob ? text(job.defaults.shell) || text(workflow.defaults.shell) : "");
    const directory =
      text(step.workingDirectory) ||
      (inJob ? text(job.defaults.workingDirectory) || text(workflow.defaults.workingDirectory) : "");
    const script = path.join(folders.temporary, `${randomUUID()}${shell === "python" ? ".py" : ".sh"}`);
    const content = text(step.run).replace(/\r\n/g, "\n");
    writeFileSync(script, content.endsWith("\n") ? content : `${content}\n`);
    for (const line of content.trimEnd().split("\n")) running.output.log(`$ ${line}`);
    const [command, args] = shellCommand(shell, script);
    const code = await this.#process(command, args, path.resolve(folders.workspace, directory), running, {});
    if (code !== 0 && !running.signal.aborted) running.output.fail(`Process completed with exit code ${code}.`);
    return code === 0 ? "success" : "failure";
  }

  async #node(stage: Stage, step: Step, instance: Instance, running: Running): Promise<Outcome> {
    const { action } = instance;
    if (action.runs.kind !== "node") throw new Error(`${action.label} is no JavaScript action`);
    const script = stage === "main" ? action.runs.main : stage === "pre" ? action.runs.pre : action.runs.post;
    if (script === undefined) return "success";
    const inputs = this.#inputs(step, action, running);
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(inputs)) env[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`] = value;
    for (const [name, value] of Object.entries(instance.state)) env[`STATE_${name}`] = value;
    const file = path.join(action.directory, script);
    const code = await this.#process(process.execPath, [file], this.#request.folders.workspace, running, env);
    return code === 0 ? "success" : "failure";
  }

  async #composite(step: Step, frame: Frame, instance: Instance, running: Running): Promise<Outcome> {
    const { action, frame: inner } = instance;
    if (inner?.composite === undefined || action.runs.kind !== "composite")
      throw new Error(`${action.label} is no composite`);
    inner.inputs = this.#inputs(step, action, running);
    inner.overrides = { ...frame.overrides, ...running.env };
    inner.composite.status = "success";
    for (const one of action.runs.steps) running.nested.push(await this.#main(one, inner));
    const scope = this.#scope(inner, {}, "main");
    for (const output of action.outputs) {
      running.output.outputs[output.name] = this.#request.expressions.text(output.value, scope);
    }
    return inner.composite.status;
  }

  async #standIn(name: Parameters<typeof runStandIn>[0], step: Step, running: Running): Promise<Outcome> {
    const { folders, sources, artifacts, contexts } = this.#request;
    const github = contexts.github;
    await runStandIn(name, {
      inputs: this.#request.expressions.texts(step.with, running.scope),
      workspace: folders.workspace,
      sha: String(github["sha"]),
      ref: String(github["ref"]),
      repository: sources.own,
      repositoryUrl: `${github["server_url"]}/${github["repository"]}`,
      runUrl: `${github["server_url"]}/${github["repository"]}/actions/runs/${github["run_id"]}`,
      artifacts,
      log: (line) => running.output.log(line),
      warning: (message) => running.output.annotate("warning", message),
      output: (key, value) => {
        running.output.outputs[key] = value;
      },
    });
    return "success";
  }

  async #process(
    command: string,
    args: readonly string[],
    cwd: string,
    running: Running,
    extra: Readonly<Record<string, string>>,
  ): Promise<number> {
    const { folders, machine, env } = this.#request;
    const own = { ...this.#env, ...env_(running.scope) };
    const PATH = [...[...this.#paths].reverse(), own["PATH"] ?? machine.env?.["PATH"] ?? env["PATH"] ?? ""].join(
      path.delimiter,
    );
    const variables: Record<string, string> = {
      ...env,
      ...machine.env,
      ...own,
      ...githubVariables(running.github),
      RUNNER_NAME: machine.name,
      RUNNER_OS: process.platform === "darwin" ? "macOS" : "Linux",
      RUNNER_ARCH: process.arch === "arm64" ? "ARM64" : "X64",
      RUNNER_TEMP: folders.temporary,
      RUNNER_TOOL_CACHE: folders.tools,
      RUNNER_WORKSPACE: path.dirname(folders.workspace),
      RUNNER_ENVIRONMENT: environmentOf(machine),
      ...running.output.variables,
      ...extra,
      PATH,
    };
    variables[TRACKING_VARIABLE] = own[TRACKING_VARIABLE] ?? this.#tracking;
    return runProcess({
      command,
      args,
      cwd,
      env: variables,
      onLine: (line) => running.output.line(line),
      cancel: running.signal,
      kill: this.#request.kill,
    });
  }

  // Contexts

  #instance(step: Step, frame: Frame, action: Action): Instance {
    let instance = frame.instances.get(step);
    if (instance === undefined) {
      const name = this.#stepName(step, frame, this.#scope(frame));
      const inner: Frame | undefined =
        action.runs.kind === "composite"
          ? {
              names: [...frame.names, name],
              file: action.file,
              source: action.source,
              steps: {},
              instances: new Map(),
              inputs: {},
              overrides: frame.overrides,
              composite: { action, status: "success", name },
            }
          : undefined;
      instance = { action, state: {}, frame: inner, post: false };
      frame.instances.set(step, instance);
    }
    return instance;
  }

  #begin(step: Step, frame: Frame, instance: Instance, running: Running): void {
    running.output.state = instance.state;
    running.github = this.#stepGithub(step, frame, instance);
    if (instance.post || !hasPost(instance.action)) return;
    instance.post = true;
    // Inside a composite action the composite's own post step runs it.
    if (frame.composite === undefined) this.#posts.push({ step, frame, instance });
  }

  /** The inputs of an action, with the defaults of those not given; evaluated anew at each stage. */
  #inputs(step: Step, action: Action, running: Running): Record<string, string> {
    const { expressions } = this.#request;
    const given = expressions.texts(step.with, running.scope);
    const names = new Map(Object.keys(given).map((name) => [name.toLowerCase(), name]));
    const unexpected = Object.keys(given).filter(
      (name) => !action.inputs.some((one) => one.name.toLowerCase() === name.toLowerCase()),
    );
    if (unexpected.length > 0) {
      const valid = action.inputs.map((one) => one.name);
      running.output.annotate(
        "warning",
        `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid.join("', '")}']`,
      );
    }
    const result: Record<string, string> = { ...given };
    for (const input of action.inputs) {
      if (names.has(input.name.toLowerCase())) {
        if (input.deprecation)
          running.output.annotate(
            "warning",
            `Input '${input.name}' has been deprecated with message: ${input.deprecation}`,
          );
        continue;
      }
      result[input.name] = expressions.text(input.default, { ...running.scope, file: action.file });
    }
    return result;
  }

  async #local(uses: string, step: Step): Promise<Action> {
    const { parser, sources, workflow, folders, contexts } = this.#request;
    const root = folders.workspace;
    const source: Source = {
      repository: String(contexts.github["repository"]),
      ref: workflow.source.ref,
      sha: workflow.source.sha,
      root,
      prefix: "",
    };
    return loadLocalAction(parser, sources, source, uses, step.position);
  }

  #stepName(step: Step, frame: Frame, scope: Scope): string {
    const name =
      step.name && this.#quietly(() => this.#request.expressions.text(step.name, { ...scope, file: frame.file }));
    if (name) return name;
    if (step.uses !== undefined) return `Run ${step.uses}`;
    const script = this.#quietly(() => this.#request.expressions.text(step.run, scope)) ?? "";
    return `Run ${script.trim().split("\n")[0] ?? ""}`;
  }

  /** A value whose failure is told elsewhere, when the step itself is evaluated. */
  #quietly<T>(evaluate: () => T): T | undefined {
    try {
      return evaluate();
    } catch {
      return undefined;
    }
  }

  #stepGithub(step: Step, frame: Frame, instance: Instance | undefined): Record<string, unknown> {
    const action = step.action ?? instance?.action;
    const composite = frame.composite;
    const directory = action?.runs.kind === "node" ? action.directory : composite?.action.directory;
    const remote = action !== undefined && !action.local && !step.uses?.startsWith("$/");
    return {
      ...this.#github,
      action: step.id,
      action_path: directory ?? null,
      action_repository: remote ? action.source.repository : "",
      action_ref: remote ? action.source.ref : "",
      ...(composite ? { action_status: composite.status } : {}),
    };
  }

  #scope(
    frame: Frame,
    own: Readonly<Record<string, string>> = {},
    stage: Stage = "main",
    github: Readonly<Record<string, unknown>> = this.#github,
  ): Scope {
    const { contexts, workflow, machine, folders, checkRunId } = this.#request;
    const inComposite = frame.composite !== undefined;
    const path_ = frame.composite?.action.directory;
    return {
      file: frame.file,
      workspace: folders.workspace,
      status: this.#statusFunctions(frame, stage),
      contexts: {
        ...contexts,
        ...(inComposite ? { secrets: undefined, needs: undefined } : {}),
        github: inComposite ? { ...github, action_path: path_ } : github,
        inputs: frame.inputs,
        steps: frame.steps,
        env: { ...this.#env, ...frame.overrides, ...own },
        job: {
          status: this.#status,
          check_run_id: checkRunId,
          workflow_ref: `${workflow.source.repository}/${workflow.path}@${workflow.source.ref}`,
          workflow_sha: workflow.source.sha,
          workflow_repository: workflow.source.repository,
          workflow_file_path: workflow.path,
        },
        runner: {
          name: machine.name,
          os: process.platform === "darwin" ? "macOS" : "Linux",
          arch: process.arch === "arm64" ? "ARM64" : "X64",
          temp: folders.temporary,
          tool_cache: folders.tools,
          workspace: path.dirname(folders.workspace),
          environment: environmentOf(machine),
          debug: "",
        },
      },
    };
  }

  /** Main steps of a composite action look at the action's own steps; everything else at the job. */
  #statusFunctions(frame: Frame, stage: Stage): StatusFunctions {
    const status = (): Status => (frame.composite && stage === "main" ? frame.composite.status : this.#status);
    return {
      success: () => status() === "success",
      failure: () => status() === "failure",
      cancelled: () => this.#status === "cancelled",
    };
  }

  // The end

  #jobOutputs(frame: Frame): Record<string, string> {
    const { expressions, job } = this.#request;
    const outputs: Record<string, string> = {};
    for (const { key, value } of job.outputs ?? []) {
      const name = key.toString();
      try {
        const text = expressions.text(value, this.#scope(frame));
        if (text !== "" && this.#masker.holds(text))
          this.#annotate("warning", `Skip output '${name}' since it may contain secret.`);
        else if (text !== "") outputs[name] = text;
      } catch (error) {
        this.#jobError(messageOf(error));
      }
    }
    return outputs;
  }

  #environmentUrl(frame: Frame): string | undefined {
    const { job, parser, expressions } = this.#request;
    if (!(job.environment instanceof parser.tokens.MappingToken)) return undefined;
    const url = job.environment.find("url");
    if (url === undefined) return undefined;
    try {
      return expressions.text(url, this.#scope(frame)) || undefined;
    } catch (error) {
      this.#annotate("warning", `the environment's url: ${messageOf(error)}`);
      return undefined;
    }
  }

  #limit(read: () => number | undefined, otherwise: number): number {
    return this.#quietly(read) ?? otherwise;
  }

  #jobError(message: string): void {
    this.#annotate("error", message);
    if (this.#status === "success") this.#status = "failure";
  }

  #annotate(level: Annotation["level"], message: string): void {
    const annotation: Annotation = { level, message: this.#masker.mask(message) };
    this.#annotations.push(annotation);
    this.#request.emit({ type: "annotation", job: this.#request.name, step: [], annotation });
  }

  #log(step: readonly string[], line: string): void {
    this.#request.emit({ type: "log", job: this.#request.name, step, line });
  }
}

/** The `env` context of a scope. */
function env_(scope: Scope): Readonly<Record<string, string>> {
  return (scope.contexts["env"] as Record<string, string> | undefined) ?? {};
}

function environmentOf(machine: RunnerMachine): string {
  return machine.labels.includes("self-hosted") ? "self-hosted" : "github-hosted";
}
