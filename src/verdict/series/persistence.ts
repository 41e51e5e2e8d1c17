import { chiSquareAt, normalQuantile } from "./distributions.ts";

/** Lengths of blocks of looks; what lasts longer than neighbours resemble each other shows in the means of blocks. */
const BLOCKS = [4, 8, 16, 32, 64, 128] as const;
/** Fewer blocks than this say nothing. */
const ENOUGH_BLOCKS = 5;

/** Scatter that blocks show by chance seven times in ten is taken for chance. */
const CHANCE = normalQuantile(0.7);

/** More than this is not believed of a few blocks. */
const MOST_EXCESS = 3;

/** How strongly and how long the values of a series resemble those before them. Constant memory. */
export class Persistence {
  #n = 0;
  #sum = 0;
  #squares = 0;
  #lagged = 0;
  #first = 0;
  #last = 0;
  readonly #blocks = BLOCKS.map((length) => ({ length, filled: 0, part: 0, n: 0, sum: 0, squares: 0 }));

  add(value: number): void {
    if (this.#n === 0) this.#first = value;
    else this.#lagged += value * this.#last;
    this.#n += 1;
    this.#sum += value;
    this.#squares += value * value;
    this.#last = value;
    // Each block is made of two of the next shorter ones, so that most values touch the shortest only.
    let [part, length] = [value, 1];
    for (const block of this.#blocks) {
      block.part += part;
      block.filled += length;
      if (block.filled < block.length) return;
      const mean = block.part / block.length;
      block.n += 1;
      block.sum += mean;
      block.squares += mean * mean;
      part = block.part;
      length = block.length;
      block.filled = block.part = 0;
    }
  }

  get #variance(): number {
    const n = this.#n;
    return n > 1 ? Math.max(0, this.#squares - (this.#sum * this.#sum) / n) / (n - 1) : 0;
  }

  /** Correlation of neighbours, from 0 to 0.95. */
  get correlation(): number {
    const n = this.#n;
    const variance = this.#variance;
    if (n < 3 || !(variance > 0)) return 0;
    const mean = this.#sum / n;
    const lagged = this.#lagged - mean * (2 * this.#sum - this.#first - this.#last) + (n - 1) * mean * mean;
    return Math.min(0.95, Math.max(0, lagged / (variance * (n - 1)) + 1 / n));
  }

  /** By how much a mean over long times is noisier than that of as many independent values. */
  get factor(): number {
    const r = this.correlation;
    return ((1 + r) / (1 - r)) * this.excess;
  }

  /** By how much the means of blocks scatter more than the correlation of neighbours explains; 1 where they do not. */
  get excess(): number {
    const variance = this.#variance;
    if (!(variance > 0)) return 1;
    const r = this.correlation;
    let excess = 1;
    for (const { length, n, sum, squares } of this.#blocks) {
      if (n < ENOUGH_BLOCKS) break;
      const found = Math.max(0, squares - (sum * sum) / n) / (n - 1);
      // Variance of the mean of `length` values of an autoregressive series, relative to one value's.
      const explained = ((1 + r) / (1 - r) - (2 * r * (1 - r ** length)) / (length * (1 - r) ** 2)) / length;
      const chance = chiSquareAt(CHANCE, n - 1) / (n - 1);
      excess = Math.max(excess, found / variance / explained / chance);
    }
    return Math.min(MOST_EXCESS, excess);
  }
}
