import { parse } from "yaml";
import { type Answer, type Json, noContent, notFound, ok, Refusal } from "../answer.ts";
import type { RunRequest } from "../ports.ts";
import { type Call, type Route, route } from "../router.ts";
import { apiUrl, pageUrl, type World } from "../world.ts";
import { flag, isObject, text } from "./inputs.ts";

const FOLDER = ".github/workflows";
/** GitHub's limit on the number of inputs of a workflow, and of keys of a client payload. */
const MOST_INPUTS = 25;
const MOST_PAYLOAD_KEYS = 10;

interface WorkflowFile {
  readonly path: string;
  readonly name: string;
  /** What stands under `on:`, by event. */
  readonly events: Readonly<Record<string, Json>>;
}

/** Reads a workflow's name and events; only those, the rest is the runner's. */
function readWorkflow(path: string, source: string): WorkflowFile {
  const file = parse(source) as Json;
  const on = isObject(file) ? (file["on"] ?? null) : null;
  const events: Record<string, Json> = {};
  if (typeof on === "string") events[on] = null;
  else if (Array.isArray(on)) for (const event of on) events[String(event)] = null;
  else if (isObject(on)) for (const [event, value] of Object.entries(on)) events[event] = value ?? null;
  return { path, name: (isObject(file) ? text(file, "name") : undefined) ?? path, events };
}

async function workflowAt(world: World, sha: string, path: string): Promise<WorkflowFile | undefined> {
  const entry = (await world.git.tree(sha, path))?.[0];
  if (entry?.type !== "blob") return undefined;
  return readWorkflow(path, (await world.git.blob(entry.sha)).toString());
}

function pathOf(world: World, call: Call): string {
  const name = call.params["workflow_id"] ?? "";
  if (/^\d+$/.test(name)) {
    const known = [...world.records.workflows.values()].find((workflow) => workflow.id === Number(name));
    if (known === undefined) throw notFound();
    return known.path;
  }
  if (!/^[\w.-]+\.ya?ml$/.test(name)) throw notFound();
  return `${FOLDER}/${name}`;
}

/** The inputs of a dispatch against what the workflow declares, with defaults filled in. */
function checkedInputs(workflow: WorkflowFile, given: Json | undefined): Record<string, string> {
  const event = workflow.events["workflow_dispatch"];
  const declared = isObject(event) && isObject(event["inputs"]) ? event["inputs"] : {};
  const inputs = isObject(given) ? given : {};
  const unexpected = Object.keys(inputs).filter((name) => !Object.hasOwn(declared, name));
  if (unexpected.length > 0) throw new Refusal(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  if (Object.keys(inputs).length > MOST_INPUTS) throw new Refusal(422, "Too many inputs provided");
  const values: Record<string, string> = {};
  for (const [name, declaration] of Object.entries(declared)) {
    const input = isObject(declaration) ? declaration : {};
    const value = inputs[name] ?? input["default"];
    if (value === undefined || value === null || value === "") {
      if (flag(input, "required") === true) throw new Refusal(422, `Required input '${name}' not provided`);
      if (value === "") values[name] = "";
      continue;
    }
    const options = Array.isArray(input["options"]) ? input["options"] : undefined;
    if (text(input, "type") === "choice" && options !== undefined && !options.map(String).includes(String(value))) {
      throw new Refusal(422, `Provided value '${String(value)}' for input '${name}' not in the list of allowed values`);
    }
    if (text(input, "type") === "boolean" && !["true", "false"].includes(String(value))) {
      throw new Refusal(422, `Provided value '${String(value)}' for input '${name}' is not a boolean`);
    }
    values[name] = typeof value === "object" ? JSON.stringify(value) : String(value);
  }
  return values;
}

/** The full name of the branch or tag to run on; `workflow_dispatch` takes no SHA. */
async function refOf(world: World, name: string): Promise<{ readonly ref: string; readonly sha: string }> {
  const short = name.replace(/^refs\/(heads|tags)\//, "");
  for (const ref of [`refs/heads/${short}`, `refs/tags/${short}`]) {
    if (name.startsWith("refs/") && name !== ref) continue;
    const sha = (await world.git.ref(ref)) === undefined ? undefined : (await world.git.commitOf(ref))?.sha;
    if (sha !== undefined) return { ref, sha };
  }
  throw new Refusal(422, `No ref found for: ${name}`);
}

async function dispatchWorkflow(world: World, call: Call): Promise<Answer> {
  const path = pathOf(world, call);
  const main = await world.git.commitOf(world.defaultBranch);
  const known = main !== undefined && (await world.git.tree(main.sha, path)) !== undefined;
  const { ref, sha } = await refOf(world, text(call.body, "ref") ?? "");
  const workflow = await workflowAt(world, sha, path);
  if (!known && workflow === undefined) throw notFound();
  if (workflow === undefined || !Object.hasOwn(workflow.events, "workflow_dispatch")) {
    throw new Refusal(422, "Workflow does not have 'workflow_dispatch' trigger");
  }
  const inputs = checkedInputs(workflow, call.body["inputs"]);
  const request: RunRequest = {
    workflow: path,
    name: workflow.name,
    event: "workflow_dispatch",
    ref,
    sha,
    actor: call.caller.login,
    inputs,
  };
  world.signals.dispatch.emit(request);
  if (flag(call.body, "return_run_details") !== true) return noContent;
  const run = [...world.records.runs.values()].find((made) => made.request === request);
  if (run === undefined) throw new Refusal(501, "nobody made a run of the dispatch, so it has no details");
  return ok({
    workflow_run_id: run.id,
    run_url: apiUrl(world, `/actions/runs/${run.id}`),
    html_url: pageUrl(world, `/actions/runs/${run.id}`),
  });
}

function wants(workflow: WorkflowFile, eventType: string): boolean {
  if (!Object.hasOwn(workflow.events, "repository_dispatch")) return false;
  const event = workflow.events["repository_dispatch"];
  const types = isObject(event) ? event["types"] : undefined;
  if (types === undefined || types === null) return true;
  return (Array.isArray(types) ? types : [types]).includes(eventType);
}

/** Starts every workflow of the default branch that listens to the event. */
async function dispatchRepository(world: World, call: Call): Promise<Answer> {
  const eventType = text(call.body, "event_type") ?? "";
  const payload = call.body["client_payload"] ?? {};
  if (isObject(payload) && Object.keys(payload).length > MOST_PAYLOAD_KEYS) {
    throw new Refusal(
      422,
      `No more than ${MOST_PAYLOAD_KEYS} properties are allowed; ${Object.keys(payload).length} were supplied.`,
    );
  }
  const main = await world.git.commitOf(world.defaultBranch);
  if (main === undefined) return noContent;
  for (const entry of (await world.git.tree(main.sha, `${FOLDER}/`)) ?? []) {
    if (!/\.ya?ml$/.test(entry.path)) continue;
    const workflow = await workflowAt(world, main.sha, entry.path);
    if (workflow === undefined || !wants(workflow, eventType)) continue;
    world.signals.dispatch.emit({
      workflow: workflow.path,
      name: workflow.name,
      event: "repository_dispatch",
      ref: `refs/heads/${world.defaultBranch}`,
      sha: main.sha,
      actor: call.caller.login,
      payload,
      eventType,
    });
  }
  return noContent;
}

const root = "/repos/{owner}/{repo}";

export const dispatchRoutes: readonly Route[] = [
  route(`POST ${root}/actions/workflows/{workflow_id}/dispatches`, "actions:write", dispatchWorkflow),
  route(`POST ${root}/dispatches`, "contents:write", dispatchRepository),
];
