import { chiSquareAt, normalQuantile } from "./distributions.ts";

/** The dispersion of counts is bounded from above, seven times in eight, before they are trusted. */
const DISPERSION_DOUBT = normalQuantile(1 / 8);
/** Correlations of neighbours below so many standard errors are taken for none. */
export const CORRELATION_DOUBT = 1;
/** ... and from so many more on they are believed in full. */
const CORRELATION_RAMP = 1.25;

/**
 * How far counts stray from a constant rate, in two ways that see different bursts: all squares together against their
 * Poisson (binomial) expectation, and each look's squares against its own, averaged over looks (Pearson).
 */
export interface SpreadRecord {
  readonly looks: number;
  readonly squares: number;
  readonly variance: number;
  readonly lagged: number;
  readonly dof: number;
  /** Sum of the looks' own ratios, over `pearsonLooks` looks, worth `pearsonDof` degrees of freedom. */
  readonly pearson: number;
  readonly pearsonLooks: number;
  readonly pearsonDof: number;
  /** The largest dispersion of whole blocks of looks; 0 while there are too few of them. */
  readonly blocks: number;
}

const nothing: SpreadRecord = {
  looks: 0,
  squares: 0,
  variance: 0,
  lagged: 0,
  dof: 0,
  pearson: 0,
  pearsonLooks: 0,
  pearsonDof: 0,
  blocks: 0,
};

/** Looks in a block; bursts that last show in the spread of blocks. */
const BLOCKS = [8, 64] as const;
/** Fewer blocks than this say nothing. */
const ENOUGH_BLOCKS = 6;

/** A one-pass record of two series whose difference `a − r·b` will be asked for its spread at an r not yet known. */
export class Spread {
  readonly #single = new Moments();
  readonly #blocks = BLOCKS.map((length) => ({ length, filled: 0, a: 0, b: 0, moments: new Moments() }));
  #pearsonLooks = 0;
  #inverse = 0;
  #aa = 0;
  #ab = 0;
  #bb = 0;

  /** `weight`: what the variance of the look is proportional to; looks of weight 0 say nothing. */
  add(a: number, b: number, weight: number): void {
    this.#single.add(a, b);
    if (weight > 0) {
      this.#pearsonLooks += 1;
      this.#inverse += 1 / weight;
      this.#aa += (a * a) / weight;
      this.#ab += (a * b) / weight;
      this.#bb += (b * b) / weight;
    }
    let partA = a;
    let partB = b;
    let length = 1;
    for (let i = 0; i < this.#blocks.length; i += 1) {
      const block = this.#blocks[i];
      if (!block) return;
      block.a += partA;
      block.b += partB;
      block.filled += length;
      if (block.filled < block.length) return;
      block.moments.add(block.a, block.b);
      partA = block.a;
      partB = block.b;
      length = block.length;
      block.filled = block.a = block.b = 0;
    }
  }

  /**
   * `variance`: what the squares would come to if the counts were Poisson (binomial); `unit`: the variance of a look for
   * each unit of its weight; `sparsity`: by how much 1/weight adds to the kurtosis of a look.
   */
  record(r: number, variance: number, unit: number, sparsity: number): SpreadRecord {
    const { looks } = this.#single;
    if (looks < 2 || !(variance > 0) || !(unit > 0)) return { ...nothing, looks };
    const squares = this.#single.squares(r);
    // The kurtosis of Poisson counts of mean μ is 3 + 1/μ: sparse counts, and rare large bursts, say less about their spread.
    const excess = Math.max(
      2 + looks / variance,
      squares > 0 ? (looks * this.#single.fourths(r)) / squares ** 2 - 1 : 0,
    );
    const dof = Math.min(((looks - 1) * 2) / excess, this.#single.effective(r) - 1);
    let blocks = 0;
    for (const { length, moments } of this.#blocks) {
      if (moments.looks < ENOUGH_BLOCKS) continue;
      blocks = Math.max(blocks, (moments.squares(r) * looks) / (variance * (moments.looks - 1) * length));
    }
    const informative = this.#pearsonLooks;
    const free = Math.max(0, informative - 1);
    return {
      looks,
      squares: (squares * looks) / (looks - 1),
      variance,
      lagged: this.#single.lagged(r),
      dof: Math.max(0, dof),
      pearson: Math.max(0, this.#aa - 2 * r * this.#ab + r * r * this.#bb) / unit,
      pearsonLooks: free,
      pearsonDof: informative > 0 ? (2 * free * informative) / (2 * informative + sparsity * this.#inverse) : 0,
      blocks,
    };
  }
}

class Moments {
  looks = 0;
  #aa = 0;
  #ab = 0;
  #bb = 0;
  #lagAa = 0;
  #lagAb = 0;
  #lagBb = 0;
  #a4 = 0;
  #a3b = 0;
  #a2b2 = 0;
  #ab3 = 0;
  #b4 = 0;
  #sumA = 0;
  #sumB = 0;
  #a = 0;
  #b = 0;

  add(a: number, b: number): void {
    const aa = a * a;
    const ab = a * b;
    const bb = b * b;
    this.#sumA += a;
    this.#sumB += b;
    this.#aa += aa;
    this.#ab += ab;
    this.#bb += bb;
    this.#a4 += aa * aa;
    this.#a3b += aa * ab;
    this.#a2b2 += aa * bb;
    this.#ab3 += ab * bb;
    this.#b4 += bb * bb;
    // Before the first look both are zero.
    this.#lagAa += a * this.#a;
    this.#lagAb += a * this.#b + b * this.#a;
    this.#lagBb += b * this.#b;
    this.#a = a;
    this.#b = b;
    this.looks += 1;
  }

  squares(r: number): number {
    return Math.max(0, this.#aa - 2 * r * this.#ab + r * r * this.#bb);
  }

  lagged(r: number): number {
    return this.#lagAa - r * this.#lagAb + r * r * this.#lagBb;
  }

  /** Number of looks that carry the counts: all where they are alike, few where these bear the most. */
  effective(r: number): number {
    const sum = this.#sumA + r * this.#sumB;
    const squares = this.#aa + 2 * r * this.#ab + r * r * this.#bb;
    return squares > 0 ? (sum * sum) / squares : 0;
  }

  fourths(r: number): number {
    return Math.max(
      0,
      this.#a4 - 4 * r * this.#a3b + 6 * r * r * this.#a2b2 - 4 * r ** 3 * this.#ab3 + r ** 4 * this.#b4,
    );
  }
}

/** By how much the information in counts is to be divided, because they come in bursts (`dispersion`) that last (`persistence`). */
export interface Inflation {
  readonly dispersion: number;
  readonly persistence: number;
}

/**
 * Bounds the inflation of counts from above; records of the same kind of counts (bake and past) are pooled. `doubt`: up to
 * how many standard errors the correlation of neighbours is taken for chance.
 */
export function inflation(all: readonly SpreadRecord[], doubt = CORRELATION_DOUBT): Inflation {
  // A past without events says nothing about how they come.
  const records = all.filter(({ variance }) => variance > 0);
  const total = (of: (record: SpreadRecord) => number) => records.reduce((sum, record) => sum + of(record), 0);
  const looks = total((record) => record.looks);
  const squares = total((record) => record.squares);
  const dispersion = Math.max(
    1,
    upperBound(
      squares,
      total((record) => record.variance),
      total((record) => record.dof),
    ),
    upperBound(
      total((record) => record.pearson),
      total((record) => record.pearsonLooks),
      total((record) => record.pearsonDof),
    ),
  );
  const lagged = total((record) => record.lagged);
  const scattered = squares > 1e-9 * total((record) => record.variance);
  const found = scattered ? lagged / squares + 1 / looks : 0;
  const belief = (found * Math.sqrt(looks) - doubt) / CORRELATION_RAMP;
  const correlation = Math.min(0.95, found) * Math.max(0, Math.min(1, belief));
  const blocks = Math.max(0, ...records.map((record) => record.blocks));
  return { dispersion, persistence: Math.max((1 + correlation) / (1 - correlation), blocks / dispersion) };
}

function upperBound(found: number, expected: number, dof: number): number {
  const quantile = dof > 0 ? chiSquareAt(DISPERSION_DOUBT, dof) : 0;
  return quantile > 0 && expected > 0 ? (found / expected) * (dof / quantile) : Number.POSITIVE_INFINITY;
}
