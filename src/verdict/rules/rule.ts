import type { Observation } from "../../evidence/observation.ts";
import type { Check } from "../../pipeline/model.ts";
import type { Phase } from "../phase.ts";
import type { SeriesJudgement } from "../series/types.ts";

/** What one rule makes of the looks so far. */
export interface Ruling {
  readonly phase: Phase;
  /** Arithmetic, without the names of check and target: `21 of 1,000 lines (2.1%) > 0.5%`. */
  readonly reason: string;
  /** The smallest change of the rule that would have turned it, in the words of the pipeline file; absent where none would. */
  readonly turnedBy?: string;
  /** The data behind it, for a rule that judges a series. */
  readonly series?: SeriesJudgement;
}

/** What a rule is told about a look besides its observation. */
export interface Moment {
  /** No further look will follow: what is still missing stays missing. */
  readonly final: boolean;
  /** Nobody reads what this look comes to, unless it fails: a rule over time may leave out what is dear to say. */
  readonly skim?: boolean;
}

/** What a rule may want to know before the first look. */
export interface RuleOptions {
  readonly kind: "ready" | "gate" | "bake";
  /** Probability (0..1) that a healthy candidate is ever stopped by the whole bake, where the file declares it. */
  readonly falseAlarm?: number;
}

/** {@link RuleOptions} of one check in one place. */
export interface ShareOptions extends RuleOptions {
  /** What part of the false alarms is this check's in this place, where it can have any (see `sequential`). */
  readonly share?: number;
}

/** The memory of one rule over the looks at one check of one target. Total: it never throws, whatever the numbers. */
export type Series = (observation: Observation, moment: Moment) => Ruling;

/** One kind of rule; a new one is a file in this folder and a line in `index.ts`. */
export interface Rule {
  readonly name: string;
  /** Fields of a check that this rule judges; a field that asks for a rule and is judged by none is an error. */
  readonly covers: readonly string[];
  /**
   * True for a rule that adds up over the whole window and judges silence itself: it is also handed looks without data
   * and the counts of looks that were partly unreadable.
   */
  readonly cumulative: boolean;
  /** True for a rule that can be wrong by chance and shares in the budget of false alarms; it also judges `tolerate` itself. */
  readonly sequential?: boolean;
  applies(check: Check, options: RuleOptions): boolean;
  start(check: Check, options: ShareOptions): Series;
}

/** A rule for the checks that `is` accepts, written with the narrower type. */
export function defineRule<C extends Check>(
  rule: Omit<Rule, "applies" | "start"> & {
    is(check: Check): check is C;
    /** Whether it judges such a check here; it does unless said. */
    when?(check: C, options: RuleOptions): boolean;
    start(check: C, options: ShareOptions): Series;
  },
): Rule {
  return {
    name: rule.name,
    covers: rule.covers,
    cumulative: rule.cumulative,
    ...(rule.sequential !== undefined && { sequential: rule.sequential }),
    applies: (check, options) => rule.is(check) && (rule.when?.(check, options) ?? true),
    start: (check, options) => (rule.is(check) ? rule.start(check, options) : () => notApplicable),
  };
}

const notApplicable: Ruling = { phase: "error", reason: "this rule does not fit this kind of check" };
