/** The most past values kept; of more, every second is dropped again and again. */
const MOST = 20_000;
const HOUR = 3_600_000;
/** Hours that a profile by hour needs values in before a missing hour may be filled by its neighbours. */
const ENOUGH_HOURS = 12;

/** What never happened in n looks may still have a chance of up to this many in n, nine times in ten. */
const UNSEEN = 2.3;

interface Past {
  readonly at: number;
  readonly value: number;
}

/** What a check showed before the deploy: its centre for any time, how far values strayed from it, and how long they stayed there. */
export interface Profile {
  readonly points: number;
  /** How many independent values the points are worth. */
  readonly independent: number;
  centre(at: number): number;
  /** Robust standard deviation of the values around the centre. */
  readonly spread: number;
  /** Correlation of neighbours, 0 to 0.98. */
  readonly correlation: number;
  /** Upper estimate of the share of past values further than `limit` spreads from the centre. */
  exceedance(limit: number): number;
}

/** Past values, from which a profile is made once. */
export class History {
  #values: Past[] = [];
  #stride = 1;
  #seen = 0;

  add(at: number, value: number): void {
    this.#seen += 1;
    if (this.#seen % this.#stride !== 0) return;
    this.#values.push({ at, value });
    if (this.#values.length < MOST) return;
    this.#values = this.#values.filter((_, index) => index % 2 === 1);
    this.#stride *= 2;
  }

  get points(): number {
    return this.#values.length;
  }

  each(visit: (at: number, value: number) => void): void {
    for (const { at, value } of this.#values) visit(at, value);
  }

  /** `sameHour`: the centre is that of the hour of the day, or of the week where the past covers two of them. */
  profile(sameHour: boolean): Profile {
    const values = this.#values;
    const centre = sameHour ? hourly(values) : constant(median(values.map(({ value }) => value)));
    const strays = values.map(({ at, value }) => value - centre(at));
    const sizes = strays.map(Math.abs).sort((a, b) => a - b);
    const spread = robustSpread(sizes);
    const correlation = correlationOf(strays, spread);
    const independent = (values.length * (1 - correlation)) / (1 + correlation);
    return {
      points: values.length,
      independent,
      centre,
      spread,
      correlation,
      exceedance(limit) {
        const beyond = 1 - firstAbove(sizes, limit * spread) / sizes.length;
        return Math.min(1, (beyond * independent + UNSEEN) / (independent + UNSEEN));
      },
    };
  }
}

/** 1.4826 times the median absolute deviation, and at least half of what the 95th percentile says, so that a series that mostly stands still has a spread too. */
function robustSpread(sizes: readonly number[]): number {
  const quantile = (p: number) => sizes[Math.min(sizes.length - 1, Math.floor(p * sizes.length))] ?? 0;
  return Math.max(1.4826 * quantile(0.5), quantile(0.95) / 1.96);
}

function firstAbove(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

function correlationOf(strays: readonly number[], spread: number): number {
  const bound = 4 * spread;
  let squares = 0;
  let lagged = 0;
  let before = 0;
  for (const stray of strays) {
    const clipped = Math.max(-bound, Math.min(bound, stray));
    squares += clipped * clipped;
    lagged += clipped * before;
    before = clipped;
  }
  return squares > 0 ? Math.min(0.98, Math.max(0, lagged / squares)) : 0;
}

function constant(value: number): (at: number) => number {
  return () => value;
}

/** Medians by hour, joined by straight lines from the middle of one hour to the middle of the next. */
function hourly(values: readonly Past[]): (at: number) => number {
  const first = values[0]?.at ?? 0;
  const last = values.at(-1)?.at ?? 0;
  const period = last - first >= 13 * 24 * HOUR ? 168 : 24;
  const byHour: number[][] = Array.from({ length: period }, () => []);
  for (const { at, value } of values) byHour[hourOf(at, period)]?.push(value);
  const centres = byHour.map((hour) => (hour.length > 0 ? median(hour) : Number.NaN));
  const known = centres.filter((centre) => !Number.isNaN(centre)).length;
  const whole = median(values.map(({ value }) => value));
  const filled = centres.map((centre, hour) => {
    if (!Number.isNaN(centre) || known < ENOUGH_HOURS) return Number.isNaN(centre) ? whole : centre;
    for (let distance = 1; distance < period; distance += 1) {
      const near = [centres.at(hour - distance), centres[(hour + distance) % period]].filter(
        (value) => value !== undefined && !Number.isNaN(value),
      );
      if (near[0] !== undefined) return near[0];
    }
    return whole;
  });
  return (at) => {
    const position = at / HOUR - 0.5;
    const before = Math.floor(position);
    const share = position - before;
    const a = filled[((before % period) + period) % period] ?? whole;
    const b = filled[(((before + 1) % period) + period) % period] ?? whole;
    return a + share * (b - a);
  };
}

function hourOf(at: number, period: number): number {
  return ((Math.floor(at / HOUR) % period) + period) % period;
}

function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
