import { type Answer, created, noContent, notFound, ok, Refusal, validationFailed } from "../answer.ts";
import { paginate } from "../pagination.ts";
import { presentMergeCommit } from "../present/commits.ts";
import { presentDeployment, presentStatus } from "../present/deployments.ts";
import { type Call, type Route, route } from "../router.ts";
import { latestCheckRuns, latestStatuses, requiredContexts } from "../state/checks.ts";
import {
  addDeployment,
  addStatus,
  type Deployment,
  latestStatus,
  newestFirst,
  STATUS_STATES,
} from "../state/deployments.ts";
import { ensureEnvironment } from "../state/environments.ts";
import { allCheckRuns } from "../state/runs.ts";
import { apiUrl, type World } from "../world.ts";
import { flag, id, isObject, text, texts } from "./inputs.ts";

/** GitHub's limit on the description of a deployment and of a status, in characters. */
const LONGEST_DESCRIPTION = 140;
/** GitHub's limit on the name of an environment, in characters. */
const LONGEST_ENVIRONMENT = 255;

function find(world: World, call: Call): Deployment {
  const deployment = world.records.deployments.get(id(call, "deployment_id"));
  if (deployment === undefined) throw notFound();
  return deployment;
}

function checkLength(resource: string, field: string, value: string | undefined, limit: number): void {
  if (value !== undefined && [...value].length > limit) {
    const message = `${field} is too long (maximum is ${limit} characters)`;
    throw validationFailed({ resource, field, code: "custom", message });
  }
}

function list(world: World, call: Call): Promise<Answer> {
  const wanted = ["sha", "ref", "task", "environment"] as const;
  const filters = wanted.flatMap((key) => {
    const value = call.query.get(key);
    return value === null || value === "none" ? [] : [{ key, value }];
  });
  const matching = newestFirst(world.records).filter((deployment) =>
    filters.every(({ key, value }) =>
      key === "environment" ? deployment.environment.toLowerCase() === value.toLowerCase() : deployment[key] === value,
    ),
  );
  return paginate(call, world.root, matching, (deployment) => presentDeployment(world, deployment));
}

/**
 * Merges the default branch into the branch that is deployed where it is behind; undefined where it is not. A tag or a
 * SHA cannot be merged into, which GitHub calls a conflict (github/platform-samples#99).
 */
async function autoMerge(
  world: World,
  ref: string,
  target: { readonly sha: string; readonly branch: string | undefined },
  call: Call,
): Promise<Answer | undefined> {
  const tip = await world.git.ref(`refs/heads/${world.defaultBranch}`);
  if (tip === undefined || (await world.git.isAncestor(tip, target.sha))) return undefined;
  const { branch } = target;
  if (branch === undefined) throw new Refusal(409, `Conflict merging ${world.defaultBranch} into ${ref}.`);
  const message = `Merge branch '${world.defaultBranch}' into ${branch}`;
  const merged = await world.git.merge(branch, tip, message, call.caller.login, call.now);
  if (merged === undefined) {
    throw new Refusal(409, `Conflict merging ${world.defaultBranch} into ${branch}.`);
  }
  return {
    status: 202,
    body: {
      message: `Auto-merged ${world.defaultBranch} into ${branch} on deployment.`,
      commit: await presentMergeCommit(world, merged),
    },
  };
}

async function create(world: World, call: Call): Promise<Answer> {
  const { body, now } = call;
  const ref = text(body, "ref") ?? "";
  const environment = text(body, "environment") ?? "production";
  checkLength("Deployment", "description", text(body, "description"), LONGEST_DESCRIPTION);
  checkLength("Deployment", "environment", environment, LONGEST_ENVIRONMENT);
  const target = await world.git.commitOf(ref);
  if (target === undefined) throw new Refusal(422, `No ref found for: ${ref}`);
  const { sha } = target;
  if (flag(body, "auto_merge") ?? true) {
    const merged = await autoMerge(world, ref, target, call);
    if (merged !== undefined) return merged;
  }
  const checks = latestCheckRuns(allCheckRuns(world.records), sha);
  const required = requiredContexts(latestStatuses(world.records, sha), checks, texts(body, "required_contexts"));
  if (!required.met) {
    const error = {
      contexts: required.contexts.map((context) => ({ ...context })),
      resource: "Deployment",
      field: "required_contexts",
      code: "invalid",
    };
    throw new Refusal(409, `Conflict: Commit status checks failed for ${ref}.`, { errors: [error] });
  }
  ensureEnvironment(world.records, environment, now);
  const payload = body["payload"];
  const deployment = addDeployment(
    world.records,
    {
      ref,
      sha,
      task: text(body, "task") ?? "deploy",
      payload: typeof payload === "string" || isObject(payload) ? payload : {},
      environment,
      description: text(body, "description") ?? null,
      transient: flag(body, "transient_environment") ?? false,
      production: flag(body, "production_environment") ?? environment === "production",
      creator: call.caller.login,
    },
    now,
  );
  return created(presentDeployment(world, deployment), apiUrl(world, `/deployments/${deployment.id}`));
}

function remove(world: World, call: Call): Answer {
  const deployment = find(world, call);
  const active = latestStatus(deployment)?.state === "success";
  const others = newestFirst(world.records).filter(
    (other) => other.id !== deployment.id && other.environment.toLowerCase() === deployment.environment.toLowerCase(),
  );
  if (active && others.length > 0) {
    const rule = "We cannot delete an active deployment unless it is the only deployment in a given environment.";
    throw new Refusal(422, rule);
  }
  world.records.deployments.delete(deployment.id);
  return noContent;
}

function createStatus(world: World, call: Call): Answer {
  const { body } = call;
  const deployment = find(world, call);
  const state = STATUS_STATES.find((known) => known === text(body, "state"));
  if (state === undefined) throw validationFailed({ resource: "DeploymentStatus", field: "state", code: "invalid" });
  const description = text(body, "description");
  checkLength("DeploymentStatus", "description", description, LONGEST_DESCRIPTION);
  const environment = text(body, "environment");
  if (environment !== undefined) ensureEnvironment(world.records, environment, call.now);
  const logUrl = text(body, "log_url") ?? text(body, "target_url");
  const environmentUrl = text(body, "environment_url");
  const autoInactive = flag(body, "auto_inactive");
  const status = addStatus(
    world.records,
    deployment.id,
    {
      state,
      creator: call.caller.login,
      ...(description === undefined ? {} : { description }),
      ...(environment === undefined ? {} : { environment }),
      ...(environmentUrl === undefined ? {} : { environmentUrl }),
      ...(logUrl === undefined ? {} : { logUrl }),
      ...(autoInactive === undefined ? {} : { autoInactive }),
    },
    call.now,
  );
  if (status === undefined) throw notFound();
  const url = apiUrl(world, `/deployments/${deployment.id}/statuses/${status.id}`);
  return created(presentStatus(world, deployment, status), url);
}

function getStatus(world: World, call: Call): Answer {
  const deployment = find(world, call);
  const status = deployment.statuses.find((known) => known.id === id(call, "status_id"));
  if (status === undefined) throw notFound();
  return ok(presentStatus(world, deployment, status));
}

function listStatuses(world: World, call: Call): Promise<Answer> {
  const deployment = find(world, call);
  return paginate(call, world.root, deployment.statuses.toReversed(), (status) =>
    presentStatus(world, deployment, status),
  );
}

const root = "/repos/{owner}/{repo}/deployments";

export const deploymentRoutes: readonly Route[] = [
  route(`GET ${root}`, "deployments:read", list),
  route(`POST ${root}`, "deployments:write", create),
  route(`GET ${root}/{deployment_id}`, "deployments:read", (world, call) =>
    ok(presentDeployment(world, find(world, call))),
  ),
  route(`DELETE ${root}/{deployment_id}`, "deployments:write", remove),
  route(`GET ${root}/{deployment_id}/statuses`, "deployments:read", listStatuses),
  route(`POST ${root}/{deployment_id}/statuses`, "deployments:write", createStatus),
  route(`GET ${root}/{deployment_id}/statuses/{status_id}`, "deployments:read", getStatus),
];
