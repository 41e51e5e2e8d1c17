import {
  MutableSums,
  mirrored,
  noSums,
  quickShiftEvidence,
  relativePrior,
  type Sums,
  shiftEvidence,
} from "./autoregression.ts";

/** Differences of two sides at the same times, as log ratios and relative to the level, so that both exist when values turn out not to be positive. */
export class ValueStream {
  readonly #logs = new MutableSums();
  readonly #plain = new MutableSums();
  readonly #pastLogs = new MutableSums();
  readonly #pastPlain = new MutableSums();
  #candidateSum = 0;
  #baselineSum = 0;
  #level = 0;
  #levels = 0;
  #positive = true;

  past(candidate: SideMean, baseline: SideMean): void {
    this.#add(this.#pastLogs, this.#pastPlain, candidate, baseline);
  }

  take(candidate: SideMean, baseline: SideMean): void {
    this.#candidateSum += candidate.mean;
    this.#baselineSum += baseline.mean;
    this.#add(this.#logs, this.#plain, candidate, baseline);
  }

  #add(logs: MutableSums, plain: MutableSums, candidate: SideMean, baseline: SideMean): void {
    this.#levels += 1;
    this.#level += ((Math.abs(candidate.mean) + Math.abs(baseline.mean)) / 2 - this.#level) / this.#levels;
    plain.add(this.#level > 0 ? (candidate.mean - baseline.mean) / this.#level : 0);
    if (this.#positive && Number.isFinite(candidate.logMean) && Number.isFinite(baseline.logMean)) {
      logs.add(candidate.logMean - baseline.logMean);
    } else this.#positive = false;
  }

  get looks(): number {
    return this.#plain.n;
  }

  get logarithmic(): boolean {
    return this.#positive;
  }

  get compared(): boolean {
    return this.#pastPlain.n > 1;
  }

  /** Mean of candidate and of control over the bake. */
  get means(): { readonly candidate: number; readonly baseline: number } {
    return { candidate: this.#candidateSum / this.looks, baseline: this.#baselineSum / this.looks };
  }

  /** Mean shift against the past difference: a log ratio, or a share of the level. */
  get shift(): number {
    const [now, past] = this.#sums();
    return now.sum / now.n - (past.n > 1 ? past.sum / past.n : 0);
  }

  /** How persistent the differences are: (1 + correlation of neighbours) / (1 − it). */
  get persistence(): number {
    const [now] = this.#sums();
    if (now.n < 3) return 1;
    const mean = now.sum / now.n;
    const variance = now.squares - now.n * mean * mean;
    const lagged = now.lagged - mean * (2 * now.sum - now.first - now.last) + (now.n - 1) * mean * mean;
    const correlation = variance > 0 ? Math.min(0.95, Math.max(0, lagged / variance + 1 / now.n)) : 0;
    return (1 + correlation) / (1 - correlation);
  }

  #sums(): readonly [Sums, Sums] {
    return this.#positive ? [this.#logs, this.#pastLogs] : [this.#plain, this.#pastPlain];
  }

  /** Log evidence of a shift of more than `boundary` up (direction 1) or down (−1); only a bound of it where that stays below `enough`. */
  evidence(direction: 1 | -1, boundary: number, enough: number): number {
    const [now, past] = this.#sums();
    const turned = direction > 0 ? now : mirrored(now);
    const before = past.n > 1 ? (direction > 0 ? past : mirrored(past)) : noSums;
    const quick = quickShiftEvidence(turned, before, boundary, relativePrior.scale);
    return quick < enough ? Math.min(quick, 0) : shiftEvidence(turned, before, boundary, relativePrior);
  }
}

/** Mean over the machines of one side at one time; `logMean` is not finite where a value is not positive. */
export interface SideMean {
  readonly mean: number;
  readonly logMean: number;
}

export function sideMean(values: readonly { readonly value: number; readonly total: number | undefined }[]): SideMean {
  let sum = 0;
  let logs = 0;
  for (const { value, total } of values) {
    const number = total === undefined ? value : value / total;
    sum += number;
    logs += number > 0 ? Math.log(number) : Number.NaN;
  }
  return { mean: sum / values.length, logMean: logs / values.length };
}
