import type { RunRequest } from "../github/ports.ts";
import type { Workflow } from "./model.ts";

/** What GitHub knows about a run, before a job is on a machine. */
export interface RunFacts {
  readonly url: string;
  readonly repository: string;
  readonly request: RunRequest;
  readonly run: number;
  readonly number: number;
  readonly attempt: number;
  /** The inputs of the dispatch, typed, with defaults. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The workflow that was started, not one that it calls. */
  readonly workflow: Workflow;
  readonly defaultBranch: string;
  /** Of the commit that the run is for, in ISO 8601. */
  readonly now: string;
}

/** The webhook payload behind `github.event`: the parts that this event has and that workflows read. */
export function eventPayload(facts: RunFacts): Record<string, unknown> {
  const { request, repository } = facts;
  const [owner = "", name = ""] = repository.split("/");
  const common = {
    ref: request.ref,
    repository: {
      name,
      full_name: repository,
      owner: { login: owner },
      default_branch: facts.defaultBranch,
      html_url: `${facts.url}/${repository}`,
    },
    sender: { login: request.actor },
  };
  switch (request.event) {
    case "push":
      return {
        ...common,
        after: request.sha,
        pusher: { name: request.actor },
        head_commit: { id: request.sha, timestamp: facts.now },
      };
    case "schedule":
      return { repository: common.repository };
    default:
      // The payload of a webhook has all inputs as texts, those left to their defaults too.
      return {
        ...common,
        inputs: Object.fromEntries(Object.entries(facts.inputs).map(([name, value]) => [name, String(value)])),
        workflow: request.workflow,
      };
  }
}

/** The `github` context of a job, without what only its machine knows. In a called workflow it is the caller's. */
export function githubContext(facts: RunFacts, job: string, token: string): Record<string, unknown> {
  const { request, repository, url } = facts;
  const [, kind = "", refName = request.ref] = /^refs\/(heads|tags)\/(.+)$/.exec(request.ref) ?? [];
  return {
    token,
    job,
    ref: request.ref,
    sha: request.sha,
    repository,
    repository_owner: repository.split("/")[0] ?? "",
    repository_id: "1",
    repository_owner_id: "1",
    repositoryUrl: `git://github.com/${repository}.git`,
    run_id: String(facts.run),
    run_number: String(facts.number),
    run_attempt: String(facts.attempt),
    retention_days: "90",
    actor: request.actor,
    actor_id: "1",
    triggering_actor: request.actor,
    workflow: facts.workflow.name,
    workflow_ref: `${repository}/${facts.workflow.path}@${request.ref}`,
    workflow_sha: request.sha,
    head_ref: "",
    base_ref: "",
    event_name: request.event,
    event: eventPayload(facts),
    server_url: url,
    api_url: url,
    graphql_url: `${url}/graphql`,
    ref_name: refName,
    ref_protected: false,
    ref_type: kind === "tags" ? "tag" : "branch",
    secret_source: "Actions",
  };
}

/** The keys of the `github` context that every process gets as `GITHUB_…`. */
const VARIABLES = (
  "action action_path action_ref action_repository actor actor_id api_url base_ref event_name event_path graphql_url head_ref job ref ref_name " +
  "ref_protected ref_type repository repository_id repository_owner repository_owner_id retention_days run_attempt run_id run_number " +
  "server_url sha triggering_actor workflow workflow_ref workflow_sha workspace"
).split(" ");

/** The `GITHUB_…` variables of a process from the `github` context. */
export function githubVariables(github: Readonly<Record<string, unknown>>): Record<string, string> {
  const result: Record<string, string> = { CI: "true", GITHUB_ACTIONS: "true" };
  for (const key of VARIABLES) {
    const value = github[key];
    if (value !== undefined && value !== null) result[`GITHUB_${key.toUpperCase()}`] = String(value);
  }
  return result;
}
