import { logSumExp } from "./distributions.ts";
import { type Inflation, Spread, type SpreadRecord } from "./spread.ts";
import type { Reading } from "./types.ts";

/** Fewer events than this on either side say nothing about the spread of their ratio. */
const ENOUGH_EVENTS = 8;

/** Whole numbers without a total up to this are taken as counts of events per sample. */
const LARGEST_PLAIN_COUNT = 50;

/** Whether a sample without a total can be a count of events. */
export function isPlainCount({ value }: Pick<Reading, "value">): boolean {
  return Number.isInteger(value) && value >= 0 && value <= LARGEST_PLAIN_COUNT;
}

/** Counts with exposures of the two sides, pooled over time. */
export class PairedCounts {
  looks = 0;
  candidate = 0;
  candidateTotal = 0;
  baseline = 0;
  baselineTotal = 0;
  /** Events that the control's rate would have given the candidate. */
  expected = 0;
  #expectedVariance = 0;
  readonly #pairs = new Spread();
  readonly #candidates = new Spread();
  readonly #baselines = new Spread();
  /** Events by exposure ratio in steps of 2%, so that a likelihood can be had for any ratio of rates at constant cost. */
  readonly #strata = new Map<number, { candidate: number; baseline: number; ratio: number; weight: number }>();

  add(x: number, n: number, y: number, m: number): void {
    const ratio = n / m;
    this.looks += 1;
    this.candidate += x;
    this.candidateTotal += n;
    this.baseline += y;
    this.baselineTotal += m;
    this.expected += y * ratio;
    this.#expectedVariance += y * ratio * ratio;
    this.#pairs.add(x, y * ratio, x + y * ratio);
    if (!this.#enough) {
      this.#candidates.add(x, n, n);
      this.#baselines.add(y, m, m);
    }
    if (x + y === 0) return;
    const key = Math.round(Math.log(ratio) * 50);
    const stratum = this.#strata.get(key);
    if (!stratum) {
      this.#strata.set(key, { candidate: x, baseline: y, ratio, weight: x + y });
      return;
    }
    stratum.candidate += x;
    stratum.baseline += y;
    stratum.weight += x + y;
    stratum.ratio += ((x + y) / stratum.weight) * (ratio - stratum.ratio);
  }

  get #enough(): boolean {
    return this.candidate >= ENOUGH_EVENTS && this.expected >= ENOUGH_EVENTS;
  }

  /** Candidate's rate over control's, half an event added to each so that it always exists. */
  get ratio(): number {
    return (this.candidate + 0.5) / (this.expected + 0.5 * (this.candidateTotal / this.baselineTotal));
  }

  /** Log likelihood of the rates' ratio being `r` against its being `r0`, given how many events there were. */
  logRatio(r: number, r0: number): number {
    let sum = 0;
    for (const { candidate, baseline, ratio } of this.#strata.values()) {
      sum += candidate * Math.log(r / r0) - (candidate + baseline) * Math.log((r * ratio + 1) / (r0 * ratio + 1));
    }
    return sum;
  }

  /** About what the best ratio has over `r0` in log likelihood: that of the totals, at little cost. */
  quickLogRatio(r0: number): number {
    const exposure = this.candidateTotal / this.baselineTotal;
    const events = this.candidate + this.baseline;
    const share = (r0 * exposure) / (1 + r0 * exposure);
    return (
      timesLog(this.candidate, this.candidate / events / share) +
      timesLog(this.baseline, this.baseline / events / (1 - share))
    );
  }

  /** How the counts spread around a constant ratio. */
  spread(): SpreadRecord {
    const r = this.ratio;
    if (this.#enough) {
      const exposure = this.#expectedVariance / this.expected;
      const unit = (r * (1 + r * exposure)) / (1 + r);
      const variance = this.candidate + r * r * this.#expectedVariance;
      return this.#pairs.record(r, variance, unit, ((1 + r) * (1 + r * exposure)) / r);
    }
    // Where one side has next to no events only the other side's own ups and downs can show bursts.
    const [side, events, total] =
      this.candidate * this.baselineTotal >= this.baseline * this.candidateTotal
        ? [this.#candidates, this.candidate, this.candidateTotal]
        : [this.#baselines, this.baseline, this.baselineTotal];
    const rate = events / total;
    return side.record(rate, events, rate, 1 / rate);
  }
}

function timesLog(count: number, ratio: number): number {
  return count > 0 ? count * Math.log(ratio) : 0;
}

/** How many times the boundary the rate may be in the alternatives, and how likely each is. */
export const alternatives: readonly { readonly times: number; readonly weight: number }[] = [
  { times: 1.2, weight: 0.12 },
  { times: 1.45, weight: 0.13 },
  { times: 2, weight: 0.14 },
  { times: 3, weight: 0.13 },
  { times: 5.5, weight: 0.12 },
  { times: 12, weight: 0.1 },
  { times: 40, weight: 0.08 },
  { times: 10_000, weight: 0.18 },
];

/** Log evidence of a mixture of likelihood ratios, each weakened by the inflation. `logRatio` takes a multiple of the boundary. */
export function mixtureEvidence(
  logRatio: (times: number) => number,
  direction: 1 | -1,
  { dispersion, persistence }: Inflation,
): number {
  if (!Number.isFinite(dispersion)) return 0;
  const power = 1 / (dispersion * persistence);
  return logSumExp(
    alternatives.map(({ times, weight }) => Math.log(weight) + power * logRatio(direction > 0 ? times : 1 / times)),
  );
}

/**
 * How the stake is divided: `bets` on bets and the rest on the mixture; `weights` among {@link STAKES}. `doubt`: up to how
 * many standard errors a correlation of neighbours is taken for chance.
 */
export interface Division {
  readonly bets: number;
  readonly weights: readonly [number, number, number, number];
  readonly doubt: number;
}

/** Shares of the wealth that are staked. All of it is what finds errors where there were none. */
const STAKES = [0.15, 0.4, 0.8, 1] as const;

export const usualDivision: Division = { bets: 0.35, weights: [0.11, 0.12, 0.11, 0.66], doubt: 1 };

/** Where events come one by one a bet is as good as a likelihood ratio; seven in a row on one side pay for a budget of 1 %. */
export const sparseDivision: Division = { bets: 0.92, weights: [0, 0.05, 0.2, 0.75], doubt: 1.6 };

/**
 * Wealth from betting, look by look, that a non-negative number lies above its expectation under health. Needs nothing
 * but that expectation (Waudby-Smith and Ramdas 2024): bursts of any size within a look are paid for. Kept for several
 * ideas of health at once.
 */
export class Bets {
  /** Wealth from each stake, for one idea after another; 1e300 and more stay there, which is above any budget. */
  readonly #wealth: Float64Array;
  readonly #ideas: readonly number[];

  /** `ideas`: the parts by which the `rest` of a number is divided. */
  constructor(ideas: readonly number[] = [1]) {
    this.#ideas = ideas;
    this.#wealth = new Float64Array(STAKES.length * ideas.length).fill(1);
  }

  /** The number divided by its expectation under health is `share + rest / idea`. */
  add(share: number, rest: number): void {
    const wealth = this.#wealth;
    const ideas = this.#ideas;
    let at = 0;
    for (let idea = 0; idea < ideas.length; idea += 1) {
      const multiple = share + rest / (ideas[idea] ?? 1);
      for (let i = 0; i < STAKES.length; i += 1) {
        const stake = STAKES[i] ?? 0;
        const grown = (wealth[at] ?? 0) * (1 - stake + stake * multiple);
        wealth[at] = Math.min(1e300, grown);
        at += 1;
      }
    }
  }

  /** Log of the wealth under one idea, each stake's drawn to the power 1 / `persistence`. */
  evidence(persistence: number, { weights } = usualDivision, idea = 0): number {
    const power = 1 / persistence;
    let sum = 0;
    for (let i = 0; i < STAKES.length; i += 1) {
      const wealth = this.#wealth[STAKES.length * idea + i] ?? 0;
      sum += (weights[i] ?? 0) * (power === 1 ? wealth : wealth ** power);
    }
    return Math.log(sum);
  }
}
