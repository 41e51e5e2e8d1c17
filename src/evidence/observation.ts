import type { Phase } from "../verdict/phase.ts";
import type { Sample } from "../verdict/series/types.ts";
import type { LogFindings } from "./log-findings.ts";

/**
 * What was read for one check at one time, before any rule is applied. Times are milliseconds since the epoch, by the
 * clock of GitHub or of the data source. Values are in base units: seconds, bytes, fractions (1% = 0.01), counts.
 */
export interface Observation {
  readonly check: string;
  /** The machine or site it was read from, where the check is read once for each target. */
  readonly target?: string;
  readonly at: number;
  /** Named numbers: which names, is said at each kind of check (`src/evidence`). */
  readonly values: Readonly<Record<string, number>>;
  /**
   * What was read since the look before, of the candidate, its control and their past, in the order of time. Where a
   * check has samples, they are what is judged over time, and `values` sums them up for people.
   */
  readonly samples?: readonly Sample[];
  /** How many data points stand behind the values; 0 means that there were no data. */
  readonly points: number;
  /** Why it could not be read, in one line. Such an observation is an `error`, never a pass. */
  readonly unreadable?: string;
  /** Why there are no data, in one line, where `points` is 0: `no metric "errrors_total"; nearest: errors_total`. */
  readonly absent?: string;
  /** Why there cannot be a value yet, though the source answers: the first look at a counter. Inconclusive, not "no data". */
  readonly pending?: string;
  /** What the logs said so far, in full; the evidence keeps the newest of each check and place. */
  readonly logs?: LogFindings;
  /** Text from outside worth showing (last line of a command, a log sample); shown only neutralised. */
  readonly note?: string;
}

/** An observation with what its rule made of it; the reason is arithmetic: `errors: 21 of 1,000 lines (2.1%) > 0.5%`. */
export interface Measurement extends Observation {
  readonly phase: Phase;
  readonly reason: string;
}

/** The phase of one gate or bake, with every reason that is not a pass, the worst first. */
export interface Verdict {
  readonly phase: Phase;
  readonly reasons: readonly string[];
  /** How many looks were taken. */
  readonly looks: number;
  /** How many of them a check failed in, tolerated ones included. */
  readonly failed: number;
  /** Milliseconds from the first observation to the last. */
  readonly span: number;
}
