import type { JsonObject } from "../answer.ts";
import { nodeId, timestamp } from "../names.ts";
import { commentsOf, findLabel, type Issue, type IssueComment, type Label } from "../state/issues.ts";
import { apiUrl, pageUrl, type World } from "../world.ts";
import { appOf, simpleUser } from "./people.ts";

export function presentLabel(world: World, label: Label): JsonObject {
  return {
    id: label.id,
    node_id: nodeId("Label", label.id),
    url: apiUrl(world, `/labels/${encodeURIComponent(label.name)}`),
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** The labels of an issue, in the order in which they were given. */
export function issueLabels(world: World, issue: Issue): JsonObject[] {
  return issue.labels.flatMap((name) => {
    const label = findLabel(world.records, name);
    return label === undefined ? [] : [presentLabel(world, label)];
  });
}

export function presentIssue(world: World, issue: Issue): JsonObject {
  const url = apiUrl(world, `/issues/${issue.number}`);
  const assignees = issue.assignees.map((login) => simpleUser(world, login));
  return {
    url,
    repository_url: apiUrl(world),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: pageUrl(world, `/issues/${issue.number}`),
    id: issue.id,
    node_id: nodeId("Issue", issue.id),
    number: issue.number,
    title: issue.title,
    user: simpleUser(world, issue.user),
    labels: issueLabels(world, issue),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    active_lock_reason: null,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: commentsOf(world.records, issue.number).length,
    created_at: timestamp(issue.createdAt),
    updated_at: timestamp(issue.updatedAt),
    closed_at: issue.closedAt === undefined ? null : timestamp(issue.closedAt),
    closed_by: issue.closedBy === undefined ? null : simpleUser(world, issue.closedBy),
    author_association: "NONE",
    body: issue.body,
    timeline_url: `${url}/timeline`,
    performed_via_github_app: appOf(world, issue.user),
  };
}

export function presentComment(world: World, comment: IssueComment): JsonObject {
  return {
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    url: apiUrl(world, `/issues/comments/${comment.id}`),
    html_url: pageUrl(world, `/issues/${comment.issue}#issuecomment-${comment.id}`),
    issue_url: apiUrl(world, `/issues/${comment.issue}`),
    body: comment.body,
    user: simpleUser(world, comment.user),
    created_at: timestamp(comment.createdAt),
    updated_at: timestamp(comment.updatedAt),
    author_association: "NONE",
    performed_via_github_app: appOf(world, comment.user),
  };
}
