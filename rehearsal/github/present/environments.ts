import type { Json, JsonObject } from "../answer.ts";
import { nodeId, timestamp } from "../names.ts";
import { type Entry, type Environment, mayReview, type Review } from "../state/environments.ts";
import { apiUrl, pageUrl, type World } from "../world.ts";
import { simpleUser } from "./people.ts";

/** An environment without its rules, as approvals name it. */
function head(world: World, environment: Environment): JsonObject {
  return {
    id: environment.id,
    node_id: nodeId("Environment", environment.id),
    name: environment.name,
    url: apiUrl(world, `/environments/${encodeURIComponent(environment.name)}`),
    html_url: pageUrl(world, `/deployments/activity_log?environments_filter=${encodeURIComponent(environment.name)}`),
  };
}

function reviewers(world: World, environment: Environment): Json[] {
  return environment.reviewers.map((login) => ({ type: "User", reviewer: simpleUser(world, login) }));
}

/** An environment with its protection. */
export function presentEnvironment(world: World, environment: Environment): JsonObject {
  const rules: JsonObject[] = [];
  const { ruleIds } = environment;
  const rule = (id: number, type: string): JsonObject => ({ id, node_id: nodeId("GateRule", id), type });
  if (environment.waitMinutes > 0) {
    rules.push({ ...rule(ruleIds.wait, "wait_timer"), wait_timer: environment.waitMinutes });
  }
  if (environment.reviewers.length > 0) {
    rules.push({
      ...rule(ruleIds.reviewers, "required_reviewers"),
      prevent_self_review: environment.preventSelfReview,
      reviewers: reviewers(world, environment),
    });
  }
  const custom = environment.policies !== undefined;
  if (custom || environment.protectedBranches) rules.push(rule(ruleIds.branches, "branch_policy"));
  return {
    ...head(world, environment),
    created_at: timestamp(environment.createdAt),
    updated_at: timestamp(environment.updatedAt),
    can_admins_bypass: true,
    protection_rules: rules,
    deployment_branch_policy:
      custom || environment.protectedBranches
        ? { protected_branches: environment.protectedBranches, custom_branch_policies: custom }
        : null,
  };
}

/** A run's wait for an environment, as `pending_deployments` lists it. */
export function presentPending(
  world: World,
  environment: Environment,
  entry: Entry,
  caller: string,
  actor: string,
): JsonObject {
  return {
    environment: head(world, environment),
    wait_timer: environment.waitMinutes,
    wait_timer_started_at: environment.waitMinutes > 0 ? timestamp(entry.since) : null,
    current_user_can_approve: mayReview(environment, caller, actor),
    reviewers: reviewers(world, environment),
  };
}

/** A decision of a reviewer, as `approvals` lists it. */
export function presentReview(world: World, review: Review): JsonObject {
  return {
    state: review.state,
    comment: review.comment,
    user: simpleUser(world, review.user),
    environments: review.environments.flatMap((name) => {
      const environment = world.records.environments.get(name.toLowerCase());
      if (environment === undefined) return [];
      const dates = { created_at: timestamp(environment.createdAt), updated_at: timestamp(environment.updatedAt) };
      return [{ ...head(world, environment), ...dates }];
    }),
  };
}
