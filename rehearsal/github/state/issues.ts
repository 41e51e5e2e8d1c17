import type { Records } from "./records.ts";

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: "open" | "closed";
  readonly stateReason: "completed" | "not_planned" | "duplicate" | "reopened" | null;
  /** Names as the labels have them. */
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly user: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | undefined;
  readonly closedBy: string | undefined;
}

export interface IssueComment {
  readonly id: number;
  readonly issue: number;
  readonly body: string;
  readonly user: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** GitHub's colour for a label that an issue brings into being. */
const DEFAULT_COLOR = "ededed";

/** Label names are case-insensitive. */
export function findLabel(records: Records, name: string): Label | undefined {
  return records.labels.get(name.toLowerCase());
}

export function addLabel(
  records: Records,
  input: { name: string; color?: string; description?: string | null },
): Label {
  const label: Label = {
    id: records.nextId(),
    name: input.name,
    color: (input.color ?? DEFAULT_COLOR).replace(/^#/, ""),
    description: input.description ?? null,
  };
  records.labels.set(label.name.toLowerCase(), label);
  return label;
}

/** The labels of these names, made where they are missing, without repetitions. */
export function ensureLabels(records: Records, names: readonly string[]): string[] {
  return [...new Set(names.map((name) => (findLabel(records, name) ?? addLabel(records, { name })).name))];
}

export function addIssue(
  records: Records,
  input: Pick<Issue, "title" | "body" | "labels" | "assignees" | "user">,
  now: number,
): Issue {
  const issue: Issue = {
    ...input,
    labels: ensureLabels(records, input.labels),
    id: records.nextId(),
    number: records.issues.size + 1,
    state: "open",
    stateReason: null,
    createdAt: now,
    updatedAt: now,
    closedAt: undefined,
    closedBy: undefined,
  };
  records.issues.set(issue.number, issue);
  return issue;
}

/** The issue after a change of its state; a state that it has already keeps its dates. */
export function withState(
  issue: Issue,
  state: Issue["state"],
  reason: Issue["stateReason"] | undefined,
  user: string,
  now: number,
): Issue {
  if (state === issue.state) return reason === undefined ? issue : { ...issue, stateReason: reason };
  return state === "closed"
    ? { ...issue, state, stateReason: reason ?? "completed", closedAt: now, closedBy: user }
    : { ...issue, state, stateReason: "reopened", closedAt: undefined, closedBy: undefined };
}

export function addComment(records: Records, issue: number, body: string, user: string, now: number): IssueComment {
  const comment: IssueComment = { id: records.nextId(), issue, body, user, createdAt: now, updatedAt: now };
  records.comments.set(comment.id, comment);
  const commented = records.issues.get(issue);
  if (commented !== undefined) records.issues.set(issue, { ...commented, updatedAt: now });
  return comment;
}

export function commentsOf(records: Records, issue: number): IssueComment[] {
  return [...records.comments.values()].filter((comment) => comment.issue === issue);
}

export interface IssueFilter {
  readonly state: "open" | "closed" | "all";
  /** All of these. */
  readonly labels: readonly string[];
  readonly creator?: string;
  readonly assignee?: string;
  /** Milliseconds since the epoch; updated at or after. */
  readonly since?: number;
}

export function filterIssues(issues: Iterable<Issue>, filter: IssueFilter): Issue[] {
  return [...issues].filter((issue) => {
    const labels = new Set(issue.labels.map((label) => label.toLowerCase()));
    return (
      (filter.state === "all" || issue.state === filter.state) &&
      filter.labels.every((label) => labels.has(label.toLowerCase())) &&
      (filter.creator === undefined || issue.user === filter.creator) &&
      (filter.assignee === undefined || filter.assignee === "*"
        ? filter.assignee === undefined || issue.assignees.length > 0
        : filter.assignee === "none"
          ? issue.assignees.length === 0
          : issue.assignees.includes(filter.assignee)) &&
      (filter.since === undefined || issue.updatedAt >= filter.since)
    );
  });
}
