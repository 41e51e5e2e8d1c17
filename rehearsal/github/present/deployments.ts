import type { Json, JsonObject } from "../answer.ts";
import { nodeId, timestamp } from "../names.ts";
import { type Deployment, type DeploymentStatus, updatedAt } from "../state/deployments.ts";
import { apiUrl, type World } from "../world.ts";
import { appOf, simpleUser } from "./people.ts";

/** A deployment as REST shows it. */
export function presentDeployment(world: World, deployment: Deployment): JsonObject {
  const url = apiUrl(world, `/deployments/${deployment.id}`);
  return {
    url,
    id: deployment.id,
    node_id: nodeId("Deployment", deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    creator: simpleUser(world, deployment.creator),
    created_at: timestamp(deployment.createdAt),
    updated_at: timestamp(updatedAt(deployment)),
    statuses_url: `${url}/statuses`,
    repository_url: apiUrl(world),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: appOf(world, deployment.creator),
  };
}

/** A deployment status as REST shows it. GitHub's own state `waiting` has no word in REST's list and shows as `pending`. */
export function presentStatus(world: World, deployment: Deployment, status: DeploymentStatus): Json {
  const parent = apiUrl(world, `/deployments/${deployment.id}`);
  return {
    url: `${parent}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DeploymentStatus", status.id),
    state: status.state === "waiting" ? "pending" : status.state,
    creator: simpleUser(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
    deployment_url: parent,
    repository_url: apiUrl(world),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: appOf(world, status.creator),
  };
}
