import type { SeriesRule } from "./types.ts";

export type ComparisonRule = SeriesRule & { readonly comparison: NonNullable<SeriesRule["comparison"]> };

/** The directions in which a shift is bad, each with its boundary as a ratio and its share of the budget. */
export interface Direction {
  readonly sign: 1 | -1;
  /** The ratio that is still tolerated: 1.1 or 0.9. */
  readonly tolerated: number;
  /** Log evidence needed. */
  readonly threshold: number;
  /** Share of the budget. */
  readonly alpha: number;
}

/** The bad directions of a rule that may use up `alpha` of the budget. */
export function directions({ comparison: { worse, tolerance } }: ComparisonRule, alpha: number): readonly Direction[] {
  const share = worse === "different" ? alpha / 2 : alpha;
  const slack = Number.isFinite(tolerance) ? Math.max(0, tolerance) : 0;
  const up: Direction = { sign: 1, tolerated: 1 + slack, threshold: -Math.log(share), alpha: share };
  const down: Direction = { ...up, sign: -1, tolerated: Math.max(1e-6, 1 - slack) };
  return worse === "different" ? [up, down] : [worse === "higher" ? up : down];
}
