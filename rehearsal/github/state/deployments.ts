import type { Json } from "../answer.ts";
import type { Records } from "./records.ts";

export const STATUS_STATES = ["error", "failure", "inactive", "in_progress", "queued", "pending", "success"] as const;
/** `waiting` is GitHub's own, for a job held by an environment's rules; nobody can write it. */
export type StatusState = (typeof STATUS_STATES)[number] | "waiting";

export interface DeploymentStatus {
  readonly id: number;
  readonly state: StatusState;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly creator: string;
  readonly createdAt: number;
}

export interface Deployment {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  readonly task: string;
  /** As it was given: an object, or a text. */
  readonly payload: Json;
  /** Changed by a status that names another one. */
  readonly environment: string;
  readonly originalEnvironment: string;
  readonly description: string | null;
  readonly transient: boolean;
  readonly production: boolean;
  readonly creator: string;
  readonly createdAt: number;
  /** Oldest first. */
  readonly statuses: readonly DeploymentStatus[];
}

/** The newest status, undefined for a deployment that has none. */
export function latestStatus(deployment: Deployment): DeploymentStatus | undefined {
  return deployment.statuses.at(-1);
}

/** When the deployment last changed. */
export function updatedAt(deployment: Deployment): number {
  return latestStatus(deployment)?.createdAt ?? deployment.createdAt;
}

export type NewDeployment = Omit<Deployment, "id" | "statuses" | "createdAt" | "originalEnvironment">;

export function addDeployment(records: Records, input: NewDeployment, now: number): Deployment {
  const deployment: Deployment = {
    ...input,
    originalEnvironment: input.environment,
    id: records.nextId(),
    createdAt: now,
    statuses: [],
  };
  records.deployments.set(deployment.id, deployment);
  return deployment;
}

export interface NewStatus {
  readonly state: StatusState;
  readonly description?: string;
  readonly environment?: string;
  readonly environmentUrl?: string;
  readonly logUrl?: string;
  readonly autoInactive?: boolean;
  readonly creator: string;
}

function append(records: Records, deployment: Deployment, input: NewStatus, now: number): DeploymentStatus {
  const status: DeploymentStatus = {
    id: records.nextId(),
    state: input.state,
    description: input.description ?? "",
    environment: input.environment ?? deployment.environment,
    environmentUrl: input.environmentUrl ?? "",
    logUrl: input.logUrl ?? "",
    creator: input.creator,
    createdAt: now,
  };
  records.deployments.set(deployment.id, {
    ...deployment,
    environment: status.environment,
    statuses: [...deployment.statuses, status],
  });
  return status;
}

/**
 * The deployments that a `success` of this one makes inactive: earlier, not transient, not production, of the same
 * environment, whose state is `success` (GitHub's description of `auto_inactive`).
 */
export function supersededBy(deployment: Deployment, all: Iterable<Deployment>): Deployment[] {
  const environment = deployment.environment.toLowerCase();
  return [...all].filter(
    (other) =>
      other.id < deployment.id &&
      !other.transient &&
      !other.production &&
      other.environment.toLowerCase() === environment &&
      latestStatus(other)?.state === "success",
  );
}

/** Adds a status, and the `inactive` ones that follow from it. */
export function addStatus(records: Records, id: number, input: NewStatus, now: number): DeploymentStatus | undefined {
  const deployment = records.deployments.get(id);
  if (deployment === undefined) return undefined;
  const status = append(records, deployment, input, now);
  if (input.state === "success" && (input.autoInactive ?? true)) {
    const changed = records.deployments.get(id) ?? deployment;
    for (const other of supersededBy(changed, records.deployments.values())) {
      append(records, other, { state: "inactive", creator: input.creator }, now);
    }
  }
  return status;
}

/** Newest first, as GitHub lists them. */
export function newestFirst(records: Records): Deployment[] {
  return [...records.deployments.values()].sort((a, b) => b.id - a.id);
}

/** How long a pending deployment may stay without an update until GraphQL calls it abandoned, in milliseconds. */
const ABANDONED_AFTER = 30 * 60_000;

export type GraphState =
  | "ABANDONED"
  | "ACTIVE"
  | "DESTROYED"
  | "ERROR"
  | "FAILURE"
  | "INACTIVE"
  | "IN_PROGRESS"
  | "PENDING"
  | "QUEUED"
  | "WAITING";

/** The state that GraphQL shows for a deployment at an instant (descriptions of the enum `DeploymentState`). */
export function graphState(deployment: Deployment, now: number): GraphState {
  const state = latestStatus(deployment)?.state ?? "pending";
  switch (state) {
    case "success":
      return "ACTIVE";
    case "inactive":
      return deployment.transient ? "DESTROYED" : "INACTIVE";
    case "pending":
      return now - updatedAt(deployment) >= ABANDONED_AFTER ? "ABANDONED" : "PENDING";
    case "error":
      return "ERROR";
    case "failure":
      return "FAILURE";
    case "in_progress":
      return "IN_PROGRESS";
    case "queued":
      return "QUEUED";
    case "waiting":
      return "WAITING";
  }
}
