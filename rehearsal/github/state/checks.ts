import type { Records } from "./records.ts";

export type CommitState = "error" | "failure" | "pending" | "success";

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: CommitState;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: string;
  readonly createdAt: number;
}

export interface CheckRun {
  readonly id: number;
  readonly sha: string;
  readonly name: string;
  readonly status: "queued" | "waiting" | "in_progress" | "completed";
  readonly conclusion: string | null;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly detailsUrl: string | null;
  readonly externalId: string;
  readonly output: { readonly title: string | null; readonly summary: string | null; readonly text: string | null };
}

/** The newest status of each context, newest first. */
export function latestStatuses(records: Records, sha: string): CommitStatus[] {
  const byContext = new Map<string, CommitStatus>();
  for (const status of records.statuses) if (status.sha === sha) byContext.set(status.context, status);
  return [...byContext.values()].sort((a, b) => b.id - a.id);
}

/** GitHub's rule for the combined state: failure before pending before success; pending when there are none. */
export function combinedState(statuses: readonly CommitStatus[]): "failure" | "pending" | "success" {
  if (statuses.some((status) => status.state === "error" || status.state === "failure")) return "failure";
  return statuses.length === 0 || statuses.some((status) => status.state === "pending") ? "pending" : "success";
}

/** The newest check run of each name on a commit, jobs included since GitHub shows every job as a check run. */
export function latestCheckRuns(runs: Iterable<CheckRun>, sha: string): CheckRun[] {
  const byName = new Map<string, CheckRun>();
  for (const run of runs) {
    const known = byName.get(run.name);
    if (run.sha === sha && (known === undefined || known.id < run.id)) byName.set(run.name, run);
  }
  return [...byName.values()].sort((a, b) => b.id - a.id);
}

/** Conclusions that count as a success where contexts are required. */
const PASSING: ReadonlySet<string> = new Set(["success", "neutral", "skipped"]);

/** A context that a deployment was asked to look at, as GitHub names it in its refusal. */
export interface Context {
  readonly context: string;
  /** A status's state, a check run's conclusion or status, or `missing`. */
  readonly state: string;
}

/**
 * Whether the required contexts of a commit are all a success (undefined = all that it has), and what each of them is.
 */
export function requiredContexts(
  statuses: readonly CommitStatus[],
  checks: readonly CheckRun[],
  required: readonly string[] | undefined,
): { readonly met: boolean; readonly contexts: readonly Context[] } {
  const states = new Map<string, string>();
  for (const check of checks) states.set(check.name, check.conclusion ?? check.status);
  for (const status of statuses) states.set(status.context, status.state);
  const contexts = (required ?? [...states.keys()]).map((context) => ({
    context,
    state: states.get(context) ?? "missing",
  }));
  return { met: contexts.every(({ state }) => PASSING.has(state)), contexts };
}
