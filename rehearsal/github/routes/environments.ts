import { type Answer, type JsonObject, noContent, notFound, ok, Refusal, validationFailed } from "../answer.ts";
import { nodeId } from "../names.ts";
import { paginate } from "../pagination.ts";
import { presentEnvironment } from "../present/environments.ts";
import { type Call, type Route, route } from "../router.ts";
import { type BranchPolicy, type Environment, findEnvironment, putEnvironment } from "../state/environments.ts";
import type { World } from "../world.ts";
import { flag, isObject, text } from "./inputs.ts";

/** GitHub's limits: reviewers of an environment, and its wait timer in minutes. */
const MOST_REVIEWERS = 6;
const LONGEST_WAIT = 43_200;

function find(world: World, call: Call): Environment {
  const environment = findEnvironment(world.records, call.params["environment_name"] ?? "");
  if (environment === undefined) throw notFound();
  return environment;
}

function list(world: World, call: Call): Promise<Answer> {
  return paginate(
    call,
    world.root,
    [...world.records.environments.values()],
    (environment) => presentEnvironment(world, environment),
    (environments, total_count) => ({ total_count, environments }),
  );
}

function loginOf(world: World, reviewer: unknown): string {
  const id = typeof reviewer === "object" && reviewer !== null && "id" in reviewer ? reviewer.id : undefined;
  const login = [...world.records.users].find(([, known]) => known === id)?.[0];
  if (login === undefined) throw validationFailed({ resource: "Environment", field: "reviewers", code: "invalid" });
  return login;
}

function put(world: World, call: Call): Answer {
  const { body } = call;
  const waitMinutes = typeof body["wait_timer"] === "number" ? body["wait_timer"] : 0;
  const given = Array.isArray(body["reviewers"]) ? body["reviewers"] : [];
  if (waitMinutes > LONGEST_WAIT || waitMinutes < 0) {
    throw validationFailed({ resource: "Environment", field: "wait_timer", code: "invalid" });
  }
  if (given.length > MOST_REVIEWERS) {
    throw validationFailed({ resource: "Environment", field: "reviewers", code: "invalid" });
  }
  const policy = body["deployment_branch_policy"];
  const protectedBranches = isObject(policy) && flag(policy, "protected_branches") === true;
  const custom = isObject(policy) && flag(policy, "custom_branch_policies") === true;
  if (isObject(policy) && protectedBranches === custom) {
    throw new Refusal(422, "protected_branches and custom_branch_policies cannot have the same value");
  }
  const name = call.params["environment_name"] ?? "";
  const known = findEnvironment(world.records, name)?.policies?.map((entry) => entry.name) ?? [];
  const environment = putEnvironment(
    world.records,
    {
      name,
      reviewers: given.map((reviewer) => loginOf(world, reviewer)),
      preventSelfReview: flag(body, "prevent_self_review") ?? false,
      waitMinutes,
      protectedBranches,
      ...(custom ? { branches: known } : {}),
    },
    call.now,
  );
  return ok(presentEnvironment(world, environment));
}

function remove(world: World, call: Call): Answer {
  world.records.environments.delete(find(world, call).name.toLowerCase());
  return noContent;
}

const presentPolicy = (policy: BranchPolicy): JsonObject => ({
  id: policy.id,
  node_id: nodeId("GateRule", policy.id),
  name: policy.name,
  type: "branch",
});

function listPolicies(world: World, call: Call): Promise<Answer> {
  return paginate(call, world.root, find(world, call).policies ?? [], presentPolicy, (page, total_count) => ({
    total_count,
    branch_policies: page,
  }));
}

function addPolicy(world: World, call: Call): Answer {
  const environment = find(world, call);
  if (environment.policies === undefined) throw notFound();
  const policy = { id: world.records.nextId(), name: text(call.body, "name") ?? "" };
  world.records.environments.set(environment.name.toLowerCase(), {
    ...environment,
    policies: [...environment.policies, policy],
    updatedAt: call.now,
  });
  return ok(presentPolicy(policy));
}

const root = "/repos/{owner}/{repo}/environments";

export const environmentRoutes: readonly Route[] = [
  route(`GET ${root}`, "actions:read", list),
  route(`GET ${root}/{environment_name}`, "actions:read", (world, call) =>
    ok(presentEnvironment(world, find(world, call))),
  ),
  route(`PUT ${root}/{environment_name}`, "administration:write", put),
  route(`DELETE ${root}/{environment_name}`, "administration:write", remove),
  route(`GET ${root}/{environment_name}/deployment-branch-policies`, "actions:read", listPolicies),
  route(`POST ${root}/{environment_name}/deployment-branch-policies`, "administration:write", addPolicy),
];
