import { formatDuration, formatValue } from "../../pipeline/format.ts";
import { logSumExp, normalTail } from "./distributions.ts";
import { crossing } from "./show.ts";
import type { Finding, Part, SeriesRule } from "./types.ts";
import { sideMean } from "./value-stream.ts";

export type SlopeRule = SeriesRule & { readonly slope: NonNullable<SeriesRule["slope"]> };

const HOUR = 3_600_000;
/** A line through fewer looks than this is none. */
const ENOUGH = 6;

/** A value this many mean distances from the middle of its neighbours is an outlier, once so many distances are known. */
const OUTLIER = 8;
const SETTLED = 8;
/** Looks in a block, and how many blocks say something. */
const BLOCK = 6;
const ENOUGH_BLOCKS = 8;
/** Share of the evidence that the blocks must show by themselves. */
const GUARD = 0.4;

/** Correlations of neighbours considered, up to a random walk: weight in the alternative, discount as an explanation of health. */
const CORRELATIONS = [
  { phi: 0, weight: 0.3, discount: 1 },
  { phi: 0.4, weight: 0.2, discount: 1 },
  { phi: 0.7, weight: 0.17, discount: 1 },
  { phi: 0.87, weight: 0.13, discount: 0.7 },
  { phi: 0.95, weight: 0.1, discount: 0.3 },
  { phi: 1, weight: 0.1, discount: 0.1 },
] as const;
/** Blocks of looks resemble each other less. */
const COARSE = [
  { phi: 0, weight: 0.5, discount: 1 },
  { phi: 0.4, weight: 0.3, discount: 1 },
  { phi: 0.7, weight: 0.2, discount: 0.5 },
] as const;
/** Prior precision of the slope: how many squared hours of noise variance the alternatives are worth. */
const PRECISIONS = [0.02, 2, 200] as const;

/** `slope`: stopped when the interval of the slope, valid at every look, lies beyond the limit. */
export function slope(rule: SlopeRule, alpha: number): Part {
  const { min, max } = rule.slope;
  const bounds: { name: "min" | "max"; sign: 1 | -1; limit: number }[] = [];
  if (max !== undefined) bounds.push({ name: "max", sign: 1, limit: max * 3600 });
  if (min !== undefined) bounds.push({ name: "min", sign: -1, limit: min * 3600 });
  const threshold = -Math.log(alpha / Math.max(1, bounds.length));
  const line = new Line();
  const coarse = new BlockLine();
  const cleaned = new WithoutOutliers((hours, value) => {
    line.add(hours, value);
    coarse.add(hours, value);
  });
  let broken: (typeof bounds)[number] | undefined;
  let origin: number | undefined;
  let last = 0;

  // What wanders slowly under a noise that hides it shows in the means of blocks: once there are enough, both must agree.
  const evidence = (sign: 1 | -1, limit: number) => {
    const fine = line.evidence(sign, limit, threshold);
    if (coarse.line.n < ENOUGH_BLOCKS || fine < threshold) return fine;
    return Math.min(fine, coarse.line.evidence(sign, limit, GUARD * threshold) / GUARD);
  };

  return {
    past() {},
    take({ at, candidate }) {
      if (broken) return true;
      if (candidate.length === 0) return false;
      origin ??= at;
      last = at;
      cleaned.add((at - origin) / HOUR, sideMean(candidate).mean);
      if (line.n < ENOUGH) return false;
      broken = bounds.find(({ sign, limit }) => evidence(sign, limit) >= threshold);
      return broken !== undefined;
    },
    finding(): Finding {
      const span = formatDuration(last - (origin ?? last));
      if (line.n < ENOUGH || origin === undefined) {
        return {
          phase: "inconclusive",
          reason: `${line.n} looks over ${span} make no line (${ENOUGH} needed)`,
          effect: null,
        };
      }
      const { slope: found, error } = line.fit();
      const reach = 60 * error + 1e-9 * Math.abs(found);
      const low = crossing((b) => evidence(1, b), threshold, found - reach, found);
      const high = -crossing((b) => evidence(-1, b), threshold, -found - reach, -found);
      const bound = broken ?? bounds[0];
      const perHour = (value: number) => `${formatValue(value, rule.unit ?? { unit: "", perSecond: false })} per hour`;
      const limit = bound?.limit ?? 0;
      const effect = {
        ratio: limit !== 0 ? found / limit : null,
        difference: (found - limit) / 3600,
        low: low / 3600,
        high: high / 3600,
      };
      const text = `slope ${perHour(found)} over ${span}, interval ${perHour(low)} to ${perHour(high)}`;
      if (!broken) return { phase: "pass", reason: `${text}; limit ${perHour(limit)}`, effect };
      return {
        phase: "fail",
        reason: `${text}, ${broken.sign > 0 ? ">" : "<"} ${perHour(broken.limit)}`,
        effect,
        turnedBy: `slope ${broken.name}: ${perHour(broken.sign > 0 ? Math.max(low, limit) : Math.min(high, limit))}`,
      };
    },
  };
}

interface Point {
  readonly t: number;
  readonly value: number;
}

/**
 * Replaces a value that lies far from both of its neighbours by the middle of the three. Hands points on one look late,
 * and the first ones together, once it is known what is far.
 */
class WithoutOutliers {
  readonly #out: (t: number, value: number) => void;
  #before: Point | undefined;
  #held: Point | undefined;
  #waiting: { readonly point: Point; readonly middle: number }[] | undefined = [];
  #scale = 0;
  #seen = 0;

  constructor(out: (t: number, value: number) => void) {
    this.#out = out;
  }

  add(t: number, value: number): void {
    const [before, point] = [this.#before, this.#held];
    this.#before = point;
    this.#held = { t, value };
    if (!point) return;
    const first = before ?? this.#held;
    const [low, high] = first.value < point.value ? [first.value, point.value] : [point.value, first.value];
    const middle = Math.max(low, Math.min(high, value));
    if (!this.#waiting) {
      this.#release(point, middle);
      return;
    }
    this.#waiting.push({ point, middle });
    if (this.#waiting.length < SETTLED) return;
    const strays = this.#waiting.map((one) => Math.abs(one.point.value - one.middle)).sort((a, b) => a - b);
    // Of three alike values the middle one strays by nothing: what lies above the median is what tells.
    this.#scale = strays[Math.floor(0.6 * strays.length)] ?? 0;
    this.#seen = SETTLED;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const one of waiting) this.#release(one.point, one.middle);
  }

  #release({ t, value }: Point, middle: number): void {
    const stray = Math.abs(value - middle);
    const far = OUTLIER * this.#scale;
    this.#out(t, this.#scale > 0 && stray > far ? middle : value);
    this.#seen += 1;
    this.#scale += ((this.#scale > 0 ? Math.min(stray, far) : stray) - this.#scale) / this.#seen;
  }
}

/** Sums of products of value (y), one and time (t) at lags that whitening with any φ is made of. */
class Line {
  n = 0;
  readonly #correlations: typeof CORRELATIONS | typeof COARSE;

  constructor(correlations: typeof CORRELATIONS | typeof COARSE = CORRELATIONS) {
    this.#correlations = correlations;
  }

  #y0 = 0;
  #y = 0;
  #t = 0;
  // For pairs (a, b) of y, 1 and t over neighbours i−1, i: Σ aᵢbᵢ, Σ (aᵢbᵢ₋₁ + bᵢaᵢ₋₁), Σ aᵢ₋₁bᵢ₋₁.
  readonly #yy = [0, 0, 0];
  readonly #y1 = [0, 0, 0];
  readonly #yt = [0, 0, 0];
  readonly #t1 = [0, 0, 0];
  readonly #tt = [0, 0, 0];

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

  /** Sums of squares of value and time after whitening and removing the mean. */
  #whitened(phi: number): { yy: number; yt: number; tt: number } {
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

  /** Slope per hour by least squares, whitened by the correlation that fits best, and its standard error. */
  fit(): { slope: number; error: number } {
    let best = { slope: 0, error: 0, fit: Number.POSITIVE_INFINITY };
    for (const { phi } of CORRELATIONS) {
      const { yy, yt, tt } = this.#whitened(phi);
      if (!(tt > 0)) continue;
      const rest = Math.max(0, yy - (yt * yt) / tt);
      if (rest >= best.fit) continue;
      best = { slope: yt / tt, error: Math.sqrt(rest / Math.max(1, this.n - 3) / tt), fit: rest };
    }
    return best;
  }

  /** Log evidence that the slope per hour lies beyond `limit`; zero while it clearly does not. */
  evidence(sign: 1 | -1, limit: number, enough: number): number {
    const plain = this.#whitened(0);
    if (!(plain.tt > 0) || sign * (plain.yt / plain.tt - limit) <= 0) return 0;
    const count = this.n - 1;
    // Rounding leaves this much of a series that stands still or rises exactly evenly.
    const floor = 1e-12 * (plain.yy + plain.tt * limit * limit) + 1e-300;
    const healthy = (w: { yy: number; yt: number; tt: number }) =>
      Math.max(0, w.yy - 2 * limit * w.yt + limit * limit * w.tt);
    const sup = (w: { yy: number; yt: number; tt: number }) =>
      (count / 2) * Math.log((healthy(w) + floor) / (Math.max(0, w.yy - (w.yt * w.yt) / w.tt) + floor));
    if (sup(plain) < enough) return 0;
    let best = Number.NEGATIVE_INFINITY;
    const alternatives: number[] = [];
    for (const { phi, weight, discount } of this.#correlations) {
      const w = this.#whitened(phi);
      if (!(w.tt > 0)) continue;
      const free = (phi === 1 ? count : count - 1) / 2;
      const whole = healthy(w) + floor;
      const level = phi === 1 ? 0 : -0.5 * Math.log(count * (1 - phi) ** 2);
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

/** A line through the means of blocks of looks. */
class BlockLine {
  readonly line = new Line(COARSE);
  #t = 0;
  #value = 0;
  #filled = 0;

  add(t: number, value: number): void {
    this.#t += t / BLOCK;
    this.#value += value / BLOCK;
    this.#filled += 1;
    if (this.#filled < BLOCK) return;
    this.line.add(this.#t, this.#value);
    this.#t = this.#value = this.#filled = 0;
  }
}

function accumulate(sums: number[], now: number, lag: number, before: number): void {
  sums[0] = (sums[0] ?? 0) + now;
  sums[1] = (sums[1] ?? 0) + lag;
  sums[2] = (sums[2] ?? 0) + before;
}
