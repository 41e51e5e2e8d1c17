import { type Folded, type History, type Step, steps } from "../ledger/fold.ts";
import type { Ledger, NewStatus } from "../ledger/ledger.ts";
import type { State } from "../ledger/record.ts";
import { describe } from "../report/describe.ts";
import type { Phase } from "../verdict/phase.ts";

/** Writes a status whose description fits. */
export function report(
  ledger: Ledger,
  deployment: number,
  state: State,
  description: string,
  url?: string,
): Promise<void> {
  const status: NewStatus = {
    state,
    description: describe(description),
    ...(url !== undefined && { environmentUrl: url }),
  };
  return ledger.append(deployment, status);
}

/** Writes that a record has come to a step, unless the ledger says so already: a job that is run again repeats nothing. */
export async function reach(ledger: Ledger, record: Folded, step: Step, description: string): Promise<void> {
  if (hasReached(record, step)) return;
  await report(ledger, record.id, step === "admitted" ? "queued" : "in_progress", description);
}

/** Whether a record has come as far as a step, or further. */
export function hasReached(record: Folded, step: Step): boolean {
  return record.step !== undefined && steps.indexOf(record.step) >= steps.indexOf(step);
}

/**
 * Closes a record for which everything has passed, and only then marks the one it replaces. In this order a runner that
 * dies in between leaves two good records, of which the newer is live, and never none.
 */
export async function closeGood(
  ledger: Ledger,
  history: History,
  record: Folded,
  description: string,
  url?: string,
): Promise<void> {
  await report(ledger, record.id, "success", description, url);
  await markReplaced(ledger, history, record);
}

/** Marks the record that a good one has replaced, if that was not done before its runner died. */
async function markReplaced(ledger: Ledger, history: History, record: Folded): Promise<void> {
  const previous = history.records.find(({ id }) => id === record.payload.previous?.deployment);
  if (!previous || previous.statuses.some(({ state }) => state === "inactive")) return;
  const { kind, candidate } = record.payload;
  const how = kind === "rollback" ? "rolled back to" : "replaced by";
  await report(ledger, previous.id, "inactive", `${how} ${candidate.version} (deployment ${record.id})`);
}

/** Finishes what this run's own job was killed in; a record of another run is marked by that run. */
export async function finishReplacing(ledger: Ledger, history: History, record: Folded, run: number): Promise<void> {
  if (record.outcome === "good" && record.payload.run.id === run) await markReplaced(ledger, history, record);
}

/** The state in which a verdict other than a pass closes a record: `failure` speaks of the candidate, `error` of everything else. */
export function closingState(phase: Exclude<Phase, "pass">): State {
  return phase === "fail" ? "failure" : "error";
}

/** Why a step cannot go on with a record, where it cannot. */
export function notOpen(record: Folded): string | undefined {
  if (record.outcome === "in-flight") return undefined;
  return `deployment ${record.id} of ${record.payload.candidate.version} has ended${record.ending ? `: ${record.ending}` : ""}`;
}
