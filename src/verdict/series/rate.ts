import { Bets, mixtureEvidence, usualDivision } from "./counts.ts";
import { logSumExp } from "./distributions.ts";
import { crossing } from "./show.ts";
import { type Inflation, inflation, Spread } from "./spread.ts";

/** Events among exposures, looked at one after another, against a rate that they should not pass. */
export class RateStream {
  looks = 0;
  events = 0;
  total = 0;
  readonly #spread = new Spread();
  readonly #bets = new Bets();
  readonly #boundary: number;
  readonly #sign: 1 | -1;
  #binomial = true;

  /** `sign` 1: more than `boundary` is bad; −1: less is. */
  constructor(boundary: number, sign: 1 | -1) {
    this.#boundary = boundary;
    this.#sign = sign;
  }

  add(events: number, total: number): void {
    this.looks += 1;
    this.events += events;
    this.total += total;
    this.#binomial &&= events <= total;
    this.#spread.add(events, total, total);
    if (this.#boundary > 0) {
      const multiple = events / total / this.#boundary;
      // For "not less" the bet is on the shortfall, of which there can be no more than all.
      this.#bets.add(0, this.#sign > 0 ? multiple : Math.max(0, 2 - multiple));
    }
  }

  get rate(): number {
    return this.events / this.total;
  }

  inflation(): Inflation {
    const rate = this.rate;
    const share = this.#binomial ? 1 - Math.min(rate, 1) : 1;
    return inflation([this.#spread.record(rate, this.events * share, rate * share, 1 / (rate * share))]);
  }

  /** Log likelihood of the rate `p` against the rate `p0`. */
  #logRatio(p: number, p0: number): number {
    if (this.#binomial && p0 < 1) {
      if (p >= 1) return this.events < this.total ? Number.NEGATIVE_INFINITY : -this.events * Math.log(p0);
      return this.events * Math.log(p / p0) + (this.total - this.events) * (Math.log1p(-p) - Math.log1p(-p0));
    }
    return this.events * Math.log(p / p0) - this.total * (p - p0);
  }

  /** Log evidence that the rate lies beyond the boundary; zero while it is clearly below `enough`. */
  evidence(enough: number): number {
    if (this.looks === 0) return 0;
    const { rate } = this;
    if (this.#boundary === 0) return this.#sign > 0 && this.events > 0 ? Number.POSITIVE_INFINITY : 0;
    if (this.#sign > 0 ? rate <= this.#boundary : rate >= this.#boundary) return 0;
    const best = this.#logRatio(Math.max(rate, 1e-12), this.#boundary);
    if (best < enough && this.#bets.evidence(1) < enough) return 0;
    const inflated = this.inflation();
    const mixture = this.#mixture(this.#boundary, inflated);
    const wealth = this.#bets.evidence(inflated.persistence);
    return logSumExp([Math.log(1 - usualDivision.bets) + mixture, Math.log(usualDivision.bets) + wealth]);
  }

  #mixture(boundary: number, inflated: Inflation): number {
    return mixtureEvidence((times) => this.#logRatio(times * boundary, boundary), this.#sign, inflated);
  }

  /** Lower (`sign` 1) or upper end of the rate's interval. */
  limit(sign: 1 | -1, threshold: number): number {
    const inflated = this.inflation();
    const rate = Math.max(this.rate, 1e-12);
    const at = (log: number) =>
      mixtureEvidence((times) => this.#logRatio(times * Math.exp(log), Math.exp(log)), sign, inflated);
    return sign > 0
      ? Math.exp(crossing(at, threshold, Math.log(rate) - 25, Math.log(rate)))
      : Math.exp(-crossing((log) => at(-log), threshold, -Math.log(rate) - 25, -Math.log(rate)));
  }
}
