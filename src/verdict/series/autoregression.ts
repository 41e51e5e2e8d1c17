import { logSumExp, normalTail } from "./distributions.ts";
import { worthOf } from "./last-look.ts";

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
  /** Σ (d(t) − d(t−1))² */
  steps = 0;

  add(d: number): void {
    if (this.n === 0) this.first = d;
    else {
      this.lagged += d * this.last;
      this.steps += (d - this.last) ** 2;
    }
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
  /** Precisions of the shift beyond the boundary, all alike likely: 0.01 expects shifts of ten standard deviations of the noise. */
  readonly precisions: readonly number[];
  /** One half of one observation of this standard deviation is added to every estimate of the scale. */
  readonly scale: number;
}

/** For series of relative differences (log ratios, or differences divided by the level). */
export const relativePrior: Prior = {
  correlations: [
    { phi: 0, weight: 0.27, discount: 0.5 },
    { phi: 0.3, weight: 0.17, discount: 0.5 },
    { phi: 0.55, weight: 0.15, discount: 0.5 },
    { phi: 0.75, weight: 0.13, discount: 0.5 },
    { phi: 0.88, weight: 0.12, discount: 0.5 },
    { phi: 0.95, weight: 0.1, discount: 0.4 },
    { phi: 0.985, weight: 0.06, discount: 0.15 },
  ],
  precisions: [0.01, 0.1, 2],
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

/** Series of the same kind that no shift of the candidate touches. */
export interface Kin {
  readonly series: readonly Sums[];
  /** How many of them are independent: of deviations from their common mean, one less than there are. */
  readonly independent: number;
  /** Whether their means are taken as zero, or else each has its own. */
  readonly alike: boolean;
  /** Variance that the series has by its making, relative to one of its kin. */
  readonly unit: number;
  /** Mean square of their steps from look to look, relative to that of the series itself, both per unit. */
  readonly steps: number;
}

/** How kin takes part, for one correlation. */
interface KinTerm {
  readonly volume: number;
  readonly rest: number;
  readonly n: number;
}

const noKin: KinTerm = { volume: 0, rest: 0, n: 0 };

/** With a past, which tells the correlation, every explanation of health is discounted once more. */
const PAST_DISCOUNT = 0.5;

/** Loss of log likelihood above which series do not share one correlation. */
const INCOMPATIBLE = 1;

/** Log likelihood of a correlation, whatever the mean and scale of the series. */
function correlationLikelihood({ volume, rest, n }: KinTerm, floor: number): number {
  return volume - (PSEUDO + n / 2) * Math.log(floor + rest / 2);
}

/** Series of unknown means, or of mean zero, under one correlation: log volume, whitened sum of squares, and what these are worth. */
function free({ series, independent, alike }: Omit<Kin, "unit" | "steps">, phi: number): KinTerm {
  let rest = 0;
  let weight = 1;
  for (const sums of series) {
    const { yy, yu, uu } = gram(sums, phi);
    rest += Math.max(0, alike ? yy : yy - (yu * yu) / uu);
    if (!alike) weight = uu;
  }
  return {
    volume: (independent / 2) * Math.log((1 - phi * phi) / weight),
    rest,
    n: independent * ((series[0]?.n ?? 1) - (alike ? 0 : 1)),
  };
}

/** The term as that of a share of its values. */
function weakened({ volume, rest, n }: KinTerm, share: number): KinTerm {
  return { volume: volume * share, rest: rest * share, n: n * share };
}

/**
 * What kin tells about correlation and scale. Nothing while it is short, and nothing where it moves in another way than
 * the series itself: then it shows a movement that both sides share, which the series does not have.
 */
function kinTerms(now: Sums, kin: Kin | undefined, prior: Prior, floor: number): readonly KinTerm[] {
  const none = prior.correlations.map(() => noKin);
  const looks = kin?.series[0]?.n ?? 0;
  if (!kin || looks < 2 || kin.independent * (looks - 1) < 2) return none;
  const { unit, steps } = kin;
  // Machines may each have their own noise: all kin together is never worth more than the series itself.
  const share = Math.min(1, (now.n - 1) / (kin.independent * (looks - 1)));
  const terms = prior.correlations.map(({ phi }) => weakened(free(kin, phi), share));
  const self = { series: [now], independent: 1, alike: false };
  const own = prior.correlations.map(({ phi }) => correlationLikelihood(free(self, phi), floor));
  const its = terms.map((term) => correlationLikelihood(term, floor));
  const together = Math.max(...own.map((value, i) => value + (its[i] ?? 0)));
  if (Math.max(...own) + Math.max(...its) - together > INCOMPATIBLE) return none;
  // Kin that is noisier shares movements with the rest; kin that is calmer must not make the series look calm.
  if (!(steps >= LITTLE && steps <= MUCH)) return its.map((volume) => ({ volume, rest: 0, n: 0 }));
  const scale = unit * Math.max(1, 1 / steps);
  return terms.map(({ volume, rest, n }) => ({ volume, rest: rest * scale, n }));
}

/** Mean squared steps this far from the series' own are not those of the same noise. */
const MUCH = 2;
const LITTLE = 0.02;

/**
 * Log evidence that the mean of `now` lies more than `boundary` above the mean of `past` (above zero where the past is
 * empty). The mixture over shifts, correlations and scale stands against the best correlation without a shift beyond
 * the boundary; its probability of ever passing log(1/α) in a healthy series is at most α.
 */
export function shiftEvidence(now: Sums, past: Sums, kin: Kin | undefined, boundary: number, prior: Prior): number {
  const { n } = now;
  if (n === 0) return Number.NEGATIVE_INFINITY;
  const hasPast = past.n > 1;
  const floor = PSEUDO * prior.scale * prior.scale;
  const terms = kinTerms(now, hasPast ? undefined : kin, prior, floor);
  const alternatives: number[] = [];
  let healthy = Number.NEGATIVE_INFINITY;
  const known = hasPast ? Math.log(PAST_DISCOUNT) : 0;
  for (const [i, { phi, weight, discount }] of prior.correlations.entries()) {
    const g = gram(now, phi);
    const h = hasPast ? gram(past, phi) : undefined;
    const term = terms[i] ?? noKin;
    const power = PSEUDO + (n + (hasPast ? past.n - 1 : 0) + term.n) / 2;
    const volume =
      0.5 * (hasPast ? 2 : 1) * Math.log(1 - phi * phi) - (h ? 0.5 * Math.log(g.uu + h.uu) : 0) + term.volume;
    const whole = floor + (misfit(g, h, boundary) + term.rest) / 2;
    healthy = Math.max(healthy, Math.log(discount) + known + volume - power * Math.log(whole));
    // Least squares for the shift beyond the boundary, and the precision with which it is known.
    const precision = h ? (g.uu * h.uu) / (g.uu + h.uu) : g.uu;
    const shift = g.yu / g.uu - (h ? h.yu / h.uu : 0) - boundary;
    const share = Math.log(weight / prior.precisions.length);
    for (const assumed of prior.precisions) {
      const shrunk = precision / (assumed + precision);
      const rest = Math.max(floor, whole - (shift * shift * precision * shrunk) / 2);
      const t = shift * Math.sqrt((precision * shrunk * power) / rest);
      alternatives.push(
        share +
          volume +
          0.5 * Math.log(1 - shrunk) -
          power * Math.log(rest) +
          Math.log(Math.max(1e-300, 2 * normalTail(-t))),
      );
    }
  }
  return logSumExp(alternatives) - healthy;
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

/** A test of the mean at one look that was appointed before the series began. */
export interface MeanTest {
  /** Standard errors by which the mean lies above the boundary: Student's t. */
  readonly deviations: number;
  /** Its degrees of freedom: the independent looks that the series is worth, less the means that were taken. */
  readonly freedom: number;
}

/**
 * How far the mean of `now` lies above `boundary` over the mean of `past` (above zero where that is empty), in standard errors
 * that allow for the correlation of neighbours ({@link worthOf}). Undefined where too few looks are independent.
 */
export function meanTest(now: Sums, past: Sums, boundary: number, prior: Prior): MeanTest | undefined {
  const parts = past.n > 1 ? [now, past] : [now];
  let [n, squares, lagged] = [0, prior.scale * prior.scale, 0];
  for (const part of parts) {
    const mean = part.sum / part.n;
    n += part.n;
    squares += Math.max(0, part.squares - part.sum * mean);
    lagged += part.lagged - mean * (2 * part.sum - part.first - part.last) + (part.n - 1) * mean * mean;
  }
  if (n <= parts.length) return undefined;
  const worth = worthOf(n, lagged / squares, parts.length, 1);
  if (!worth) return undefined;
  const { each, freedom } = worth;
  const variance = (squares / n) * (1 + parts.length / freedom);
  const error = Math.sqrt(variance * each * parts.reduce((sum, part) => sum + 1 / part.n, 0));
  const shift = now.sum / now.n - (past.n > 1 ? past.sum / past.n : 0) - boundary;
  return { deviations: shift / error, freedom };
}
