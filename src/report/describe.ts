import type { Verdict } from "../evidence/observation.ts";
import { cut, formatCount, formatDuration, formatNumber } from "../pipeline/format.ts";
import { oneLine } from "./neutralise.ts";

/** The longest description that GitHub takes for a deployment status, in characters. */
export const LONGEST_DESCRIPTION = 140;

type Counted = Pick<Verdict, "looks" | "failed">;

/** `baking 3h of 12h: 36 samples, 0 failed`. Times in milliseconds. */
export function describeBaking(elapsed: number, total: number, verdict: Counted): string {
  return describe(`baking ${formatDuration(Math.max(0, elapsed))} of ${formatDuration(total)}: ${samples(verdict)}`);
}

/** `baked 12h: 144 samples, 0 failed`. */
export function describeBaked(elapsed: number, verdict: Counted): string {
  return describe(`baked ${formatDuration(elapsed)}: ${samples(verdict)}`);
}

/** The first reason of a verdict that is no pass, or the phase where it gives none. */
export function describeVerdict({ phase, reasons }: Pick<Verdict, "phase" | "reasons">): string {
  return describe(reasons[0] ?? phase);
}

/** Any text as a description: on one line, of at most 140 characters. */
export function describe(text: string): string {
  return cut(oneLine(text), LONGEST_DESCRIPTION);
}

function samples({ looks, failed }: Counted): string {
  return `${formatCount(looks, "sample")}, ${formatNumber(failed)} failed`;
}
