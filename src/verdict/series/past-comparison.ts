import { isPlainCount } from "./counts.ts";
import type { ComparisonRule, Direction } from "./direction.ts";
import { History, type Profile } from "./history.ts";
import { RateStream } from "./rate.ts";
import { crossing, shown, shownRate, times } from "./show.ts";
import { inflation, Spread, type SpreadRecord } from "./spread.ts";
import type { Finding, Look, Reading } from "./types.ts";
import { sideMean, soleValue, ValueStream } from "./value-stream.ts";

/** Fewer past looks than this are no past to compare with. */
const ENOUGH = 20;
/** A control may be late; until so many looks its absence is not taken as final. */
const LATE = 3;
/** How many standard errors the past rate is allowed to be off. */
const PAST_DOUBT = 2;

/** Candidate against the same hours of its own past, for want of a control. */
export class PastComparison {
  readonly #rule: ComparisonRule;
  readonly #sides: readonly Direction[];
  readonly #history = new History();
  readonly #spread = new Spread();
  readonly #hours = new Hours();
  #events = 0;
  #total = 0;
  #counted = false;
  #whole = true;
  #looks = 0;
  #judge: ValueJudge | RateJudge | undefined;
  #broken = false;

  constructor(rule: ComparisonRule, sides: readonly Direction[]) {
    this.#rule = rule;
    this.#sides = sides;
  }

  past({ at, candidate }: Look): void {
    if (candidate.length === 0) return;
    this.#history.add(at, sideMean(candidate).mean);
    this.#counted ||= candidate.some((reading) => reading.total !== undefined);
    const { events, total } = sumOf(candidate, this.#counted ? 0 : 1);
    this.#hours.add(at, events, total);
    this.#whole &&= candidate.every(isPlainCount);
    this.#events += events;
    this.#total += total;
    this.#spread.add(events, total, total);
  }

  take(look: Look): boolean {
    if (this.#broken) return true;
    if (look.candidate.length === 0) return false;
    this.#looks += 1;
    if (this.#history.points < ENOUGH) return false;
    this.#judge ??=
      this.#counted || (this.#whole && look.candidate.every(isPlainCount))
        ? new RateJudge(this.#sides, this.#hours, this.#counted, {
            events: this.#events,
            total: this.#total,
            spread: this.#spread.record(
              this.#events / this.#total,
              this.#events,
              this.#events / this.#total,
              this.#total / this.#events,
            ),
          })
        : new ValueJudge(this.#rule, this.#sides, this.#history);
    this.#broken = this.#judge.take(look) && this.#looks >= LATE;
    return this.#broken;
  }

  finding(): Finding {
    if (!this.#judge) {
      const known = this.#history.points;
      const reason =
        known === 0
          ? "there is no control and no past to compare with"
          : `there is no control, and a past of ${known} looks is too short (${ENOUGH} needed)`;
      return { phase: "inconclusive", reason, effect: null };
    }
    return { ...this.#judge.finding(), phase: this.#broken ? "fail" : this.#looks < 2 ? "inconclusive" : "pass" };
  }
}

/** So many events at the usual rate are added to every hour, of which a few would say little. */
const SHRINK = 10;
const HOUR = 3_600_000;

/** Rates by the hour of the day (UTC). */
class Hours {
  readonly #events = new Float64Array(24);
  readonly #total = new Float64Array(24);

  add(at: number, events: number, total: number): void {
    const hour = hourOf(at);
    this.#events[hour] = (this.#events[hour] ?? 0) + events;
    this.#total[hour] = (this.#total[hour] ?? 0) + total;
  }

  /** How many times the `usual` rate the hour of this time had. */
  weight(at: number, usual: number): number {
    const hour = hourOf(at);
    return usual > 0 ? ((this.#events[hour] ?? 0) + SHRINK) / ((this.#total[hour] ?? 0) * usual + SHRINK) : 1;
  }
}

function hourOf(at: number): number {
  return ((Math.floor(at / HOUR) % 24) + 24) % 24;
}

/** `alone`: what a reading without a total counts for. */
function sumOf(readings: readonly Reading[], alone: 0 | 1): { readonly events: number; readonly total: number } {
  let events = 0;
  let total = 0;
  for (const reading of readings) {
    events += reading.value;
    total += reading.total ?? alone;
  }
  return { events, total };
}

const WITHOUT = "no control, compared with the same hours of its own past";

class ValueJudge {
  readonly #rule: ComparisonRule;
  readonly #sides: readonly Direction[];
  readonly #profile: Profile;
  readonly #stream: ValueStream;

  constructor(rule: ComparisonRule, sides: readonly Direction[], history: History) {
    this.#rule = rule;
    this.#sides = sides;
    this.#stream = new ValueStream(sides);
    this.#profile = history.profile(true);
    history.each((at, value) => this.#stream.past(soleValue(value), soleValue(this.#profile.centre(at))));
  }

  take({ at, candidate }: Look): boolean {
    this.#stream.take(sideMean(candidate), soleValue(this.#profile.centre(at)));
    return this.#sides.some(
      (side) => this.#stream.conviction(side.sign, this.#boundary(side), side.threshold) >= side.threshold,
    );
  }

  #boundary({ sign, tolerated }: Direction): number {
    return sign * (this.#stream.logarithmic ? Math.log(tolerated) : tolerated - 1);
  }

  finding(): Finding {
    const stream = this.#stream;
    const { candidate, baseline } = stream.means;
    const scale = (shift: number) => (stream.logarithmic ? Math.exp(shift) : 1 + shift);
    const ratio = scale(stream.shift);
    const threshold = this.#sides[0]?.threshold ?? 0;
    const low = scale(crossing((b) => stream.evidence(1, b, threshold), threshold, -12, stream.shift));
    const high = scale(-crossing((b) => stream.evidence(-1, b, threshold), threshold, -12, -stream.shift));
    return {
      phase: "pass",
      reason: `candidate ${shown(candidate, this.#rule)} against ${shown(baseline, this.#rule)} over ${stream.looks} looks: ${times(ratio)}, interval ${times(low)} to ${times(high)}; ${WITHOUT}`,
      effect: { ratio, difference: candidate - baseline, low, high },
    };
  }
}

class RateJudge {
  readonly #hours: Hours;
  readonly #streams: readonly RateStream[];
  readonly #sides: readonly Direction[];
  readonly #past: { readonly events: number; readonly total: number };
  readonly #counted: boolean;
  #events = 0;
  #total = 0;

  constructor(
    sides: readonly Direction[],
    hours: Hours,
    counted: boolean,
    past: { readonly events: number; readonly total: number; readonly spread: SpreadRecord },
  ) {
    this.#hours = hours;
    this.#past = past;
    this.#counted = counted;
    this.#sides = sides;
    const { dispersion, persistence } = inflation([past.spread]);
    // A past without events has shown no bursts.
    const inflated = past.events > 0 ? Math.min(1e6, dispersion * persistence) : 1;
    const doubt = PAST_DOUBT * Math.sqrt(inflated / (past.events + 0.5));
    const rate = (past.events + 0.5) / past.total;
    this.#streams = sides.map(({ sign, tolerated }) => new RateStream(rate * tolerated * Math.exp(sign * doubt), sign));
  }

  take({ at, candidate }: Look): boolean {
    const { events, total } = sumOf(candidate, this.#counted ? 0 : 1);
    if (total === 0) return false;
    this.#events += events;
    this.#total += total;
    // In an hour with twice the usual rate one request counts as two.
    const weight = this.#hours.weight(at, this.#past.events / this.#past.total);
    return this.#streams
      .map((stream, i) => {
        stream.add(events, total * weight);
        const threshold = this.#sides[i]?.threshold ?? Number.POSITIVE_INFINITY;
        return stream.evidence(threshold) >= threshold;
      })
      .includes(true);
  }

  finding(): Finding {
    const rate = this.#past.events / this.#past.total;
    const [stream] = this.#streams;
    const threshold = this.#sides[0]?.threshold ?? 0;
    if (!stream || this.#total === 0)
      return { phase: "inconclusive", reason: `nothing was counted; ${WITHOUT}`, effect: null };
    const ratio = rate > 0 ? stream.rate / rate : null;
    return {
      phase: "pass",
      reason: `candidate ${shownRate(this.#events, this.#total, this.#counted)} against ${shownRate(this.#past.events, this.#past.total, this.#counted)}${ratio === null ? "" : `: ${times(ratio)}`}; ${WITHOUT}`,
      effect: {
        ratio,
        difference: this.#events / this.#total - rate,
        low: rate > 0 ? stream.limit(1, threshold) / rate : null,
        high: rate > 0 ? stream.limit(-1, threshold) / rate : null,
      },
    };
  }
}
