import type { Quantity, Tolerance } from "../../pipeline/model.ts";
import type { Phase } from "../phase.ts";

/**
 * Whose sample it is: of the candidate or of its control during the bake, or of the same machines before the deploy
 * (`history` the candidate's, `baselineHistory` the control's).
 */
export const sides = ["candidate", "baseline", "history", "baselineHistory"] as const;
export type Side = (typeof sides)[number];

/** One number read at one time. With a `total` the value is a count of events among `total`, both since the sample before. */
export interface Sample {
  readonly side: Side;
  /** Milliseconds since the epoch, or since any fixed origin (then hours of the day count from it). */
  readonly at: number;
  readonly value: number;
  readonly total?: number;
  /** The machine it was read from; samples without one are those of a single nameless machine. */
  readonly machine?: string;
}

/** What the series of one check must obey, in base units; follows `MetricCheck`. Several rules all have to hold. */
export interface SeriesRule {
  readonly limits?: { readonly min?: number; readonly max?: number };
  /** Applies to `limits` of values without a total. */
  readonly tolerate?: Tolerance;
  /** Units of the value per second. */
  readonly slope?: { readonly min?: number; readonly max?: number };
  /** Standard deviations of the check's own history. */
  readonly sigma?: { readonly max: number; readonly sameHour: boolean };
  /** `tolerance` 0.1 allows a ratio of up to 1.1 (`higher`), down to 0.9 (`lower`), or both (`different`). */
  readonly comparison?: { readonly worse: "higher" | "lower" | "different"; readonly tolerance: number };
  /** The ratio (2: twice as bad) that the bake has to be able to see; while it cannot, a pass is `inconclusive`. */
  readonly detect?: number;
  /** What it means when there are no data. */
  readonly noData: "fail" | "inconclusive";
  /** How values are shown. */
  readonly unit?: Pick<Quantity, "unit" | "perSecond">;
}

/** The share of a bake's false alarms that one check may use up. */
export interface Budget {
  /** Probability (0..1) that a healthy candidate is ever stopped by the whole bake. */
  readonly falseAlarm: number;
  /** How many checks share it. */
  readonly checks: number;
}

/** Candidate against control, limit or history; null where a number does not exist (a ratio to zero). */
export interface Effect {
  readonly ratio: number | null;
  readonly difference: number | null;
  /** Interval of the ratio (of the slope per second for a slope rule), valid at every look; null for an open end. */
  readonly low: number | null;
  readonly high: number | null;
}

/** The values that stood behind a judgement. */
export interface SeriesSummary {
  readonly samples: number;
  readonly min: number | null;
  readonly median: number | null;
  readonly max: number | null;
  /** Looks without a usable number: NaN, infinities, counters that ran backwards, nothing counted. */
  readonly gaps: number;
  /** Samples left out because they came twice or too late. */
  readonly ignored: number;
}

export interface SeriesJudgement {
  readonly phase: Phase;
  /** One sentence of arithmetic. */
  readonly reason: string;
  /** Time of the look (as in the samples) at which the rule was found broken. */
  readonly stoppedAt: number | null;
  readonly effect: Effect | null;
  /** The first value that broke the rule, where single values can. */
  readonly firstViolation: { readonly at: number; readonly value: number } | null;
  /** The smallest change of the rule that would have turned the verdict. */
  readonly turnedBy: string | null;
  /** The smallest ratio to the control (to the past, to the rate seen) that the data so far would have caught nine times in ten. */
  readonly sees: number | null;
  readonly summary: SeriesSummary;
  readonly looks: number;
}

/** One usable number of one machine. */
export interface Reading {
  readonly machine: string;
  readonly value: number;
  /** Above 0 where present. */
  readonly total: number | undefined;
}

/** Everything read at one time. */
export interface Look {
  readonly at: number;
  readonly candidate: readonly Reading[];
  readonly baseline: readonly Reading[];
  /** Values of the candidate that are infinite: beyond any limit, and of no use to anything else. */
  readonly boundless?: readonly Reading[];
}

/** What one rule makes of the looks so far. */
export interface Finding {
  readonly phase: Phase;
  readonly reason: string;
  readonly effect: Effect | null;
  readonly firstViolation?: { readonly at: number; readonly value: number };
  readonly turnedBy?: string;
  readonly sees?: number | null;
}

/** One rule of a check, fed look by look. */
export interface Part {
  /** A look from before the deploy; all of these come before the first `take`. */
  past(look: Look): void;
  /** One look of the bake; true when the rule is found broken. Constant work and memory. */
  take(look: Look): boolean;
  /** No look follows: a test that is made once, at the end; true when the rule is found broken. */
  last?(): boolean;
  /** May be dear: asked for at the end, or when the rule broke. */
  finding(): Finding;
}
