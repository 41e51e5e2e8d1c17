import { formatNumber } from "../../pipeline/format.ts";
import { show } from "../../pipeline/problem.ts";
import type { ComparisonRule, Direction } from "./direction.ts";
import { studentQuantile } from "./distributions.ts";
import { ControlKin } from "./kin.ts";
import { LAST } from "./last-look.ts";
import { MachineSpread, MOST_MACHINES } from "./machines.ts";
import { crossing, shown, times } from "./show.ts";
import type { Finding, Look, Reading } from "./types.ts";
import { type SideMean, sideMean, ValueStream } from "./value-stream.ts";

/** What the test at the last look found: its distance from what is tolerated and what chance explains, in standard errors. */
interface Beyond {
  readonly deviations: number;
  readonly chance: number;
  /** The smallest shift that it leaves possible, in the units of the stream. */
  readonly bound: number;
}

/** Plain values of the candidate against those of its control at the same times. */
export class ValueComparison {
  readonly #rule: ComparisonRule;
  readonly #sides: readonly Direction[];
  readonly #all: ValueStream;
  readonly #machines = new Map<string, ValueStream>();
  readonly #spread = new MachineSpread();
  readonly #kin = new ControlKin();
  #most = 1;
  #waiting: SideMean | undefined;
  #unpaired = 0;
  #broken:
    | { readonly side: Direction; readonly machine: string | undefined; readonly last?: Beyond | undefined }
    | undefined;

  constructor(rule: ComparisonRule, sides: readonly Direction[]) {
    this.#rule = rule;
    this.#sides = sides;
    this.#all = new ValueStream(sides, this.#kin);
  }

  past({ candidate, baseline }: Look): void {
    if (candidate.length === 0 || baseline.length === 0) return;
    const control = sideMean(baseline);
    this.#all.past(sideMean(candidate), control);
    if (candidate.length > 1)
      for (const reading of candidate) this.#machine(reading)?.past(sideMean([reading]), control);
  }

  #machine({ machine }: Reading): ValueStream | undefined {
    let stream = this.#machines.get(machine);
    if (!stream && this.#machines.size < MOST_MACHINES) {
      stream = new ValueStream(this.#sides, this.#kin);
      this.#machines.set(machine, stream);
    }
    return stream;
  }

  take({ candidate, baseline }: Look): boolean {
    if (this.#broken) return true;
    const control = baseline.length > 0 ? sideMean(baseline) : this.#waiting;
    const [only] = baseline;
    if (only && control && baseline.length === 1) this.#spread.add(only.machine, only.value > 0 ? control.logMean : 0);
    else {
      for (const { machine, value } of baseline) this.#spread.add(machine, value > 0 ? Math.log(value) : 0);
      this.#kin.add(baseline);
    }
    if (candidate.length === 0) {
      this.#waiting = control;
      return false;
    }
    this.#waiting = undefined;
    if (!control) {
      this.#unpaired += 1;
      return false;
    }
    this.#most = Math.max(this.#most, candidate.length);
    this.#all.take(sideMean(candidate), control);
    if (candidate.length > 1)
      for (const reading of candidate) this.#machine(reading)?.take(sideMean([reading]), control);
    this.#kin.alike = this.#spread.several && this.#spread.allowance(1, 0.25, this.#all.persistence) === 0;
    for (const side of this.#sides) {
      const machine = this.#convicted(side);
      if (machine !== null) {
        this.#broken = { side, machine };
        return true;
      }
    }
    return false;
  }

  /** What is tolerated, in the units of the stream. */
  #boundary(stream: ValueStream, { sign, tolerated, alpha }: Direction, candidates: number): number {
    const slack = sign * (stream.logarithmic ? Math.log(tolerated) : tolerated - 1);
    const allowance =
      stream.compared || !this.#spread.several
        ? 0
        : this.#spread.allowance(candidates, alpha / 2 / Math.max(1, this.#machines.size), stream.persistence);
    return slack + allowance;
  }

  #evidence(stream: ValueStream, side: Direction, candidates: number, needed: number): number {
    return stream.conviction(side.sign, this.#boundary(stream, side, candidates), needed);
  }

  #convicted(side: Direction): string | undefined | null {
    const several = this.#machines.size > 1;
    const needed = side.threshold + (several ? Math.LN2 : 0);
    if (this.#evidence(this.#all, side, this.#most, needed) >= needed) return undefined;
    if (!several) return null;
    const each = needed + Math.log(this.#machines.size);
    for (const [name, stream] of this.#machines) {
      if (this.#evidence(stream, side, 1, each) >= each) return name;
    }
    return null;
  }

  /** The test at the last look; half of its share is for all machines together, half for each alone. */
  last(): boolean {
    if (this.#broken) return true;
    const { size } = this.#machines;
    for (const side of this.#sides) {
      const share = (LAST * side.alpha) / (size > 1 ? 2 : 1);
      const together = this.#beyond(this.#all, side, this.#most, share);
      if (together) this.#broken = { side, machine: undefined, last: together };
      if (size < 2) continue;
      for (const [machine, stream] of this.#machines) {
        if (this.#broken) return true;
        const alone = this.#beyond(stream, side, 1, share / size);
        if (alone) this.#broken = { side, machine, last: alone };
      }
    }
    return this.#broken !== undefined;
  }

  #beyond(stream: ValueStream, side: Direction, candidates: number, share: number): Beyond | undefined {
    const boundary = this.#boundary(stream, side, candidates);
    const test = stream.lastTest(side.sign, boundary);
    const chance = test && studentQuantile(1 - share, test.freedom);
    if (!test || !chance || test.deviations <= chance) return undefined;
    const { deviations } = test;
    const low = side.sign * stream.shift - (chance / deviations) * (side.sign * stream.shift - boundary);
    return { deviations, chance, bound: side.sign * low };
  }

  finding(): Finding {
    const machine = this.#broken?.machine;
    const stream = (machine === undefined ? undefined : this.#machines.get(machine)) ?? this.#all;
    if (stream.looks === 0) {
      return { phase: "inconclusive", reason: "candidate and control were never seen at the same time", effect: null };
    }
    const { candidate, baseline } = stream.means;
    const scale = (shift: number) => (stream.logarithmic ? Math.exp(shift) : 1 + shift);
    const ratio = stream.logarithmic ? scale(stream.shift) : baseline !== 0 ? candidate / baseline : null;
    const threshold = this.#sides[0]?.threshold ?? 0;
    const reach = 12;
    const last = this.#broken?.last;
    const low = crossing((b) => stream.evidence(1, b, threshold), threshold, -reach, stream.shift);
    const high = -crossing((b) => stream.evidence(-1, b, threshold), threshold, -reach, -stream.shift);
    const effect = {
      ratio,
      difference: candidate - baseline,
      low: low <= -reach ? null : scale(low),
      high: high >= reach ? null : scale(high),
      ...(last && { [this.#broken?.side.sign === 1 ? "low" : "high"]: scale(last.bound) }),
    };
    const who = machine === undefined ? "candidate" : `candidate's ${show(machine)}`;
    const levels = `${who} ${shown(candidate, this.#rule)} against control ${shown(baseline, this.#rule)} over ${stream.looks} looks`;
    const found = ratio === null ? "" : `: ${times(ratio)}`;
    const range = `interval ${effect.low === null ? "any" : times(effect.low)} to ${effect.high === null ? "any" : times(effect.high)}`;
    const past = stream.compared ? ", compared with their own past" : "";
    const side = this.#broken?.side;
    if (!side) {
      if (stream.looks < 2) {
        return { phase: "inconclusive", reason: `${levels}${found}: one look cannot tell`, effect };
      }
      const sees = stream.sees(threshold);
      return { phase: "pass", reason: `${levels}${found}, ${range}${past}`, effect, sees };
    }
    const allowed = scale(side.sign * this.#boundary(stream, side, machine === undefined ? this.#most : 1));
    const bound = (side.sign > 0 ? effect.low : effect.high) ?? allowed;
    const shifted = side.sign > 0 ? bound > allowed : bound < allowed;
    const why = last
      ? `; over the whole bake ${formatNumber(last.deviations)} standard errors beyond, where chance explains ${formatNumber(last.chance)}`
      : shifted
        ? ""
        : "; its values stray far more often than before";
    return {
      phase: "fail",
      reason: `${levels}${found}, ${range}; allowed is ${side.sign > 0 ? "up to" : "down to"} ${times(allowed)}${past}${why}`,
      effect,
      ...(shifted
        ? { turnedBy: `tolerance: ${Math.ceil(100 * Math.abs((bound / allowed) * side.tolerated - 1))}%` }
        : {}),
    };
  }
}
