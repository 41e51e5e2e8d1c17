import { type Folded, fold, type Outcome } from "./fold.ts";
import type { Candidate, DeploymentRecord, Kind, Status } from "./record.ts";

/** A review of a run's environment, as GitHub's approvals tell it. */
export interface Approval {
  readonly environment: string;
  readonly user: string;
  readonly state: string;
  readonly comment: string;
}

/** What happened to one deployment: all of it read from GitHub. */
export interface AuditEntry {
  readonly deployment: number;
  readonly stage: string;
  readonly kind: Kind;
  readonly candidate: Candidate;
  /** GitHub's time, milliseconds since the epoch. */
  readonly createdAt: number;
  readonly outcome: Outcome;
  /** Who started the run, by our record; and who wrote the record, by GitHub's. */
  readonly actor: string;
  readonly creator: string;
  readonly run: string;
  readonly reason?: string;
  readonly override?: string;
  readonly approvals: readonly Approval[];
  /** What was not done, and why. */
  readonly skipped: readonly string[];
  /** The rollback that undid it. */
  readonly undoneBy?: number;
  /** The deployment that it undid. */
  readonly undoes?: number;
  readonly statuses: readonly Status[];
}

/**
 * What the ledger tells about a version, or about all, oldest first. A rollback belongs to both versions, the one that it
 * left and the one that it brought back. Pure.
 */
export function audit(
  records: readonly DeploymentRecord[],
  approvals: ReadonlyMap<number, readonly Approval[]>,
  version?: string,
): readonly AuditEntry[] {
  const folded = [...Map.groupBy(records, ({ payload }) => payload.stage).values()].flatMap(
    (group) => fold(group).records,
  );
  return folded
    .filter(({ payload }) => version === undefined || concerns(payload, version))
    .sort((a, b) => a.id - b.id)
    .map((record) => entryOf(record, folded, approvals));
}

function concerns({ kind, candidate, previous }: DeploymentRecord["payload"], version: string): boolean {
  return candidate.version === version || (kind === "rollback" && previous?.candidate.version === version);
}

function entryOf(
  record: Folded,
  all: readonly Folded[],
  approvals: ReadonlyMap<number, readonly Approval[]>,
): AuditEntry {
  const { payload } = record;
  const undoing = all.find((other) => other.payload.undoes === record.id);
  const reviews = approvals.get(payload.run.id) ?? [];
  return {
    deployment: record.id,
    stage: payload.stage,
    kind: payload.kind,
    candidate: payload.candidate,
    createdAt: record.createdAt,
    outcome: record.outcome,
    actor: payload.actor,
    creator: record.creator,
    run: payload.run.url,
    ...(payload.reason !== undefined && { reason: payload.reason }),
    ...(payload.override !== undefined && { override: payload.override }),
    approvals: reviews.filter(({ environment }) => environment.toLowerCase() === record.environment.toLowerCase()),
    skipped: payload.kind === "hotfix" ? [`the bake: hotfix by ${payload.actor}: ${payload.reason ?? ""}`] : [],
    ...(undoing && { undoneBy: undoing.id }),
    ...(payload.undoes !== undefined && { undoes: payload.undoes }),
    statuses: record.statuses,
  };
}
