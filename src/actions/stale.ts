import { readHistories } from "../ledger/facts.ts";
import { type Folded, type History, STALE } from "../ledger/fold.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { formatDuration } from "../pipeline/format.ts";
import type { Stage } from "../pipeline/model.ts";
import { type GitHub, NotFound } from "../platform/github.ts";
import { hasReached, report } from "./records.ts";
import type { OpenStage } from "./stage.ts";

/** Milliseconds after the last instant of a bake before one that no job waits for counts as forgotten. */
const FORGOTTEN = 60 * 60_000;

/** A run, as GitHub tells it. */
export interface RunState {
  /** `completed` for one that has ended; anything else may still go on. */
  readonly status: string;
  readonly conclusion: string | null;
}

/**
 * Why a record in flight is stale, where it is: the run that made it has ended, or is gone, and nobody will close it. A
 * bake outlives its run, because the watch looks after it; it is stale once its time was over long ago. Pure.
 */
export function staleReason(record: Folded, stage: Stage, run: RunState | undefined, now: number): string | undefined {
  if (run && run.status !== "completed") return undefined;
  const how = run
    ? `its run ended (${run.conclusion ?? "without a conclusion"}) and did not close it`
    : "its run is gone";
  if (hasReached(record, "gate") && stage.bake) {
    const end = (record.deployedAt ?? record.createdAt) + stage.bake.for + stage.bake.extend;
    if (now < end + FORGOTTEN) return undefined;
    return `${STALE}: ${how}, and its bake was over ${formatDuration(now - end)} ago`;
  }
  return `${STALE}: ${how}`;
}

/**
 * Closes what is stale in a history, and answers whether anything was, or has ended since the history was read. The
 * ledger is read again after the run was found to have ended: only then nobody writes to the record any more.
 */
export async function closeStale(
  github: GitHub,
  ledger: Ledger,
  { pipeline, stage }: Pick<OpenStage, "pipeline" | "stage">,
  history: History,
): Promise<boolean> {
  let closed = false;
  for (const record of history.inFlight) {
    const reason = staleReason(record, stage, await readRun(github, record.payload.run.id), github.now());
    if (reason === undefined) continue;
    const now = (await readHistories(ledger, pipeline)).get(stage.name);
    if (now?.inFlight.some(({ id }) => id === record.id)) await report(ledger, record.id, "error", reason);
    closed = true;
  }
  return closed;
}

/** How a run stands; undefined where GitHub does not know it any more. */
export async function readRun(github: GitHub, id: number): Promise<RunState | undefined> {
  try {
    const { data } = await github.rest<RunState>(
      "GET /repos/{owner}/{repo}/actions/runs/{run_id}",
      { run_id: id },
      { needs: "actions: read", doing: `read run ${id}` },
    );
    return data;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
