import { chiSquareQuantile } from "./distributions.ts";

/** Confidence with which the dispersion of counts is bounded from above before they are trusted. */
const DISPERSION_DOUBT = 0.1;

/** Squares of counts around a constant rate, what Poisson counts would give, products of neighbours, and degrees of freedom. */
export interface SpreadRecord {
  readonly looks: number;
  readonly squares: number;
  readonly variance: number;
  readonly lagged: number;
  readonly dof: number;
}

/** A one-pass record of two series whose difference `a − r·b` will be asked for its spread at an r not yet known. */
export class Spread {
  #looks = 0;
  #aa = 0;
  #ab = 0;
  #bb = 0;
  #lagAa = 0;
  #lagAb = 0;
  #lagBb = 0;
  #a = 0;
  #b = 0;

  add(a: number, b: number): void {
    this.#aa += a * a;
    this.#ab += a * b;
    this.#bb += b * b;
    if (this.#looks > 0) {
      this.#lagAa += a * this.#a;
      this.#lagAb += a * this.#b + b * this.#a;
      this.#lagBb += b * this.#b;
    }
    this.#a = a;
    this.#b = b;
    this.#looks += 1;
  }

  /** `variance`: what the squares would come to if the counts were Poisson (binomial). */
  record(r: number, variance: number): SpreadRecord {
    const looks = this.#looks;
    if (looks < 2) return { looks, squares: 0, variance: 0, lagged: 0, dof: 0 };
    const squares = Math.max(0, this.#aa - 2 * r * this.#ab + r * r * this.#bb);
    const lagged = this.#lagAa - r * this.#lagAb + r * r * this.#lagBb;
    // The variance of squared Poisson counts of mean μ is 2μ² + μ: sparse counts say less about their spread.
    const dof = ((looks - 1) * 2) / (2 + looks / Math.max(variance, 1e-9));
    return { looks, squares: (squares * looks) / (looks - 1), variance, lagged, dof };
  }
}

/** By how much the information in counts is to be divided, because they come in bursts (`dispersion`) that last (`persistence`). */
export interface Inflation {
  readonly dispersion: number;
  readonly persistence: number;
}

/** Bounds the inflation of counts from above; records of the same kind of counts (bake and past) are pooled. */
export function inflation(records: readonly SpreadRecord[]): Inflation {
  let squares = 0;
  let variance = 0;
  let lagged = 0;
  let dof = 0;
  let looks = 0;
  for (const record of records) {
    squares += record.squares;
    variance += record.variance;
    lagged += record.lagged;
    dof += record.dof;
    looks += record.looks;
  }
  const quantile = dof > 0 ? chiSquareQuantile(DISPERSION_DOUBT, dof) : 0;
  const known = quantile > 0 && variance > 0;
  const dispersion = known ? Math.max(1, (squares / variance) * (dof / quantile)) : Number.POSITIVE_INFINITY;
  const correlation = squares > 0 ? Math.min(0.95, Math.max(0, lagged / squares + 1 / looks)) : 0;
  return { dispersion, persistence: (1 + correlation) / (1 - correlation) };
}
