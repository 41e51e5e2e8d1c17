import { logSumExp } from "./distributions.ts";

/** A difference this many spreads beyond what is tolerated is a spike. */
const FAR = 3.5;
/** What never happened in n looks may still have a chance of up to this many in n, nine times in ten. */
const UNSEEN = 2.3;
/** Shares of looks with a spike that an unhealthy candidate may have. */
const SHARES = [0.03, 0.12, 0.4] as const;

/** Evidence that spikes in one direction come more often than they did before the deploy. Neighbours count as one spike. */
export class Spikes {
  readonly #line: number;
  readonly #sign: 1 | -1;
  readonly #log = SHARES.map(() => 0);
  readonly #chance: number;
  #within = false;

  constructor(sign: 1 | -1, centre: number, spread: number, boundary: number, past: readonly number[]) {
    this.#sign = sign;
    this.#line = sign * centre + boundary + FAR * spread;
    let seen = 0;
    for (const difference of past) if (this.#begins(sign * centre + sign * (difference - centre) + boundary)) seen += 1;
    this.#within = false;
    this.#chance = Math.min(0.9, (seen + UNSEEN) / (past.length + UNSEEN));
  }

  #begins(height: number): boolean {
    const before = this.#within;
    this.#within = height > this.#line;
    return this.#within && !before;
  }

  add(difference: number): void {
    const begins = this.#begins(this.#sign * difference);
    for (let i = 0; i < SHARES.length; i += 1) {
      const share = Math.max(SHARES[i] ?? 0, this.#chance);
      const step = begins ? share / this.#chance : (1 - share) / (1 - this.#chance);
      this.#log[i] = (this.#log[i] ?? 0) + Math.log(step);
    }
  }

  get evidence(): number {
    return logSumExp(this.#log) - Math.log(SHARES.length);
  }
}
