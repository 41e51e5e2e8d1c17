/** How many values an outlier is held against; a shift that stays is taken over after half of them. */
const WINDOW = 15;
/** Before so many values are known none is handed on. */
export const SETTLED = 7;
/** So many robust standard deviations from the median of the newest values is far. */
const FAR = 6;

/**
 * Leaves out values that lie far from the median of the newest ones (Hampel's identifier with a trailing window), so
 * that up to seven stray values in fifteen, one after another or not, neither make nor hide a slope.
 */
export class WithoutOutliers {
  readonly #out: (t: number, value: number) => void;
  /** The newest values in the order of time, and by size. */
  readonly #newest: number[] = [];
  readonly #sorted: number[] = [];
  #waiting: { readonly t: number; readonly value: number }[] | undefined = [];

  constructor(out: (t: number, value: number) => void) {
    this.#out = out;
  }

  add(t: number, value: number): void {
    if (this.#newest.length === WINDOW) this.#remove(this.#newest.shift() ?? 0);
    this.#newest.push(value);
    this.#insert(value);
    if (!this.#waiting) {
      if (!this.#isFar(value)) this.#out(t, value);
      return;
    }
    this.#waiting.push({ t, value });
    if (this.#waiting.length < SETTLED) return;
    for (const one of this.#waiting) if (!this.#isFar(one.value)) this.#out(one.t, one.value);
    this.#waiting = undefined;
  }

  #insert(value: number): void {
    const sorted = this.#sorted;
    let i = sorted.length;
    sorted.push(value);
    for (; i > 0 && (sorted[i - 1] ?? 0) > value; i -= 1) sorted[i] = sorted[i - 1] ?? 0;
    sorted[i] = value;
  }

  #remove(value: number): void {
    this.#sorted.splice(this.#sorted.indexOf(value), 1);
  }

  #isFar(value: number): boolean {
    const sorted = this.#sorted;
    const middle = sorted[sorted.length >> 1] ?? value;
    const stray = Math.abs(value - middle);
    if (stray === 0) return false;
    // The median of the distances, by walking outwards from the middle.
    let [below, above] = [sorted.length >> 1, (sorted.length >> 1) + 1];
    let distance = 0;
    for (let taken = 0; taken <= sorted.length >> 1; taken += 1) {
      const down = below >= 0 ? middle - (sorted[below] ?? 0) : Number.POSITIVE_INFINITY;
      const up = above < sorted.length ? (sorted[above] ?? 0) - middle : Number.POSITIVE_INFINITY;
      distance = Math.min(down, up);
      if (down <= up) below -= 1;
      else above += 1;
    }
    // Values that mostly stand still have no scale to be far by.
    return distance > 0 && stray > FAR * 1.4826 * distance;
  }
}
