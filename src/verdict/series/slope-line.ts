import { logSumExp, normalTail } from "./distributions.ts";
import { worthOf } from "./last-look.ts";

/** A correlation of neighbours that is considered: its weight in the alternative, its discount as an explanation of health. */
interface Correlation {
  readonly phi: number;
  readonly weight: number;
  readonly discount: number;
}

/** Of single looks, up to a random walk. */
const ofLooks: readonly Correlation[] = [
  { phi: 0, weight: 0.3, discount: 1 },
  { phi: 0.4, weight: 0.2, discount: 1 },
  { phi: 0.7, weight: 0.17, discount: 1 },
  { phi: 0.87, weight: 0.13, discount: 0.7 },
  { phi: 0.95, weight: 0.1, discount: 0.5 },
  { phi: 1, weight: 0.1, discount: 0.3 },
];
/** Blocks of looks resemble each other less. */
const ofMeans: readonly Correlation[] = [
  { phi: 0, weight: 0.5, discount: 1 },
  { phi: 0.4, weight: 0.3, discount: 1 },
  { phi: 0.7, weight: 0.2, discount: 0.5 },
];
const ofExtremes: readonly Correlation[] = [
  { phi: 0, weight: 0.5, discount: 1 },
  { phi: 0.4, weight: 0.3, discount: 1 },
  { phi: 0.7, weight: 0.2, discount: 0.1 },
];

/** Prior precisions of the slope: with 3, slopes of half a standard deviation of the noise a look are expected. */
const PRECISIONS = [3, 300, 30_000] as const;
/** Points without which a line has no evidence. */
const LEAST = 6;

/** Looks in a block of means, and the blocks that it takes until they must agree, to this share. */
const MEANS = 6;
const LEAST_MEANS = 8;
const AGREEMENT = 0.2;
/** Looks in a block of which the extreme counts, and the share of the stake that stands on these. */
const EXTREMES = 10;
const EXTREMES_SHARE = 0.3;

/** Sums of squares of value and time after whitening and removing the mean. */
interface Whitened {
  readonly yy: number;
  readonly yt: number;
  readonly tt: number;
}

/** Sums of products of value (y), one and time (t) at lags that whitening with any φ is made of. */
class Line {
  n = 0;
  readonly #correlations: readonly Correlation[];
  #y0 = 0;
  #y = 0;
  #t = 0;
  // For pairs (a, b) of y, 1 and t over neighbours i−1, i: Σ aᵢbᵢ, Σ (aᵢbᵢ₋₁ + bᵢaᵢ₋₁), Σ aᵢ₋₁bᵢ₋₁.
  readonly #yy = [0, 0, 0];
  readonly #y1 = [0, 0, 0];
  readonly #yt = [0, 0, 0];
  readonly #t1 = [0, 0, 0];
  readonly #tt = [0, 0, 0];

  constructor(correlations: readonly Correlation[]) {
    this.#correlations = correlations;
  }

  add(t: number, value: number): void {
    if (this.n === 0) this.#y0 = value;
    const y = value - this.#y0;
    if (this.n > 0) {
      const py = this.#y;
      const pt = this.#t;
      accumulate(this.#yy, y * y, 2 * y * py, py * py);
      accumulate(this.#y1, y, y + py, py);
      accumulate(this.#yt, y * t, y * pt + t * py, py * pt);
      accumulate(this.#t1, t, t + pt, pt);
      accumulate(this.#tt, t * t, 2 * t * pt, pt * pt);
    }
    this.#y = y;
    this.#t = t;
    this.n += 1;
  }

  whitened(phi: number): Whitened {
    const of = (sums: readonly number[]) => (sums[0] ?? 0) - phi * (sums[1] ?? 0) + phi * phi * (sums[2] ?? 0);
    const ones = (this.n - 1) * (1 - phi) ** 2;
    const [y1, t1] = [of(this.#y1), of(this.#t1)];
    const share = ones > 0 ? 1 / ones : 0;
    return {
      yy: Math.max(0, of(this.#yy) - y1 * y1 * share),
      yt: of(this.#yt) - y1 * t1 * share,
      tt: Math.max(0, of(this.#tt) - t1 * t1 * share),
    };
  }

  /**
   * Least squares, with a standard error for neighbours that resemble each other as what the line leaves does
   * ({@link worthOf}). Undefined where too few looks are independent, as in a random walk.
   */
  test(): SlopeTest | undefined {
    const { yy, yt, tt } = this.whitened(0);
    const count = this.n - 1;
    if (this.n < LEAST || !(tt > 0)) return undefined;
    const slope = yt / tt;
    const level = ((this.#y1[0] ?? 0) - slope * (this.#t1[0] ?? 0)) / count;
    const rest = (k: number) =>
      (this.#yy[k] ?? 0) -
      2 * level * (this.#y1[k] ?? 0) -
      2 * slope * (this.#yt[k] ?? 0) +
      level * level * count * (k === 1 ? 2 : 1) +
      2 * level * slope * (this.#t1[k] ?? 0) +
      slope * slope * (this.#tt[k] ?? 0);
    const squares = restOf({ yy, yt, tt });
    if (!(squares > 1e-12 * yy)) return undefined;
    const worth = worthOf(count, rest(1) / 2 / squares, 2, 2);
    if (!worth) return undefined;
    const { each, freedom } = worth;
    return { slope, error: Math.sqrt((squares / count / tt) * each * (1 + 2 / freedom)), freedom };
  }

  /**
   * Log evidence that the slope lies beyond `limit`, whatever the correlation of neighbours; 0 where it is known to be less than
   * `enough`. The slopes beyond are normal a priori, cut off at the limit; level and scale are integrated out.
   */
  evidence(sign: 1 | -1, limit: number, enough: number): number {
    const plain = this.whitened(0);
    if (this.n < LEAST || !(plain.tt > 0) || sign * (plain.yt / plain.tt - limit) <= 0) return 0;
    const count = this.n - 1;
    // Rounding leaves this much of a series that stands still or rises exactly evenly.
    const floor = 1e-12 * (plain.yy + plain.tt * limit * limit) + 1e-300;
    const healthy = ({ yy, yt, tt }: Whitened) => Math.max(0, yy - 2 * limit * yt + limit * limit * tt);
    const most = (count / 2) * Math.log((healthy(plain) + floor) / (restOf(plain) + floor));
    if (most < enough) return 0;
    const scale = 0.5 * Math.log((restOf(this.whitened(1)) + floor) / count);
    let best = Number.NEGATIVE_INFINITY;
    const alternatives: number[] = [];
    for (const { phi, weight, discount } of this.#correlations) {
      const w = this.whitened(phi);
      if (!(w.tt > 0)) continue;
      const free = (phi === 1 ? count : count - 1) / 2;
      const whole = healthy(w) + floor;
      // A random walk has no level to be integrated out, so its density lacks one power of the scale.
      const level = phi === 1 ? scale : -0.5 * Math.log(count);
      best = Math.max(best, Math.log(discount) + level - free * Math.log(whole));
      const gap = sign * (w.yt / w.tt - limit);
      for (const precision of PRECISIONS) {
        const explained = ((gap * gap * w.tt) / (precision + w.tt)) * w.tt;
        const rest = Math.max(floor, whole - explained);
        const t = (gap * Math.sqrt(w.tt)) / Math.sqrt(rest / Math.max(1, 2 * free));
        alternatives.push(
          Math.log(weight / PRECISIONS.length) +
            level +
            0.5 * Math.log(precision / (precision + w.tt)) -
            free * Math.log(rest) +
            Math.log(Math.max(1e-300, 2 * normalTail(-t))),
        );
      }
    }
    return logSumExp(alternatives) - best;
  }
}

/** A test of the slope at one look that was appointed before the series began. */
export interface SlopeTest {
  readonly slope: number;
  /** Its standard error, which allows for the correlation of neighbours. */
  readonly error: number;
  /** Degrees of freedom: the independent looks that the series is worth, less the two of a line. */
  readonly freedom: number;
}

function restOf({ yy, yt, tt }: Whitened): number {
  return tt > 0 ? Math.max(0, yy - (yt * yt) / tt) : yy;
}

/** A line through the means of blocks of looks. */
class Means {
  readonly line = new Line(ofMeans);
  #t = 0;
  #value = 0;
  #filled = 0;

  add(t: number, value: number): void {
    this.#t += t / MEANS;
    this.#value += value / MEANS;
    this.#filled += 1;
    if (this.#filled < MEANS) return;
    this.line.add(this.#t, this.#value);
    this.#t = this.#value = this.#filled = 0;
  }
}

/** A line through the least values of blocks of looks (the greatest, for sign −1). */
class Extremes {
  readonly line = new Line(ofExtremes);
  readonly #sign: 1 | -1;
  #t = 0;
  #value = 0;
  #filled = 0;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  add(t: number, value: number): void {
    if (this.#filled === 0 || this.#sign * value < this.#sign * this.#value) {
      this.#value = value;
      this.#t = t;
    }
    this.#filled += 1;
    if (this.#filled < EXTREMES) return;
    this.line.add(this.#t, this.#value);
    this.#filled = 0;
  }
}

/**
 * What a series says of its slope, per unit of time: one line through all looks, which the means of blocks must confirm, and
 * one through the far envelope, which what garbage collection frees does not touch.
 */
export class SlopeLine {
  readonly #looks = new Line(ofLooks);
  readonly #means = new Means();
  readonly #least = new Extremes(1);
  readonly #greatest = new Extremes(-1);

  get n(): number {
    return this.#looks.n;
  }

  add(t: number, value: number): void {
    this.#looks.add(t, value);
    this.#means.add(t, value);
    this.#least.add(t, value);
    this.#greatest.add(t, value);
  }

  /** Least squares, and the standard error that independent noise would give it. */
  fit(): { readonly slope: number; readonly error: number } {
    const plain = this.#looks.whitened(0);
    if (!(plain.tt > 0)) return { slope: 0, error: 0 };
    return { slope: plain.yt / plain.tt, error: Math.sqrt(restOf(plain) / Math.max(1, this.n - 2) / plain.tt) };
  }

  test(): SlopeTest | undefined {
    return this.#looks.test();
  }

  /** Log evidence that the slope lies above `limit` (below, for sign −1); none where the fitted one does not. */
  evidence(sign: 1 | -1, limit: number, enough: number): number {
    if (!(sign * (this.fit().slope - limit) > 0)) return 0;
    const looks = this.#confirmed(sign, limit, enough);
    const { line } = sign > 0 ? this.#least : this.#greatest;
    const extremes = line.evidence(sign, limit, enough);
    return logSumExp([looks + Math.log(1 - EXTREMES_SHARE), extremes + Math.log(EXTREMES_SHARE)]);
  }

  /** What wanders slowly under a noise that hides it shows in the means of blocks: once there are enough, both must agree. */
  #confirmed(sign: 1 | -1, limit: number, enough: number): number {
    const looks = this.#looks.evidence(sign, limit, enough);
    const { line } = this.#means;
    if (line.n < LEAST_MEANS || looks < enough) return looks;
    return Math.min(looks, line.evidence(sign, limit, AGREEMENT * enough) / AGREEMENT);
  }
}

function accumulate(sums: number[], now: number, lag: number, before: number): void {
  sums[0] = (sums[0] ?? 0) + now;
  sums[1] = (sums[1] ?? 0) + lag;
  sums[2] = (sums[2] ?? 0) + before;
}
