import type { Folded } from "../ledger/fold.ts";
import type { Ledger, NewStatus } from "../ledger/ledger.ts";
import type { DeploymentRecord, State } from "../ledger/record.ts";
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

/**
 * Closes a record for which everything has passed, and only then marks the one it replaces. In this order a runner that
 * dies in between leaves two good records, of which the newer is live, and never none.
 */
export async function closeGood(
  ledger: Ledger,
  record: DeploymentRecord,
  description: string,
  url?: string,
): Promise<void> {
  await report(ledger, record.id, "success", description, url);
  const { previous } = record.payload;
  if (previous)
    await report(
      ledger,
      previous.deployment,
      "inactive",
      `replaced by ${record.payload.candidate.version} (deployment ${record.id})`,
    );
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
