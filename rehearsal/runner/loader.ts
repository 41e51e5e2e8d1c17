import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { MappingToken, TemplateToken } from "@actions/workflow-parser/templates/tokens/index";
import { messageOf } from "../../src/platform/errors.ts";
import { Mistakes, type Position, positionOf } from "./mistakes.ts";
import type { Action, ActionRuns, Job, Source, Step, Triggers, Workflow } from "./model.ts";
import type { Parser } from "./parser.ts";
import { beyond, DEFAULT_PERMISSIONS, readPermissions } from "./permissions.ts";
import type { Sources } from "./sources.ts";
import { checkStandIn, standInFor } from "./stand-ins.ts";
import { readActionTemplate, readWorkflowTemplate } from "./template.ts";
import { given, inputDefinitions, mapping, runDefaults, StepIds, strings } from "./tokens.ts";

/** How deep reusable workflows and composite actions may be nested, as on GitHub. */
const WORKFLOW_LEVELS = 10;
const WORKFLOW_FILES = 50;
const COMPOSITE_LEVELS = 9;

/**
 * Reads a workflow with all that it calls and uses, before anything runs. Whatever is wrong in any of the files, or not
 * supported in a rehearsal, is told in one ConfigurationError, a line each with its place.
 */
export async function loadWorkflow(parser: Parser, sources: Sources, source: Source, file: string): Promise<Workflow> {
  const mistakes = new Mistakes();
  const loader = new Loader(parser, sources, mistakes, source);
  const workflow = await loader.workflow(source, file, { file, line: 1, column: 1 }, 1);
  if (workflow !== undefined && mistakes.count === 0) checkPermissions(workflow, undefined, mistakes);
  mistakes.check();
  if (workflow === undefined) throw new Error(`${file} could not be read, and nothing said why`);
  return workflow;
}

/** Reads only what starts a workflow; of its jobs nothing is looked at but their syntax. */
export async function loadTriggers(
  parser: Parser,
  sources: Sources,
  source: Source,
  file: string,
): Promise<Triggers & { readonly name: string }> {
  const mistakes = new Mistakes();
  const triggers = await new Loader(parser, sources, mistakes, source).triggers(source, file);
  mistakes.check();
  return triggers;
}

/** Reads the action in a folder of a workspace, for `uses: ./path`, when the step comes to it. */
export async function loadLocalAction(
  parser: Parser,
  sources: Sources,
  source: Source,
  uses: string,
  position: Position,
): Promise<Action> {
  const mistakes = new Mistakes();
  const action = await new Loader(parser, sources, mistakes, source).action(
    source,
    uses.slice(2),
    uses,
    position,
    true,
    1,
  );
  mistakes.check();
  if (action === undefined) throw new Error(`${uses} could not be read, and nothing said why`);
  return action;
}

/** A called workflow may not ask for more than its caller has. */
function checkPermissions(workflow: Workflow, allowed: Job["permissions"], mistakes: Mistakes): void {
  for (const job of workflow.jobs) {
    const asked = job.permissions ?? workflow.permissions;
    if (asked !== undefined && allowed !== undefined) {
      for (const scope of beyond(asked, allowed)) {
        mistakes.add(
          job.position,
          `the job ${JSON.stringify(job.id)} asks for "${scope.asked}", but its caller allows only "${scope.allowed}"; add it under "permissions:" of the calling job`,
        );
      }
    }
    if (job.call) checkPermissions(job.call.workflow, asked ?? allowed ?? DEFAULT_PERMISSIONS, mistakes);
  }
}

class Loader {
  readonly #parser: Parser;
  readonly #sources: Sources;
  readonly #mistakes: Mistakes;
  /** What a checkout puts into the workspace. */
  readonly #own: Source;
  readonly #actions = new Map<string, Promise<Action | undefined>>();
  readonly #files = new Set<string>();

  constructor(parser: Parser, sources: Sources, mistakes: Mistakes, own: Source) {
    this.#own = own;
    this.#parser = parser;
    this.#sources = sources;
    this.#mistakes = mistakes;
  }

  async workflow(source: Source, file: string, from: Position, level: number): Promise<Workflow | undefined> {
    const shown = source.prefix + file;
    const onDisk = inside(source.root, file);
    if (onDisk === undefined || !existsSync(onDisk)) {
      this.#mistakes.add(from, `there is no workflow ${shown} at ${source.ref}`);
      return undefined;
    }
    this.#files.add(shown);
    if (level > WORKFLOW_LEVELS)
      this.#mistakes.add(from, `reusable workflows are nested deeper than ${WORKFLOW_LEVELS} levels`);
    if (this.#files.size > WORKFLOW_FILES)
      this.#mistakes.add(from, `more than ${WORKFLOW_FILES} workflow files are called`);
    if (level > WORKFLOW_LEVELS || this.#files.size > WORKFLOW_FILES) return undefined;
    const root = await readWorkflowTemplate(this.#parser, shown, readFileSync(onDisk, "utf8"), this.#mistakes);
    if (root === undefined) return undefined;
    const permissions = root.find("permissions");
    const jobs: Job[] = [];
    for (const { key, value } of mapping(root.find("jobs"))) {
      const job = await this.#job(source, shown, key, value.assertMapping("job"), level);
      if (job !== undefined) jobs.push(job);
    }
    return {
      source,
      path: file,
      file: shown,
      name: root.find("name")?.toString() ?? file,
      triggers: this.#triggers(root.find("on"), shown),
      ...given("permissions", permissions && readPermissions(permissions)),
      ...given("concurrency", root.find("concurrency")),
      ...given("env", root.find("env")?.assertMapping("env")),
      defaults: runDefaults(root.find("defaults")),
      jobs,
    };
  }

  async triggers(source: Source, file: string): Promise<Triggers & { readonly name: string }> {
    const shown = source.prefix + file;
    const root = await readWorkflowTemplate(
      this.#parser,
      shown,
      readFileSync(path.join(source.root, file), "utf8"),
      this.#mistakes,
    );
    return { ...this.#triggers(root?.find("on"), shown), name: root?.find("name")?.toString() ?? file };
  }

  #triggers(on: TemplateToken | undefined, file: string): Triggers {
    const { tokens } = this.#parser;
    if (on === undefined) return { names: [] };
    if (on instanceof tokens.SequenceToken || on.isScalar) {
      const names = on instanceof tokens.SequenceToken ? [...on].map(String) : [on.toString()];
      return {
        names,
        ...(names.includes("push") ? { push: {} } : {}),
        ...(names.includes("workflow_dispatch") ? { workflowDispatch: { inputs: [] } } : {}),
        ...(names.includes("workflow_call") ? { workflowCall: { inputs: [], secrets: [], outputs: [] } } : {}),
      };
    }
    const all = on.assertMapping("on");
    const names = [...all].map(({ key }) => key.toString());
    const event = (name: string): MappingToken | undefined => {
      const value = all.find(name);
      return value instanceof tokens.MappingToken ? value : undefined;
    };
    const push = event("push");
    for (const { key } of push ?? []) {
      if (key.toString().startsWith("paths")) this.#unsupported(positionOf(file, key), `on.push.${key}`);
    }
    const call = event("workflow_call");
    return {
      names,
      ...(names.includes("push")
        ? {
            push: {
              ...given("branches", strings(push?.find("branches"))),
              ...given("branchesIgnore", strings(push?.find("branches-ignore"))),
              ...given("tags", strings(push?.find("tags"))),
              ...given("tagsIgnore", strings(push?.find("tags-ignore"))),
            },
          }
        : {}),
      ...(names.includes("workflow_dispatch")
        ? { workflowDispatch: { inputs: inputDefinitions(event("workflow_dispatch")?.find("inputs")) } }
        : {}),
      ...(names.includes("workflow_call")
        ? {
            workflowCall: {
              inputs: inputDefinitions(call?.find("inputs")),
              secrets: mapping(call?.find("secrets")).map(({ key, value }) => ({
                name: key.toString(),
                required: value instanceof tokens.MappingToken && value.find("required")?.toString() === "true",
              })),
              outputs: mapping(call?.find("outputs")).flatMap(({ key, value }) => {
                const text = value.assertMapping("output").find("value");
                return text === undefined ? [] : [{ name: key.toString(), value: text }];
              }),
            },
          }
        : {}),
    };
  }

  async #job(
    source: Source,
    file: string,
    key: TemplateToken,
    token: MappingToken,
    level: number,
  ): Promise<Job | undefined> {
    const position = positionOf(file, key);
    const id = key.toString();
    for (const { key: property, value } of token) {
      const name = property.toString();
      if (name === "container" || name === "services" || name === "snapshot") {
        this.#unsupported(positionOf(file, property), `jobs.${id}.${name}`);
      }
      if (
        name === "runs-on" &&
        value instanceof this.#parser.tokens.MappingToken &&
        value.find("group") !== undefined
      ) {
        this.#unsupported(positionOf(file, property), `jobs.${id}.runs-on.group`);
      }
    }
    const permissions = token.find("permissions");
    const uses = token.find("uses");
    const call = uses && (await this.#call(source, file, id, uses, token, level));
    if (uses !== undefined && call === undefined) return undefined;
    const steps: Step[] = [];
    const ids = new StepIds();
    for (const item of token.find("steps")?.assertSequence("steps") ?? []) {
      const step = await this.#step(source, file, item.assertMapping("step"), ids, 0);
      if (step !== undefined) steps.push(step);
    }
    return {
      id,
      position,
      ...given("name", token.find("name")),
      needs: strings(token.find("needs")) ?? [],
      condition: this.#condition(token.find("if")),
      ...given("permissions", permissions && readPermissions(permissions)),
      ...given("concurrency", token.find("concurrency")),
      ...given("strategy", token.find("strategy")),
      ...given("env", token.find("env")?.assertMapping("env")),
      ...given("outputs", token.find("outputs")?.assertMapping("outputs")),
      ...given("environment", token.find("environment")),
      ...given("runsOn", token.find("runs-on")),
      ...given("timeoutMinutes", token.find("timeout-minutes")),
      ...given("cancelTimeoutMinutes", token.find("cancel-timeout-minutes")),
      ...given("continueOnError", token.find("continue-on-error")),
      defaults: runDefaults(token.find("defaults")),
      steps,
      ...given("call", call),
    };
  }

  async #call(
    source: Source,
    file: string,
    id: string,
    uses: TemplateToken,
    token: MappingToken,
    level: number,
  ): Promise<Job["call"] | undefined> {
    const position = positionOf(file, uses);
    const text = uses.toString();
    const target = await this.#locate(text, source, position);
    if (target === undefined) return undefined;
    const workflow = await this.workflow(target.source, target.path, position, level + 1);
    if (workflow === undefined) return undefined;
    const definition = workflow.triggers.workflowCall;
    if (definition === undefined) {
      this.#mistakes.add(position, `${workflow.file} cannot be called: it has no "on: workflow_call"`);
      return undefined;
    }
    const inputs = token.find("with")?.assertMapping("with");
    const secrets = token.find("secrets");
    const inherit = secrets?.isScalar === true && secrets.toString() === "inherit";
    const kinds = [
      { what: "input", given: inputs, defined: definition.inputs },
      ...(inherit ? [] : [{ what: "secret", given: secrets?.assertMapping("secrets"), defined: definition.secrets }]),
    ];
    for (const { what, given: values, defined } of kinds) {
      const names = defined.map((one) => one.name.toLowerCase());
      for (const { key } of values ?? []) {
        if (!names.includes(key.toString().toLowerCase())) {
          this.#mistakes.add(
            positionOf(file, key),
            `${workflow.file} has no ${what} ${JSON.stringify(key.toString())}; it has ${defined.map((one) => one.name).join(", ") || "none"}`,
          );
        }
      }
      for (const one of defined) {
        const present = [...(values ?? [])].some(({ key }) => key.toString().toLowerCase() === one.name.toLowerCase());
        if (one.required && !present)
          this.#mistakes.add(
            position,
            `${workflow.file} requires the ${what} ${JSON.stringify(one.name)}; the job ${JSON.stringify(id)} does not give it`,
          );
      }
    }
    return {
      workflow,
      ...given("with", inputs),
      ...given("secrets", inherit ? ("inherit" as const) : secrets?.assertMapping("secrets")),
    };
  }

  async #step(
    source: Source,
    file: string,
    token: MappingToken,
    ids: StepIds,
    depth: number,
  ): Promise<Step | undefined> {
    for (const { key } of token) {
      const name = key.toString();
      if (["background", "wait", "wait-all", "cancel", "parallel"].includes(name)) {
        this.#unsupported(positionOf(file, key), name);
        return undefined;
      }
    }
    const usesToken = token.find("uses");
    const uses = usesToken?.toString();
    const shell = token.find("shell");
    if (shell !== undefined) this.#checkShell(shell, file);
    const action =
      uses === undefined ? undefined : await this.#resolve(uses, source, positionOf(file, usesToken), token, depth);
    return {
      id: token.find("id")?.toString() ?? ids.next(uses),
      position: positionOf(file, token),
      ...given("name", token.find("name")),
      condition: this.#condition(token.find("if")),
      ...given("run", token.find("run")),
      ...given("uses", uses),
      ...given("action", action),
      ...given("with", token.find("with")?.assertMapping("with")),
      ...given("env", token.find("env")?.assertMapping("env")),
      ...given("shell", shell),
      ...given("workingDirectory", token.find("working-directory")),
      ...given("continueOnError", token.find("continue-on-error")),
      ...given("timeoutMinutes", token.find("timeout-minutes")),
    };
  }

  #checkShell(shell: TemplateToken, file: string): void {
    const name = shell.isLiteral ? shell.toString() : "bash";
    if (["pwsh", "powershell", "cmd"].includes(name)) this.#unsupported(positionOf(file, shell), `shell: ${name}`);
  }

  async #resolve(
    uses: string,
    source: Source,
    position: Position,
    step: MappingToken,
    depth: number,
  ): Promise<Action | undefined> {
    if (uses.startsWith("docker://")) {
      this.#unsupported(position, uses);
      return undefined;
    }
    if (uses.startsWith("./")) {
      // Looked up again in the workspace when the step runs; an earlier step may still make what is not there now.
      const present = inside(this.#own.root, uses.slice(2));
      if (present !== undefined && existsSync(present)) {
        await this.action(this.#own, uses.slice(2), uses, position, true, depth + 1);
      }
      return undefined;
    }
    const standIn = standInFor(uses);
    if (standIn !== undefined) {
      checkStandIn(standIn, uses, position, step, this.#mistakes);
      return standIn.action(uses, source);
    }
    const target = await this.#locate(uses, source, position);
    return target && this.action(target.source, target.path, uses, position, false, depth + 1);
  }

  /** The repository and path that `./x`, `$/x` or `owner/name/x@ref` names, seen from a file in `from`. */
  async #locate(uses: string, from: Source, position: Position): Promise<{ source: Source; path: string } | undefined> {
    if (uses.startsWith("./") || uses.startsWith("$/")) return { source: from, path: uses.slice(2) };
    const match = /^([^/@\s]+\/[^/@\s]+)(?:\/([^@\s]*))?@(\S+)$/.exec(uses);
    if (match === null) {
      this.#mistakes.add(
        position,
        `${JSON.stringify(uses)} is no reference: write ./path, $/path or owner/name/path@ref`,
      );
      return undefined;
    }
    const [, repository = "", folder = "", ref = ""] = match;
    try {
      const source = await this.#sources.of(repository, ref);
      if (source !== undefined) return { source, path: folder };
      this.#mistakes.add(position, `${uses}: this rehearsal has no checkout of ${repository}; give it one`);
    } catch (error) {
      this.#mistakes.add(position, `${uses}: ${messageOf(error)}`);
    }
    return undefined;
  }

  /** The action in a folder of a source. */
  action(
    source: Source,
    folder: string,
    label: string,
    from: Position,
    local: boolean,
    depth: number,
  ): Promise<Action | undefined> {
    if (depth > COMPOSITE_LEVELS) {
      this.#mistakes.add(from, `composite actions are nested deeper than ${COMPOSITE_LEVELS} levels`);
      return Promise.resolve(undefined);
    }
    const key = `${depth} ${source.root} ${folder} ${label}`;
    let action = this.#actions.get(key);
    if (action === undefined) {
      action = this.#readAction(source, folder, label, from, local, depth);
      this.#actions.set(key, action);
    }
    return action;
  }

  async #readAction(
    source: Source,
    folder: string,
    label: string,
    from: Position,
    local: boolean,
    depth: number,
  ): Promise<Action | undefined> {
    const directory = inside(source.root, folder);
    const name = ["action.yml", "action.yaml"].find(
      (one) => directory !== undefined && existsSync(path.join(directory, one)),
    );
    if (directory === undefined || name === undefined) {
      this.#mistakes.add(
        from,
        `${label}: there is no action.yml in ${source.prefix}${path.posix.normalize(folder || ".")}`,
      );
      return undefined;
    }
    const file = source.prefix + path.posix.join(folder, name);
    const root = readActionTemplate(
      this.#parser,
      file,
      readFileSync(path.join(directory, name), "utf8"),
      this.#mistakes,
    );
    const runs = root?.find("runs")?.assertMapping("runs");
    const read = runs && (await this.#runs(source, file, runs, depth));
    if (root === undefined || read === undefined) return undefined;
    return {
      label,
      file,
      source,
      directory,
      local,
      inputs: mapping(root.find("inputs")).map(({ key, value }) => {
        const definition = mapping(value);
        const property = (one: string): TemplateToken | undefined =>
          definition.find((pair) => pair.key.toString() === one)?.value;
        return {
          name: key.toString(),
          ...given("default", property("default")),
          ...given("deprecation", property("deprecationMessage")?.toString()),
        };
      }),
      outputs: mapping(root.find("outputs")).map(({ key, value }) => ({
        name: key.toString(),
        ...given("value", mapping(value).find((pair) => pair.key.toString() === "value")?.value),
      })),
      runs: read,
    };
  }

  async #runs(source: Source, file: string, runs: MappingToken, depth: number): Promise<ActionRuns | undefined> {
    const using = runs.find("using")?.toString() ?? "";
    if (using === "composite") {
      const steps: Step[] = [];
      const ids = new StepIds();
      for (const item of runs.find("steps")?.assertSequence("steps") ?? []) {
        const step = await this.#step(source, file, item.assertMapping("step"), ids, depth);
        if (step !== undefined) steps.push(step);
      }
      return { kind: "composite", steps };
    }
    if (using !== "node20" && using !== "node24") {
      this.#unsupported(positionOf(file, runs.find("using")), `using: ${using}`);
      return undefined;
    }
    for (const key of ["main", "pre", "post"]) {
      const script = runs.find(key);
      if (script === undefined) continue;
      const target = path.resolve(source.root, path.dirname(file.slice(source.prefix.length)), script.toString());
      if (!existsSync(target))
        this.#mistakes.add(positionOf(file, script), `there is no file ${script.toString()}; build the action first`);
    }
    return {
      kind: "node",
      main: runs.find("main")?.toString() ?? "",
      preIf: runs.find("pre-if")?.toString() ?? "always()",
      postIf: runs.find("post-if")?.toString() ?? "always()",
      ...given("pre", runs.find("pre")?.toString()),
      ...given("post", runs.find("post")?.toString()),
    };
  }

  #condition(token: TemplateToken | undefined): string {
    if (token === undefined) return "success()";
    const { tokens, conditions } = this.#parser;
    const text = token instanceof tokens.BasicExpressionToken ? token.expression : token.toString().trim();
    return text === "" ? "success()" : conditions.ensureStatusFunction(text, token.definitionInfo);
  }

  #unsupported(position: Position, what: string): void {
    this.#mistakes.add(position, `${what} is not supported in a rehearsal`);
  }
}

/** The path in a folder, unless it leads out of it. */
function inside(root: string, relative: string): string | undefined {
  const target = path.resolve(root, relative);
  return target === root || target.startsWith(root + path.sep) ? target : undefined;
}
