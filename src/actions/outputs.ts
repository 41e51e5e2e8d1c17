import type { Measurement } from "../evidence/observation.ts";
import type { Candidate, Kind } from "../ledger/record.ts";
import type { Target } from "../pipeline/model.ts";
import type { Phase } from "../verdict/phase.ts";
import type { OpenStage } from "./stage.ts";
import type { World } from "./world.ts";

/** What an action came to, for the next step, the next job, and anyone's script. */
export interface Result {
  readonly schema: "rocksolid/result/v1";
  readonly action: "promote" | "gate" | "bake" | "rollback";
  readonly service: string;
  readonly stage: string;
  readonly verdict: Phase;
  /** All reasons, the worst first; none for an ordinary pass. */
  readonly reasons: readonly string[];
  readonly decision?: string;
  readonly kind?: Kind;
  readonly candidate?: Candidate;
  readonly previous?: Candidate;
  readonly deployment?: number;
  readonly evidence?: string;
  /** The newest measurement of every check that did not pass, at most {@link SHOWN}. */
  readonly measurements?: readonly Measurement[];
}

/** How many measurements a result carries: outputs of a job end at 1 MB. */
export const SHOWN = 50;

/** Writes the outputs that all four actions have, and those of one action. */
export function writeOutputs(
  world: World,
  result: Omit<Result, "schema">,
  more: Readonly<Record<string, string>> = {},
): void {
  const whole: Result = { schema: "rocksolid/result/v1", ...result };
  const outputs: Record<string, string> = {
    verdict: result.verdict,
    reason: result.reasons[0] ?? "",
    "deployment-id": result.deployment === undefined ? "" : String(result.deployment),
    version: result.candidate?.version ?? "",
    "previous-version": result.previous?.version ?? "",
    evidence: result.evidence ?? "",
    ...more,
    result: JSON.stringify(whole),
  };
  for (const [name, value] of Object.entries(outputs)) world.runner.output(name, value);
}

/** The matrix of a stage: one job for each target on its own runner, or one on the stage's runner. */
export function matrixOf({ stage, targets }: OpenStage): string {
  const entries = targets.map((target: Target) => ({ target: target.name, "runs-on": target.labels }));
  return JSON.stringify(entries.length > 0 ? entries : [{ target: "", "runs-on": stage.runsOn }]);
}
