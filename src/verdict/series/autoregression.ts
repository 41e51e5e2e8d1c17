import { logSumExp } from "./distributions.ts";

/**
 * Whether the mean of a series lies above a boundary, where neighbours in time may resemble each other. The series is
 * taken as Gaussian and autoregressive of order one with unknown mean, scale and correlation φ; everything follows from
 * six sums. See docs/statistics.md, "Values".
 */
export interface Sums {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
  /** Σ d(t)·d(t−1) */
  readonly lagged: number;
  readonly first: number;
  readonly last: number;
}

export const noSums: Sums = { n: 0, sum: 0, squares: 0, lagged: 0, first: 0, last: 0 };

/** Sums that grow. */
export class MutableSums implements Sums {
  n = 0;
  sum = 0;
  squares = 0;
  lagged = 0;
  first = 0;
  last = 0;

  add(d: number): void {
    if (this.n === 0) this.first = d;
    else this.lagged += d * this.last;
    this.n += 1;
    this.sum += d;
    this.squares += d * d;
    this.last = d;
  }
}

/** The sums of the series turned upside down. */
export function mirrored(sums: Sums): Sums {
  return { ...sums, sum: -sums.sum, first: -sums.first, last: -sums.last };
}

export interface Prior {
  /** Correlations considered, each with the weight that the alternative gives it and a discount as an explanation of health. */
  readonly correlations: readonly { readonly phi: number; readonly weight: number; readonly discount: number }[];
  /** Shifts beyond the boundary considered, all alike likely; in units of the series. */
  readonly shifts: readonly number[];
  /** One half of one observation of this standard deviation is added to every estimate of the scale. */
  readonly scale: number;
}

/** For series of relative differences (log ratios, or differences divided by the level). */
export const relativePrior: Prior = {
  correlations: [
    { phi: 0, weight: 0.4, discount: 1 },
    { phi: 0.3, weight: 0.2, discount: 1 },
    { phi: 0.55, weight: 0.15, discount: 1 },
    { phi: 0.75, weight: 0.1, discount: 1 },
    { phi: 0.88, weight: 0.08, discount: 1 },
    { phi: 0.95, weight: 0.05, discount: 0.3 },
    { phi: 0.985, weight: 0.02, discount: 0.1 },
  ],
  shifts: [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4],
  scale: 0.01,
};

const PSEUDO = 0.5;

interface Gram {
  readonly yy: number;
  readonly yu: number;
  readonly uu: number;
}

/** Sums of squares of the series (y) and of the constant 1 (u) after whitening with φ. */
function gram({ n, sum, squares, lagged, first, last }: Sums, phi: number): Gram {
  if (n === 0) return { yy: 0, yu: 0, uu: 0 };
  const rest = 1 - phi;
  return {
    yy: squares * (1 + phi * phi) - phi * phi * (first * first + last * last) - 2 * phi * lagged,
    yu: rest * (sum * rest + phi * (first + last)),
    uu: rest * (1 + phi + (n - 1) * rest),
  };
}

/** Whitened sum of squares with the bake's mean `shift` above the past's; without a past, `shift` above zero. */
function misfit(now: Gram, past: Gram | undefined, shift: number): number {
  const yy = now.yy - 2 * shift * now.yu + shift * shift * now.uu;
  if (!past) return Math.max(0, yy);
  const yu = now.yu - shift * now.uu + past.yu;
  return Math.max(0, yy + past.yy - (yu * yu) / (now.uu + past.uu));
}

/**
 * Log evidence that the mean of `now` lies more than `boundary` above the mean of `past` (above zero where the past is
 * empty). The mixture over shifts, correlations and scale stands against the best correlation without a shift beyond
 * the boundary; its probability of ever passing log(1/α) in a healthy series is at most α.
 */
export function shiftEvidence(now: Sums, past: Sums, boundary: number, prior: Prior): number {
  const { n } = now;
  if (n === 0) return Number.NEGATIVE_INFINITY;
  const hasPast = past.n > 1;
  const count = n + (hasPast ? past.n : 0);
  const power = PSEUDO + (count - (hasPast ? 1 : 0)) / 2;
  const floor = PSEUDO * prior.scale * prior.scale;
  const alternatives: number[] = [];
  let null_ = Number.NEGATIVE_INFINITY;
  for (const { phi, weight, discount } of prior.correlations) {
    const g = gram(now, phi);
    const h = hasPast ? gram(past, phi) : undefined;
    const volume = 0.5 * (hasPast ? 2 : 1) * Math.log(1 - phi * phi) - (h ? 0.5 * Math.log(g.uu + h.uu) : 0);
    const at = (shift: number) => volume - power * Math.log(floor + misfit(g, h, shift) / 2);
    null_ = Math.max(null_, Math.log(discount) + at(boundary));
    const share = Math.log(weight / prior.shifts.length);
    for (const shift of prior.shifts) alternatives.push(share + at(boundary + shift));
  }
  return logSumExp(alternatives) - null_;
}

/** An upper bound of what {@link shiftEvidence} can find without correlation, at a tenth of the cost; below zero when the mean is not above the boundary. */
export function quickShiftEvidence(now: Sums, past: Sums, boundary: number, scale: number): number {
  const { n } = now;
  if (n === 0) return Number.NEGATIVE_INFINITY;
  const pastMean = past.n > 1 ? past.sum / past.n : 0;
  const gap = now.sum / n - pastMean - boundary;
  if (gap <= 0) return gap < 0 ? -1 : 0;
  const within =
    Math.max(0, now.squares - (now.sum * now.sum) / n) +
    (past.n > 1 ? Math.max(0, past.squares - (past.sum * past.sum) / past.n) : 0);
  const lever = past.n > 1 ? 1 / (1 / n + 1 / past.n) : n;
  const floor = 2 * PSEUDO * scale * scale;
  return (PSEUDO + (n + (past.n > 1 ? past.n - 1 : 0)) / 2) * Math.log1p((lever * gap * gap) / (floor + within));
}
