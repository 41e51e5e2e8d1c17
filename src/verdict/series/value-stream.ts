import {
  type Kin,
  type MeanTest,
  MutableSums,
  meanTest,
  mirrored,
  noSums,
  quickShiftEvidence,
  relativePrior,
  type Sums,
  shiftEvidence,
} from "./autoregression.ts";
import type { Direction } from "./direction.ts";
import { logSumExp } from "./distributions.ts";
import type { ControlKin } from "./kin.ts";
import { Persistence } from "./persistence.ts";
import { detectableShift } from "./power.ts";
import { Spikes } from "./spikes.ts";

/** The most differences of the past that are kept. */
const MOST_PAST = 5_000;
/** With a past, differences further than this many of its spreads count as this many. */
const CLIP = 5;
/** Share of the evidence that is staked on spikes, and the looks that a past must have to tell what is a spike. */
const SPIKES = 0.2;
const ENOUGH_FOR_SPIKES = 30;
/** Without a past nothing is found before so many looks. */
const FIRST_LOOKS = 3;
/** Variances of the two sides that differ by more than this factor are not those of alike series. */
const UNEVEN = 2;

/**
 * Differences of two sides at the same times, as log ratios and relative to the level, so that both exist when values
 * turn out not to be positive.
 */
export class ValueStream {
  readonly #log: DifferenceStream;
  readonly #plain: DifferenceStream;
  readonly #candidate = new Level();
  readonly #baseline = new Level();
  #level = 0;
  #levels = 0;
  #positive = true;
  #machines = 1;

  /** `sides`: the directions that are bad, for what a mean does not show; `control`: how its machines move, where it has several. */
  constructor(sides: readonly Direction[], control?: ControlKin) {
    this.#log = new DifferenceStream(
      sides.map(({ sign, tolerated }) => ({ sign, boundary: sign * Math.log(tolerated) })),
      (own) => control?.of(this.#machines, true, own),
    );
    this.#plain = new DifferenceStream(
      sides.map(({ sign, tolerated }) => ({ sign, boundary: sign * (tolerated - 1) })),
      (own) => control?.of(this.#machines, false, own),
    );
  }

  past(candidate: SideMean, baseline: SideMean): void {
    const { log, plain } = this.#differences(candidate, baseline);
    this.#plain.past(plain);
    if (this.#positive) this.#log.past(log);
  }

  take(candidate: SideMean, baseline: SideMean): void {
    this.#candidate.add(candidate);
    this.#machines = Math.max(this.#machines, candidate.machines);
    this.#baseline.add(baseline);
    const { log, plain } = this.#differences(candidate, baseline);
    // Both sides together, where the control has no several machines that show how values move by themselves.
    this.#plain.take(plain, this.#level > 0 ? (candidate.mean + baseline.mean) / this.#level : 0);
    if (this.#positive) this.#log.take(log, candidate.logMean + baseline.logMean);
  }

  #differences(candidate: SideMean, baseline: SideMean): { log: number; plain: number } {
    this.#levels += 1;
    this.#level += ((Math.abs(candidate.mean) + Math.abs(baseline.mean)) / 2 - this.#level) / this.#levels;
    const log = candidate.logMean - baseline.logMean;
    this.#positive &&= Number.isFinite(log);
    return { log, plain: this.#level > 0 ? (candidate.mean - baseline.mean) / this.#level : 0 };
  }

  get looks(): number {
    return this.#plain.looks;
  }

  get logarithmic(): boolean {
    return this.#positive;
  }

  get compared(): boolean {
    return this.#stream.compared;
  }

  get #stream(): DifferenceStream {
    return this.#positive ? this.#log : this.#plain;
  }

  /** Mean of candidate and of control over the bake. */
  get means(): { readonly candidate: number; readonly baseline: number } {
    return { candidate: this.#candidate.mean, baseline: this.#baseline.mean };
  }

  /** Mean shift against the past difference: a log ratio, or a share of the level. */
  get shift(): number {
    return this.#stream.shift;
  }

  get persistence(): number {
    return this.#stream.persistence;
  }

  /** The smallest ratio that would have been caught nine times in ten; null where nothing can be said. */
  sees(threshold: number): number | null {
    const shift = this.#stream.sees(threshold);
    return shift === null ? null : this.#positive ? Math.exp(shift) : 1 + shift;
  }

  /** Log evidence of a shift of the mean of more than `boundary` up (direction 1) or down (−1). */
  evidence(direction: 1 | -1, boundary: number, enough: number): number {
    return this.#stream.evidence(direction, boundary, enough);
  }

  /** Log evidence that the stream is unhealthy in one direction; only a bound of it where that stays below `enough`. */
  conviction(direction: 1 | -1, boundary: number, enough: number): number {
    const evidence = this.#stream.conviction(direction, boundary, enough);
    if (evidence < enough || !this.#uneven) return evidence;
    return Math.min(evidence, this.#plain.evidence(direction, Math.expm1(boundary), enough));
  }

  /** The test of the last look: by the logarithms and, where these may mislead, by the plain values too. */
  lastTest(direction: 1 | -1, boundary: number): MeanTest | undefined {
    const test = this.#stream.lastTest(direction, boundary);
    if (!test || !this.#uneven) return test;
    const plain = this.#plain.lastTest(direction, Math.expm1(boundary));
    return plain && plain.deviations < test.deviations ? plain : plain && test;
  }

  /**
   * Where one side scatters more than the other, as one machine does against the mean of many, skewed values have the same
   * mean and yet another mean of logarithms: then both have to shift.
   */
  get #uneven(): boolean {
    if (!this.#positive || this.compared) return false;
    const [a, b] = [this.#candidate.logVariance, this.#baseline.logVariance];
    return Math.max(a, b) > UNEVEN * Math.min(a, b);
  }
}

/** Differences of two sides against zero, or against what they were before the deploy. */
class DifferenceStream {
  readonly #now = new MutableSums();
  readonly #past = new MutableSums();
  readonly #kin = new MutableSums();
  readonly #bad: readonly { readonly sign: 1 | -1; readonly boundary: number }[];
  readonly #control: (own: MutableSums) => Kin | undefined;
  #spikes: readonly { readonly sign: 1 | -1; readonly spikes: Spikes }[] = [];
  #persistence = new Persistence();
  #earlier: number[] = [];
  #centre = 0;
  #reach = Number.POSITIVE_INFINITY;

  constructor(
    bad: readonly { readonly sign: 1 | -1; readonly boundary: number }[],
    control: (own: MutableSums) => Kin | undefined,
  ) {
    this.#bad = bad;
    this.#control = control;
  }

  get looks(): number {
    return this.#now.n;
  }

  get compared(): boolean {
    return this.#past.n > 1 || this.#earlier.length > 1;
  }

  past(difference: number): void {
    if (this.#earlier.length < MOST_PAST) this.#earlier.push(difference);
  }

  take(difference: number, kin: number): void {
    if (this.#earlier.length > 0) this.#settle();
    const clipped = this.#clip(difference);
    this.#now.add(clipped);
    for (const { spikes } of this.#spikes) spikes.add(difference);
    // With a past only that is asked: in the bake itself a shift that comes and goes would look like persistence.
    if (this.#past.n === 0) this.#persistence.add(clipped);
    this.#kin.add(kin);
  }

  /** Makes sums of the past, now that all of it is known. */
  #settle(): void {
    const sorted = [...this.#earlier].sort((a, b) => a - b);
    this.#centre = sorted[sorted.length >> 1] ?? 0;
    const sizes = sorted.map((value) => Math.abs(value - this.#centre)).sort((a, b) => a - b);
    const quantile = (p: number) => sizes[Math.floor(p * (sizes.length - 1))] ?? 0;
    const spread = Math.max(1.4826 * quantile(0.5), quantile(0.95) / 1.96);
    if (spread > 0) this.#reach = CLIP * spread;
    this.#persistence = new Persistence();
    const { length } = this.#earlier;
    if (spread > 0 && length >= ENOUGH_FOR_SPIKES) {
      this.#spikes = this.#bad.map(({ sign, boundary }) => ({
        sign,
        spikes: new Spikes(sign, this.#centre, spread, boundary, this.#earlier),
      }));
    }
    for (const difference of this.#earlier) {
      const clipped = this.#clip(difference);
      this.#past.add(clipped);
      this.#persistence.add(clipped);
    }
    this.#earlier = [];
  }

  #clip(difference: number): number {
    return Math.max(this.#centre - this.#reach, Math.min(this.#centre + this.#reach, difference));
  }

  get shift(): number {
    const { n, sum } = this.#now;
    return sum / n - (this.#past.n > 1 ? this.#past.sum / this.#past.n : 0);
  }

  get persistence(): number {
    return this.#persistence.factor;
  }

  sees(threshold: number): number | null {
    const { n, sum, squares } = this.#now;
    const deviation = n > 1 ? Math.sqrt(Math.max(0, squares - (sum * sum) / n) / (n - 1)) : Number.NaN;
    return detectableShift(deviation, this.persistence, n, threshold);
  }

  /** Log evidence of a shift of the mean or, with a past, of spikes that did not come before. */
  conviction(direction: 1 | -1, boundary: number, enough: number): number {
    const spikes = this.#spikes.find(({ sign }) => sign === direction)?.spikes;
    if (!spikes) return this.evidence(direction, boundary, enough);
    const mean = this.evidence(direction, boundary, enough);
    return logSumExp([Math.log(1 - SPIKES) + mean, Math.log(SPIKES) + spikes.evidence]);
  }

  evidence(direction: 1 | -1, boundary: number, enough: number): number {
    // The first looks are needed to learn the scale, where no past tells it.
    if (this.#past.n === 0 && this.#now.n < FIRST_LOOKS) return 0;
    const turn = (sums: Sums) => (direction > 0 ? sums : mirrored(sums));
    const now = turn(this.#now);
    const past = this.#past.n > 1 ? turn(this.#past) : noSums;
    const quick = quickShiftEvidence(now, past, boundary, relativePrior.scale);
    if (quick < enough) return Math.min(quick, 0);
    const still = Math.max(this.#kin.steps, this.#now.steps) === 0;
    const kin = this.#control(this.#now) ?? {
      series: [this.#kin],
      independent: 1,
      alike: false,
      unit: 1,
      steps: still ? 1 : this.#kin.steps / this.#now.steps,
    };
    const evidence = shiftEvidence(now, past, kin, boundary, relativePrior);
    return evidence > 0 ? evidence / this.#persistence.excess : evidence;
  }

  lastTest(direction: 1 | -1, boundary: number): MeanTest | undefined {
    const turn = (sums: Sums) => (direction > 0 ? sums : mirrored(sums));
    const past = this.#past.n > 1 ? turn(this.#past) : noSums;
    const test = meanTest(turn(this.#now), past, boundary, relativePrior);
    return test && { ...test, deviations: test.deviations / Math.sqrt(this.#persistence.excess) };
  }
}

/** Running mean and variance of the logarithm of one side. */
class Level {
  #n = 0;
  #mean = 0;
  #log = 0;
  #squares = 0;

  add({ mean, logMean }: SideMean): void {
    this.#n += 1;
    this.#mean += (mean - this.#mean) / this.#n;
    const step = logMean - this.#log;
    this.#log += step / this.#n;
    this.#squares += step * (logMean - this.#log);
  }

  get mean(): number {
    return this.#n > 0 ? this.#mean : Number.NaN;
  }

  get logVariance(): number {
    return this.#n > 1 ? this.#squares / (this.#n - 1) : 0;
  }
}

/** Mean over the machines of one side at one time; `logMean` is not finite where a value is not positive. */
export interface SideMean {
  readonly mean: number;
  readonly logMean: number;
  readonly machines: number;
}

export function sideMean(values: readonly { readonly value: number; readonly total: number | undefined }[]): SideMean {
  let [sum, logs] = [0, 0];
  for (const { value, total } of values) {
    const number = total === undefined ? value : value / total;
    sum += number;
    logs += number > 0 ? Math.log(number) : Number.NaN;
  }
  const machines = values.length;
  return { mean: sum / machines, logMean: logs / machines, machines };
}

/** A side of which only the mean is known. */
export function soleValue(value: number): SideMean {
  return { mean: value, logMean: value > 0 ? Math.log(value) : Number.NaN, machines: 1 };
}
