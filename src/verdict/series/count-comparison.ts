import { show } from "../../pipeline/problem.ts";
import { Bets, mixtureEvidence, PairedCounts, sparseDivision, usualDivision } from "./counts.ts";
import type { Direction } from "./direction.ts";
import { logSumExp } from "./distributions.ts";
import { MachineRates, MOST_MACHINES } from "./machines.ts";
import { detectableRatio } from "./power.ts";
import { crossing, shownRate, times } from "./show.ts";
import { type Inflation, inflation } from "./spread.ts";
import type { Finding, Look, Reading } from "./types.ts";

/** Standard deviation (of a log ratio) by which machines are expected to differ from birth, where a past is there to tell. */
const BIRTH_SPREAD = 0.3;
/** Multiples of what is tolerated for which the evidence is kept, to say which tolerance would have let a candidate pass. */
const STEPS = [1, 1.15, 1.35, 1.7, 2.5, 5, 15, 60] as const;
/** How many of its own standard errors the past ratio is allowed to be off. */
const PAST_DOUBT = 1.3;
/** So many events on both sides together, in the first look that has any, are few: then they are expected to come one by one. */
const FEW = 3;
/** Against a control so many times as large few events tell more than bets on looks can pay for. */
const LARGER = 3;

/** Counts of events with exposures, pooled over the machines of each side. */
class CountStream {
  readonly now = new PairedCounts();
  readonly #past = new PairedCounts();
  /** For each bad direction the bets at the boundary and at {@link STEPS} times it. */
  readonly #bets: readonly Bets[];
  readonly #sides: readonly Direction[];
  #division = usualDivision;
  readonly #before = { looks: 0, events: 0 };
  /** Evidence that events began with the deploy. */
  #began = 1;
  #birth: { readonly ratio: number; readonly doubt: number } | undefined;

  constructor(sides: readonly Direction[]) {
    this.#sides = sides;
    this.#bets = sides.map(() => new Bets(STEPS));
  }

  past(x: Total, y: Total): void {
    this.#before.looks += 1;
    this.#before.events += x.events + y.events;
    if (y.total > 0) this.#past.add(x.events, x.total, y.events, y.total);
  }

  take(x: Total, y: Total, allowance: (side: Direction) => number): void {
    this.now.add(x.events, x.total, y.events, y.total);
    const events = x.events + y.events;
    if (events === 0) return;
    if (this.now.candidate + this.now.baseline === events && events <= FEW) {
      // How many events there are says nothing about whose they are: the stake may still be divided by it.
      if (y.total < LARGER * x.total) this.#division = sparseDivision;
      if (this.#before.events === 0) this.#began = beginning(this.#before.looks, this.now.looks);
    }
    for (let i = 0; i < this.#sides.length; i += 1) {
      const side = this.#sides[i];
      if (!side) continue;
      const odds = this.boundary(side, allowance(side));
      const [suspect, other] = side.sign > 0 ? [x, y] : [y, x];
      const { share, odds: unit } = stakeOn(suspect, other);
      const healthy = unit * (side.sign > 0 ? odds : 1 / odds);
      this.#bets[i]?.add(share, share / healthy);
    }
  }

  get compared(): boolean {
    return this.#past.looks > 1 && this.#past.candidate + this.#past.baseline > 0;
  }

  /** The ratio of rates from before the deploy, drawn towards 1 where it is not well known. */
  #born(): { readonly ratio: number; readonly doubt: number } {
    if (!this.compared) return { ratio: 1, doubt: 1 };
    const { dispersion, persistence } = inflation([this.#past.spread()]);
    const noise =
      Math.min(1e6, dispersion * persistence) * (1 / (this.#past.candidate + 0.5) + 1 / (this.#past.expected + 0.5));
    const trust = BIRTH_SPREAD ** 2 / (BIRTH_SPREAD ** 2 + noise);
    return { ratio: this.#past.ratio ** trust, doubt: Math.exp(PAST_DOUBT * Math.sqrt(noise * trust)) };
  }

  /** The largest (smallest) ratio that is still healthy. */
  boundary({ sign, tolerated }: Direction, allowance: number): number {
    this.#birth ??= this.#born();
    const { ratio, doubt } = this.#birth;
    return tolerated * ratio * (sign > 0 ? doubt : 1 / doubt) * Math.exp(sign * (this.compared ? 0 : allowance));
  }

  get birth(): number {
    this.#birth ??= this.#born();
    return this.#birth.ratio;
  }

  inflation(): Inflation {
    const records = [this.now.spread()];
    if (this.#past.looks > 1) records.push(this.#past.spread());
    return inflation(records, this.#division.doubt);
  }

  evidence(index: number, side: Direction, allowance: number): number {
    const boundary = this.boundary(side, allowance);
    const { candidate, expected } = this.now;
    if (side.sign > 0 ? candidate <= boundary * expected : candidate >= boundary * expected) return 0;
    // Nothing explains the counts better than their own ratio; most looks end here.
    if (
      this.now.quickLogRatio(boundary) < 0.8 * side.threshold &&
      (this.#bets[index]?.evidence(1, this.#division) ?? 0) + Math.log(this.#began) < side.threshold
    ) {
      return 0;
    }
    return this.#evidenceAt(index, side, 0, boundary, this.inflation());
  }

  #evidenceAt(index: number, { sign }: Direction, step: number, boundary: number, inflated: Inflation): number {
    const mixture = mixtureEvidence((times) => this.now.logRatio(times * boundary, boundary), sign, inflated);
    const { bets } = this.#division;
    const wealth = this.#bets[index]?.evidence(inflated.persistence, this.#division, step) ?? 0;
    return Math.log(this.#began) + logSumExp([Math.log(1 - bets) + mixture, Math.log(bets) + wealth]);
  }

  /** Multiples of the boundary: the largest that is convicted too, and the smallest that is not (null beyond the last step). */
  turning(
    index: number,
    side: Direction,
    allowance: number,
    needed: number,
  ): { within: number; beyond: number | null } {
    const boundary = this.boundary(side, allowance);
    const inflated = this.inflation();
    // The bets are kept for the steps only; between two of them what they have at the lower one bounds them from above.
    const isHealthy = (step: number, multiple: number) =>
      this.#evidenceAt(index, side, step, boundary * (side.sign > 0 ? multiple : 1 / multiple), inflated) < needed;
    let within = 1;
    for (const [step, multiple] of STEPS.entries()) {
      if (!isHealthy(step, multiple)) {
        within = multiple;
        continue;
      }
      let convicted: number = within;
      let healthy: number = multiple;
      for (let half = 0; step > 0 && half < 12; half += 1) {
        const middle = (convicted + healthy) / 2;
        if (isHealthy(step - 1, middle)) healthy = middle;
        else convicted = middle;
      }
      return { within, beyond: healthy };
    }
    return { within, beyond: null };
  }

  /** Ratio of rates that the counts exclude on one side, by the mixture alone. */
  limit(side: Direction): number | null {
    const inflated = this.inflation();
    const at = (log: number) =>
      mixtureEvidence((times) => this.now.logRatio(times * Math.exp(log), Math.exp(log)), side.sign, inflated);
    const { ratio } = this.now;
    const far = 25;
    const log =
      side.sign > 0
        ? crossing(at, side.threshold, -far, Math.log(ratio))
        : -crossing((boundary) => at(-boundary), side.threshold, -far, -Math.log(ratio));
    return Math.abs(log) >= far ? null : Math.exp(log);
  }
}

/** Chances of a look with events that a deploy may have brought about. */
const CHANCES = [0.5, 0.2, 0.05] as const;
/** More than this is not made of a past without events: they may begin on both sides, for another reason than the deploy. */
const MOST_BEGUN = 9;

/**
 * Evidence that the deploy brought events about, which come for the first time at look `now` of the bake, after `past`
 * looks without any: universal inference for one constant chance of a look with events; half of it is not staked.
 */
function beginning(past: number, now: number): number {
  if (past === 0) return 1;
  const all = past + now;
  const constant = (1 / all) * (1 - 1 / all) ** (all - 1);
  const changed = CHANCES.reduce((sum, chance) => sum + chance * (1 - chance) ** (now - 1), 0) / CHANCES.length;
  return 0.5 + 0.5 * Math.min(MOST_BEGUN, changed / constant);
}

interface Total {
  readonly events: number;
  readonly total: number;
}

/**
 * The suspect's share of a look, and the odds of it under equal rates. With odds of r times these, `share × (1 + 1/odds)`
 * has an expectation of at most 1 while the suspect's rate is at most r times the other's, however both scatter from look
 * to look. Shares of rates where the suspect has the smaller exposure, of events where it has the larger: the other way
 * round, scatter alone would pay (see docs/statistics.md).
 */
function stakeOn(suspect: Total, other: Total): { readonly share: number; readonly odds: number } {
  const weight = suspect.total <= other.total ? suspect.total / other.total : 1;
  return {
    share: suspect.events / (suspect.events + other.events * weight),
    odds: suspect.total / other.total / weight,
  };
}

function toleranceFor({ sign, tolerated }: Direction, multiple: number): number {
  return Math.ceil(100 * (sign > 0 ? tolerated * multiple - 1 : 1 - tolerated / multiple) - 1e-9);
}

function sumOf(readings: readonly Reading[]): Total {
  const [only] = readings;
  if (only && readings.length === 1) return { events: only.value, total: only.total ?? 1 };
  let events = 0;
  let total = 0;
  for (const reading of readings) {
    events += reading.value;
    total += reading.total ?? 1;
  }
  return { events, total };
}

const none: Total = { events: 0, total: 0 };
const plus = (a: Total, b: Total): Total =>
  a === none ? b : { events: a.events + b.events, total: a.total + b.total };

/** Counts of the candidate against counts of its control: by their ratio of rates, given how many events there were. */
export class CountComparison {
  readonly #sides: readonly Direction[];
  readonly #all: CountStream;
  readonly #machines = new Map<string, CountStream>();
  readonly #spread = new MachineRates();
  #counted = false;
  #waitingCandidate = none;
  #waitingBaseline = none;
  #most = 1;
  #broken: { readonly side: Direction; readonly machine: string | undefined } | undefined;

  constructor(sides: readonly Direction[]) {
    this.#sides = sides;
    this.#all = new CountStream(sides);
  }

  past({ candidate, baseline }: Look): void {
    if (candidate.length === 0) return;
    const control = sumOf(baseline);
    this.#all.past(sumOf(candidate), control);
    if (candidate.length > 1) {
      for (const reading of candidate) this.#machine(reading)?.past(sumOf([reading]), control);
    }
  }

  #machine({ machine }: Reading): CountStream | undefined {
    let stream = this.#machines.get(machine);
    if (!stream && this.#machines.size < MOST_MACHINES) {
      stream = new CountStream(this.#sides);
      this.#machines.set(machine, stream);
    }
    return stream;
  }

  take({ candidate, baseline }: Look): boolean {
    if (this.#broken) return true;
    for (const { machine, value, total } of baseline) this.#spread.add(machine, value, total ?? 1);
    const x = plus(this.#waitingCandidate, sumOf(candidate));
    const y = plus(this.#waitingBaseline, sumOf(baseline));
    // A side that has not reported yet waits for the other: its exposure is only of use in pairs.
    if (x.total === 0 || y.total === 0) {
      this.#waitingCandidate = x;
      this.#waitingBaseline = y;
      return false;
    }
    this.#waitingCandidate = none;
    this.#waitingBaseline = none;
    this.#counted ||= (candidate[0] ?? baseline[0])?.total !== undefined;
    this.#most = Math.max(this.#most, candidate.length);
    this.#all.take(x, y, (side) => this.#allowance(side, this.#most));
    if (candidate.length > 1) {
      for (const reading of candidate)
        this.#machine(reading)?.take(sumOf([reading]), y, (side) => this.#allowance(side, 1));
    }
    for (let index = 0; index < this.#sides.length; index += 1) {
      const side = this.#sides[index];
      if (!side) continue;
      const machine = this.#convicted(index, side);
      if (machine !== null) {
        this.#broken = { side, machine };
        return true;
      }
    }
    return false;
  }

  #allowance(side: Direction, candidates: number): number {
    if (!this.#spread.several) return 0;
    return this.#spread.allowance(candidates, side.alpha / 2 / Math.max(1, this.#machines.size), this.#inflation);
  }

  /** By how much the noise in the machines' rates exceeds that of Poisson counts. */
  get #inflation(): number {
    const { dispersion, persistence } = this.#all.inflation();
    return Number.isFinite(dispersion) ? dispersion * persistence : 1;
  }

  /** The machine that breaks the rule, undefined for all of them together, null for none. */
  #convicted(index: number, side: Direction): string | undefined | null {
    const together = this.#needed(side, false);
    if (this.#all.evidence(index, side, this.#allowance(side, this.#most)) >= together) return undefined;
    if (this.#machines.size < 2) return null;
    for (const [name, stream] of this.#machines) {
      if (stream.evidence(index, side, this.#allowance(side, 1)) >= this.#needed(side, true)) return name;
    }
    return null;
  }

  /** Half of the budget is for all machines together, half for each alone. */
  #needed({ threshold }: Direction, alone: boolean): number {
    const { size } = this.#machines;
    return threshold + (size > 1 ? Math.LN2 : 0) + (alone ? Math.log(size) : 0);
  }

  finding(): Finding {
    const machine = this.#broken?.machine;
    const stream = (machine === undefined ? undefined : this.#machines.get(machine)) ?? this.#all;
    const { now } = stream;
    if (now.looks === 0) return { phase: "inconclusive", reason: "nothing was counted on both sides", effect: null };
    const ratio = now.baseline > 0 ? now.candidate / now.expected : null;
    const [up, down] = this.#interval();
    const side = this.#broken?.side;
    const allowance = side ? this.#allowance(side, machine === undefined ? this.#most : 1) : 0;
    const allowed = side ? stream.boundary(side, allowance) : 1;
    const turning = side
      ? stream.turning(this.#sides.indexOf(side), side, allowance, this.#needed(side, machine !== undefined))
      : undefined;
    const ends = [stream.limit(up), now.candidate + now.baseline > 0 ? stream.limit(down) : null] as const;
    // The verdict excludes what it convicts, also where the mixture alone would not, and nothing that it would let pass.
    const excluded = (end: number | null, sign: 1 | -1): number | null => {
      if (!turning || side?.sign !== sign) return end;
      const { within, beyond } = turning;
      const multiple = end === null ? within : sign > 0 ? end / allowed : allowed / end;
      const held = Math.min(Math.max(within, multiple), beyond ?? Number.POSITIVE_INFINITY);
      return sign > 0 ? allowed * held : allowed / held;
    };
    const [low, high] = [excluded(ends[0], 1), excluded(ends[1], -1)];
    const effect = {
      ratio,
      difference: now.candidate / now.candidateTotal - now.baseline / now.baselineTotal,
      low: low ?? 0,
      high,
    };
    const who = machine === undefined ? "candidate" : `candidate's ${show(machine)}`;
    const rates = `${who} ${shownRate(now.candidate, now.candidateTotal, this.#counted)} against control ${shownRate(now.baseline, now.baselineTotal, this.#counted)}`;
    const found = ratio === null ? "" : `: ${times(ratio)}`;
    const range = `interval ${times(effect.low)} to ${high === null ? "any" : times(high)}`;
    if (!side || !turning) {
      if (now.candidate + now.baseline === 0) {
        return { phase: "pass", reason: `${rates}: no events on either side`, effect, sees: null };
      }
      return { phase: "pass", reason: `${rates}${found}, ${range}`, effect, sees: this.#sees() };
    }
    const birth = stream.compared ? `, ${times(stream.birth)} before the deploy` : "";
    return {
      phase: "fail",
      reason: `${rates}${found}, ${range}; allowed is ${side.sign > 0 ? "up to" : "down to"} ${times(allowed)}${birth}`,
      effect,
      ...(turning.beyond === null ? {} : { turnedBy: `tolerance: ${toleranceFor(side, turning.beyond)}%` }),
    };
  }

  /** By the pooled rate, as a healthy candidate would have it. */
  #sees(): number | null {
    const { now } = this.#all;
    const [side] = this.#sides;
    if (!side || now.looks < 3) return null;
    const rate = (now.candidate + now.baseline) / (now.candidateTotal + now.baselineTotal);
    const { dispersion, persistence } = this.#all.inflation();
    return detectableRatio({
      candidate: rate * now.candidateTotal,
      baseline: rate * now.baselineTotal,
      inflation: Number.isFinite(dispersion) ? dispersion * persistence : 1,
      tolerated: Math.max(1, side.sign > 0 ? side.tolerated : 1 / side.tolerated),
      threshold: side.threshold,
    });
  }

  #interval(): readonly [Direction, Direction] {
    const [any] = this.#sides;
    const threshold = any?.threshold ?? 0;
    const alpha = any?.alpha ?? 1;
    return [
      { sign: 1, tolerated: 1, threshold, alpha },
      { sign: -1, tolerated: 1, threshold, alpha },
    ];
  }
}
