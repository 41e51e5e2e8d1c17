import { type Folded, type History, isStale, steps } from "./fold.ts";
import { sameCandidate } from "./record.ts";

/** What a stage goes back to, and from what. */
export type RollbackPlan =
  /** `bad` is to be undone by bringing `good` back. */
  | { readonly decision: "admitted"; readonly bad: Folded; readonly good: Folded }
  /** This run's own rollback goes on. */
  | { readonly decision: "resume"; readonly record: Folded }
  /** It was undone before. */
  | { readonly decision: "done"; readonly record: Folded }
  /** Nothing was deployed, so nothing has to be undone. */
  | { readonly decision: "nothing"; readonly because: string; readonly bad?: Folded }
  | { readonly decision: "refused"; readonly because: string; readonly bad?: Folded };

/**
 * Decides what a stage goes back to: the newest record that once completed its stage here, is not known bad, and is
 * another candidate. Never the commit before, never a branch. A rollback that failed is not repeated by itself; a person
 * may (`byHand`). Pure.
 */
export function planRollback(
  history: History,
  asked: { readonly deployment?: number; readonly run: number; readonly byHand: boolean },
): RollbackPlan {
  const { records } = history;
  const { deployment, run, byHand } = asked;
  const bad =
    deployment === undefined
      ? records.find((record) => record.payload.kind !== "rollback")
      : records.find(({ id }) => id === deployment);
  if (!bad) return { decision: "nothing", because: "nothing of this service was ever deployed here" };
  if (bad.payload.kind === "rollback" && !byHand)
    return { decision: "refused", because: `deployment ${bad.id} is itself a rollback: a person has to decide`, bad };
  const undoing = records.find(
    (record) => record.payload.undoes === bad.id && (record.outcome === "in-flight" || record.outcome === "good"),
  );
  if (undoing?.outcome === "good") return { decision: "done", record: undoing };
  if (undoing && undoing.payload.run.id === run) return { decision: "resume", record: undoing };
  if (undoing)
    return {
      decision: "nothing",
      because: `deployment ${undoing.id} is undoing it already (${undoing.payload.run.url})`,
      bad,
    };
  const under = history.inFlight.find((record) => record.payload.kind === "rollback" && record.id > bad.id);
  if (under)
    return {
      decision: "nothing",
      because: `rollback ${under.id} to ${under.payload.candidate.version} is under way (${under.payload.run.url})`,
      bad,
    };
  const tried = records.filter(
    (record) =>
      record.payload.kind === "rollback" && record.id >= bad.id && record.outcome !== "good" && record.touched,
  );
  const [failed] = tried;
  // One whose machine died has shown nothing about what it brought back: it is begun once more, and not a second time.
  const again = failed && tried.length === 1 && isStale(failed);
  if (failed && !again && !byHand) {
    return {
      decision: "refused",
      because: `the rollback ${failed.id} to ${failed.payload.candidate.version} failed${failed.ending ? ` (${failed.ending})` : ""}: a person has to decide`,
      bad,
    };
  }
  if (!bad.touched)
    return {
      decision: "nothing",
      because: `deployment ${bad.id} of ${bad.payload.candidate.version} ended before anything was deployed`,
      bad,
    };
  const newer = records.find((record) => record.id > bad.id && record.outcome === "good");
  if (newer) {
    return {
      decision: "nothing",
      because: `deployment ${newer.id} of ${newer.payload.candidate.version} has replaced deployment ${bad.id} since`,
      bad,
    };
  }
  const isBad = (record: Folded) =>
    records.some(
      (other) =>
        other.outcome === "failed" &&
        other.payload.kind !== "rollback" &&
        sameCandidate(other.payload.candidate, record.payload.candidate),
    );
  const good = records.find(
    (record) =>
      record.id < bad.id &&
      record.outcome === "good" &&
      !sameCandidate(record.payload.candidate, bad.payload.candidate) &&
      !isBad(record),
  );
  if (!good)
    return {
      decision: "refused",
      because: "the ledger knows no other candidate that was ever good here: a person has to decide",
      bad,
    };
  return { decision: "admitted", bad, good };
}

/** A failed candidate that is still live, and the run that was to bring the last good one back. */
export interface LeftBehind {
  readonly bad: Folded;
  readonly run: number;
}

/**
 * Finds what failed after its deploy and was not undone: by a rollback in flight, whose run it names, or by none, where it
 * names the run that wrote the failure. Only when that run has ended is anything left behind. Undefined where nothing is,
 * or where a person has to decide. Pure.
 */
export function leftBehind(history: History): LeftBehind | undefined {
  const { records, inFlight } = history;
  const under = inFlight.find(({ payload }) => payload.kind === "rollback");
  const newest = under ?? records.find(({ touched }) => touched);
  if (newest?.payload.kind === "rollback") {
    const bad = records.find(({ id }) => id === newest.payload.undoes);
    if (!bad || (under === undefined && !(isStale(newest) && isDue(history, bad)))) return undefined;
    return { bad, run: newest.payload.run.id };
  }
  if (newest?.outcome !== "failed" || newest.step === undefined || steps.indexOf(newest.step) < steps.indexOf("gate"))
    return undefined;
  return isDue(history, newest) ? { bad: newest, run: writerOf(newest) } : undefined;
}

function isDue(history: History, bad: Folded): boolean {
  return planRollback(history, { deployment: bad.id, run: 0, byHand: false }).decision === "admitted";
}

/** The run that wrote a record's end, by the log that the status names; its own where none is named. */
function writerOf({ payload, statuses }: Folded): number {
  const end = statuses.find(({ state }) => state === "failure");
  const [, run] = /\/actions\/runs\/(\d+)/.exec(end?.logUrl ?? "") ?? [];
  return run === undefined ? payload.run.id : Number(run);
}
