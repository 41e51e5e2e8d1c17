import type { Look, SeriesSummary } from "./types.ts";

/** The most values kept for the median; of more, every second is dropped again and again. */
const MOST = 2_048;

/** Running description of the candidate's values. */
export class Summary {
  gaps = 0;
  /** Looks at which only the control was read. */
  controlOnly = 0;
  #samples = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #kept: number[] = [];
  #stride = 1;

  add({ candidate, boundless = [] }: Look): void {
    for (const { value, total } of candidate) this.#add(total === undefined ? value : value / total);
    for (const { value } of boundless) this.#add(value);
  }

  get samples(): number {
    return this.#samples;
  }

  #add(value: number): void {
    this.#samples += 1;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (this.#samples % this.#stride !== 0) return;
    this.#kept.push(value);
    if (this.#kept.length < MOST) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 1);
    this.#stride *= 2;
  }

  read(): Omit<SeriesSummary, "ignored"> {
    const sorted = [...this.#kept].sort((a, b) => a - b);
    const known = this.#samples > 0;
    return {
      samples: this.#samples,
      min: known ? this.#min : null,
      median: known ? (sorted[sorted.length >> 1] ?? null) : null,
      max: known ? this.#max : null,
      gaps: this.gaps,
    };
  }
}
