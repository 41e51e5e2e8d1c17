import type { DeploymentRecord, State, Status } from "./record.ts";

/**
 * What a record's statuses add up to:
 * - `in-flight`: not ended; it holds the environment;
 * - `good`: everything that its stage asked for passed (it may have been replaced since);
 * - `failed`: a check or the deploy failed, or it was rolled back: its candidate is known bad from here on;
 * - `broken`: ended by the platform, a cancellation or a lost runner: says nothing about the candidate.
 */
export type Outcome = "in-flight" | "good" | "failed" | "broken";

/** How far a record in flight has come; the first word of its newest description. */
export const steps = ["admitted", "waiting", "checking", "deploying", "deployed", "gate", "baking"] as const;
export type Step = (typeof steps)[number];

/** One record with what its statuses mean. */
export interface Folded extends DeploymentRecord {
  readonly outcome: Outcome;
  /** The step reached last; absent where no status names one. */
  readonly step?: Step;
  /** GitHub's time at which its deploy had finished: a bake counts from here. */
  readonly deployedAt?: number;
  /** Whether its commands may have touched a machine. */
  readonly touched: boolean;
  /** The description that tells why it ended. */
  readonly ending?: string;
}

/** The ledger of one environment, newest record first. */
export interface History {
  readonly records: readonly Folded[];
  /** What is running: the newest good record. */
  readonly live?: Folded;
  /** Records that have not ended, oldest first: the first of them holds the environment. */
  readonly inFlight: readonly Folded[];
}

const closing: ReadonlySet<State> = new Set(["success", "failure", "error", "inactive"]);

/** The step that a description names by its first word, which is how statuses are worded (`baking 3h of 12h: …`). */
export function stepOf(description: string): Step | undefined {
  const word = /^[a-z]+/.exec(description)?.[0];
  return steps.find((step) => step === word);
}

/** Whether the record has ended: any closing status, ever. A later `in_progress` by a runner that was believed dead does not reopen it. */
export function hasEnded(statuses: readonly Status[]): boolean {
  return statuses.some((status) => closing.has(status.state));
}

/** Folds the records of one environment, in any order, into its history. Pure; a record's statuses may come in any order too. */
export function fold(records: readonly DeploymentRecord[]): History {
  const undone = new Set(records.flatMap((record) => record.payload.undoes ?? []));
  const folded = [...records].sort((a, b) => b.id - a.id).map((record) => foldOne(record, undone.has(record.id)));
  const live = folded.find((record) => record.outcome === "good");
  return {
    records: folded,
    inFlight: folded.filter((record) => record.outcome === "in-flight").reverse(),
    ...(live && { live }),
  };
}

/** One record by itself, or one that a rollback has undone. */
export function foldOne(record: DeploymentRecord, undone = false): Folded {
  const has = (state: State) => record.statuses.some((status) => status.state === state);
  // A status that closes is never outranked by one that came later by a slower road: failure tells about the candidate,
  // then the platform's own troubles, success about the stage, and only then do the neutral ones count. What was undone is
  // bad, unless it was the platform or a person's cancelling that ended it.
  const outcome: Outcome = has("failure")
    ? "failed"
    : has("error")
      ? "broken"
      : undone
        ? "failed"
        : has("success")
          ? "good"
          : hasEnded(record.statuses)
            ? "broken"
            : "in-flight";
  const reached = record.statuses.map((status) => ({ status, step: stepOf(status.description) }));
  const furthest = Math.max(-1, ...reached.map(({ step }) => (step ? steps.indexOf(step) : -1)));
  const step = steps[furthest];
  const deployedAt = reached.find((entry) => entry.step === "deployed")?.status.at;
  const ending = [...record.statuses]
    .reverse()
    .find((status) => status.state === "failure" || status.state === "error")?.description;
  return {
    ...record,
    outcome,
    touched: furthest >= steps.indexOf("deploying") || has("success"),
    ...(step && { step }),
    ...(deployedAt !== undefined && { deployedAt }),
    ...(ending !== undefined && { ending }),
  };
}

/** How the end of a record begins that others closed because the run that made it had ended. */
export const STALE = "stale";

/** Whether a record was closed for that its run had ended, and not by a word of its own. */
export function isStale({ outcome, ending }: Folded): boolean {
  return outcome === "broken" && ending !== undefined && ending.startsWith(`${STALE}: `);
}
