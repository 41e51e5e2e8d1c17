import type { JsonObject } from "../answer.ts";
import { nodeId, timestamp } from "../names.ts";
import type { CheckRun, CommitStatus } from "../state/checks.ts";
import { apiUrl, pageUrl, type World } from "../world.ts";
import { actionsApp, simpleUser } from "./people.ts";

/** A commit status in the form of the combined status, without its creator. */
export function presentSimpleStatus(world: World, status: CommitStatus): JsonObject {
  return {
    url: apiUrl(world, `/statuses/${status.sha}`),
    avatar_url: null,
    id: status.id,
    node_id: nodeId("CommitStatus", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
  };
}

export function presentCommitStatus(world: World, status: CommitStatus): JsonObject {
  return { ...presentSimpleStatus(world, status), creator: simpleUser(world, status.creator) };
}

export function presentCheckRun(world: World, run: CheckRun): JsonObject {
  const url = apiUrl(world, `/check-runs/${run.id}`);
  const instant = (ms: number | null): string | null => (ms === null ? null : timestamp(ms));
  return {
    id: run.id,
    head_sha: run.sha,
    node_id: nodeId("CheckRun", run.id),
    external_id: run.externalId,
    url,
    html_url: pageUrl(world, `/runs/${run.id}`),
    details_url: run.detailsUrl ?? pageUrl(world, `/runs/${run.id}`),
    status: run.status,
    conclusion: run.conclusion,
    started_at: instant(run.startedAt),
    completed_at: instant(run.completedAt),
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    name: run.name,
    check_suite: { id: world.repositoryId },
    app: actionsApp(world),
    pull_requests: [],
  };
}
