import type { Observation } from "../evidence/observation.ts";
import { formatDuration, formatNumber } from "../pipeline/format.ts";
import type { Check } from "../pipeline/model.ts";
import { judgeAnswer } from "./rules/http.ts";
import { rules } from "./rules/index.ts";
import type { RuleOptions } from "./rules/rule.ts";
import { FALSE_ALARM } from "./rules/series.ts";
import { MutableSums } from "./series/autoregression.ts";
import { isPlainCount } from "./series/counts.ts";
import { detectableShift, foresee, looksFor } from "./series/power.ts";
import type { Sample } from "./series/types.ts";
import { sideMean } from "./series/value-stream.ts";

const HOUR = 3_600_000;

/** A limit is known exactly: it stands for a control with so many times the candidate's volume. */
const EXACT = 1e6;
/** So many differences of values tell how much they scatter: of the past, of the bake itself. */
const ENOUGH_PAST = 20;
const ENOUGH_LOOKS = 8;

/** How long a bake is to be foreseen for, in milliseconds, and its budget of false alarms where the file says one. */
export interface ForesightPlan {
  readonly length: number;
  readonly falseAlarm?: number;
  /** Milliseconds between looks; taken from the looks so far unless given. */
  readonly every?: number;
}

/** What a bake can see of one check in one place with the volume seen so far. */
export interface Foresight {
  readonly check: string;
  readonly target?: string;
  /** `12h at 40 requests/h: an error rate 3.1x as high would be caught 9 times in 10; for 2x bake 26h`. */
  readonly text: string;
  /** The smallest ratio, to the bad side, that would be caught nine times in ten; null where none would be. */
  readonly ratio: number | null;
  /** The ratio that the file asks for and that would not be. */
  readonly tooWeakFor?: number;
}

/** What was counted on both sides, and between which times. */
class Volume {
  events = 0;
  total = 0;
  controlEvents = 0;
  controlTotal = 0;
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  /** Times at which something was read. */
  times = 0;
  /** Differences of candidate and control at the same time, as logarithms. */
  readonly differences = new MutableSums();

  see(at: number): void {
    this.first = Math.min(this.first, at);
    if (at > this.last) this.times += 1;
    this.last = Math.max(this.last, at);
  }
}

interface Seen {
  readonly check: string;
  readonly target: string | undefined;
  readonly now: Volume;
  readonly past: Volume;
  /** Every value so far was a small whole number. */
  whole: boolean;
}

interface Told {
  readonly seen: Seen;
  readonly foresight: Foresight;
}

/** Adds up what a bake judges by chance, and says what it lets the bake see. Pure but for its sums. `since`: when the bake began. */
export function createForesight(checks: readonly Check[], since: number) {
  const foretold = new Map(checks.filter(isForetold).map((check) => [check.name, check]));
  const places = new Map<string, Seen>();
  const told = new Set<Seen>();
  const tellOf = (plan: ForesightPlan, asked: readonly Seen[]): readonly Told[] => {
    const options = { kind: "bake", ...(plan.falseAlarm !== undefined && { falseAlarm: plan.falseAlarm }) } as const;
    const sharing = checks.filter((check) => !check.dryRun && isJudgedByChance(check, options)).length;
    return asked.flatMap((seen) => {
      const check = foretold.get(seen.check);
      if (!check || !isJudgedByChance(check, options)) return [];
      const beside = [...places.values()].filter((other) => other.check === seen.check).length;
      const foresight = tellOne(check, seen, since, plan, Math.max(1, sharing) * beside * partsOf(check));
      return foresight ? [{ seen, foresight }] : [];
    });
  };
  return {
    take(observations: readonly Observation[]): void {
      for (const observation of observations) {
        const check = foretold.get(observation.check);
        if (!check) continue;
        const key = JSON.stringify([observation.check, observation.target]);
        const seen = places.get(key) ?? {
          check: observation.check,
          target: observation.target,
          now: new Volume(),
          past: new Volume(),
          whole: true,
        };
        places.set(key, seen);
        add(check, seen, observation);
      }
    },
    /** Of every check and place of which enough is known, in the order in which they were seen. */
    tell: (plan: ForesightPlan): readonly Foresight[] =>
      tellOf(plan, [...places.values()]).map(({ foresight }) => foresight),
    /** The same, of those that this has not answered before. */
    news(plan: ForesightPlan): readonly Foresight[] {
      const fresh = tellOf(
        plan,
        [...places.values()].filter((seen) => !told.has(seen)),
      );
      for (const { seen } of fresh) told.add(seen);
      return fresh.map(({ foresight }) => foresight);
    },
  };
}

function isForetold(check: Check): boolean {
  if (check.kind === "metric") return check.comparison !== undefined || check.total !== undefined;
  return (
    (check.kind === "logs" && check.maxRate !== undefined) || (check.kind === "http" && check.maxFailures !== undefined)
  );
}

function isJudgedByChance(check: Check, options: RuleOptions): boolean {
  return rules.some((rule) => rule.sequential && rule.applies(check, options));
}

/** By how many rules the check's share of the budget is divided. */
function partsOf(check: Check): number {
  if (check.kind !== "metric") return 1;
  const { limits, slope, sigma, comparison } = check;
  return [limits.max ?? limits.min, slope, sigma, comparison].filter((each) => each !== undefined).length;
}

function add(check: Check, seen: Seen, observation: Observation): void {
  const { at, samples, values } = observation;
  if (!samples) {
    seen.now.see(at);
    const failed = check.kind === "http" ? judgeAnswer(check, observation).phase : undefined;
    seen.now.events += failed === undefined ? counted(values["events"] ?? values["errors"]) : Number(failed === "fail");
    seen.now.total += failed === undefined ? counted(values["total"] ?? values["lines"]) : Number(failed !== "error");
    return;
  }
  for (const look of byTime(samples)) {
    const of = (side: Sample["side"]) => look.filter((sample) => sample.side === side && Number.isFinite(sample.value));
    addSides(seen, seen.past, of("history"), of("baselineHistory"));
    addSides(seen, seen.now, of("candidate"), of("baseline"));
  }
}

function addSides(seen: Seen, volume: Volume, ours: readonly Sample[], theirs: readonly Sample[]): void {
  const [first] = [...ours, ...theirs];
  if (!first) return;
  volume.see(first.at);
  for (const { value, total = 1 } of ours) {
    volume.events += counted(value);
    volume.total += counted(total);
  }
  for (const { value, total = 1 } of theirs) {
    volume.controlEvents += counted(value);
    volume.controlTotal += counted(total);
  }
  seen.whole &&= [...ours, ...theirs].every(isPlainCount);
  if (ours.length === 0 || theirs.length === 0) return;
  const reading = ({ value, total }: Sample) => ({ value, total });
  const difference = sideMean(ours.map(reading)).logMean - sideMean(theirs.map(reading)).logMean;
  if (Number.isFinite(difference)) volume.differences.add(difference);
}

function* byTime(samples: readonly Sample[]): Generator<readonly Sample[]> {
  for (let from = 0; from < samples.length; ) {
    const at = samples[from]?.at;
    let to = from + 1;
    while (to < samples.length && samples[to]?.at === at) to += 1;
    yield samples.slice(from, to);
    from = to;
  }
}

function tellOne(check: Check, seen: Seen, since: number, plan: ForesightPlan, shares: number): Foresight | undefined {
  const { falseAlarm = FALSE_ALARM } = plan;
  if (!(plan.length > 0)) return undefined;
  const rated = check.kind !== "metric" || check.total !== undefined || seen.whole;
  const able = (rated ? ableRate : ableValue)(check, seen, since, plan, falseAlarm / shares);
  if (!able) return undefined;
  const { ratio } = able;
  const detect = "detect" in check ? check.detect : undefined;
  return {
    check: seen.check,
    ...(seen.target !== undefined && { target: seen.target }),
    text: `${formatDuration(plan.length)} at ${able.pace}: ${able.what} would be caught 9 times in 10${able.hours === null ? "" : `; for ${able.double} bake ${formatDuration(able.hours * HOUR)}`}`,
    ratio,
    ...(detect !== undefined && (ratio === null || ratio > detect) && { tooWeakFor: detect }),
  };
}

interface Able {
  readonly pace: string;
  readonly what: string;
  readonly ratio: number | null;
  readonly double: string;
  /** Hours until a change to the double would be caught; null where no time would do. */
  readonly hours: number | null;
}

type Teller = (check: Check, seen: Seen, since: number, plan: ForesightPlan, alpha: number) => Able | undefined;

const ableRate: Teller = (check, { now, past }, since, { length }, alpha) => {
  const elapsed = Math.max(0, now.last - since);
  // At the start the past knows better how much there is going to be.
  const early = past.total > 0 && past.times > 1 && 2 * elapsed < length;
  const span = (volume: Volume) => ((volume.last - volume.first) * volume.times) / Math.max(1, volume.times - 1);
  const hours = (elapsed + (early ? span(past) : 0)) / HOUR;
  const sum = (key: "events" | "total" | "controlEvents" | "controlTotal") => now[key] + (early ? past[key] : 0);
  if (!(hours > 0 && sum("total") > 0)) return undefined;
  const perHour = sum("total") / hours;
  const comparison = check.kind === "metric" ? check.comparison : undefined;
  const limit = limitOf(check);
  let rate: number;
  let baselinePerHour: number;
  if (comparison) {
    if (!(sum("controlTotal") > 0)) return undefined;
    // A control without any event may have had half of one.
    rate = Math.max(sum("controlEvents"), 0.5) / sum("controlTotal");
    baselinePerHour = sum("controlTotal") / hours;
  } else {
    if (limit === undefined || !(limit > 0)) return undefined;
    rate = limit;
    baselinePerHour = perHour * EXACT;
  }
  const { ratio, hoursForDouble } = foresee({
    rate,
    candidatePerHour: perHour,
    baselinePerHour,
    hours: length / HOUR,
    tolerance: comparison?.tolerance ?? 0,
    falseAlarm: alpha,
    checks: 1,
  });
  const unit =
    check.kind === "logs"
      ? "lines"
      : check.kind === "http"
        ? "answers"
        : check.kind !== "metric" || check.total === undefined
          ? "samples"
          : "requests";
  return {
    pace: `${formatNumber(perHour, 2)} ${unit}/h`,
    what:
      ratio === null
        ? "no change of the error rate"
        : `an error rate ${formatNumber(ratio, 2)}x ${comparison ? "as high" : "the limit"}`,
    ratio,
    double: "2x",
    hours: hoursForDouble,
  };
};

const ableValue: Teller = (check, { now, past }, _since, plan, alpha) => {
  const comparison = check.kind === "metric" ? check.comparison : undefined;
  if (!comparison) return undefined;
  const known = past.differences.n >= ENOUGH_PAST ? past : now;
  const { n } = known.differences;
  if (n < ENOUGH_LOOKS) return undefined;
  const every = plan.every ?? (known.last - known.first) / Math.max(1, known.times - 1);
  if (!(every > 0)) return undefined;
  const { deviation, persistence } = scatter(known.differences);
  const threshold = -Math.log(comparison.worse === "different" ? alpha / 2 : alpha);
  const lower = comparison.worse === "lower";
  const tolerated = lower ? -Math.log(Math.max(1e-6, 1 - comparison.tolerance)) : Math.log1p(comparison.tolerance);
  // A past is a sample too: what it leaves open about the difference of the two sides adds to what the bake does.
  const open = known === past ? 1 / n : 0;
  const length = Math.floor(plan.length / every);
  const shift = length < 1 ? null : detectableShift(deviation, persistence, length, threshold);
  const ratio = shift === null ? null : Math.exp(shift * Math.sqrt(1 + open * length) + tolerated);
  const needed = looksFor(Math.LN2 - tolerated, deviation, persistence, threshold);
  const looks = needed === null || needed * open >= 1 ? null : Math.ceil(needed / (1 - needed * open));
  return {
    pace: `${formatNumber(HOUR / every, 2)} looks/h`,
    what: ratio === null ? "no change of the value" : `a value ${formatNumber(lower ? 1 / ratio : ratio)}x as high`,
    ratio,
    double: lower ? "0.5x" : "2x",
    hours: looks === null ? null : (looks * every) / HOUR,
  };
};

/** Standard deviation of one difference, and how many neighbours are worth one. */
function scatter({ n, sum, squares, lagged }: MutableSums): { deviation: number; persistence: number } {
  const mean = sum / n;
  const around = Math.max(0, squares - n * mean * mean);
  const correlation = around > 0 ? Math.min(0.98, Math.max(0, (lagged - (n - 1) * mean * mean) / around)) : 0;
  return { deviation: Math.sqrt(around / (n - 1)), persistence: (1 + correlation) / (1 - correlation) };
}

function limitOf(check: Check): number | undefined {
  if (check.kind === "logs") return check.maxRate?.value;
  if (check.kind === "http") return check.maxFailures?.value;
  const max = check.kind === "metric" ? check.limits.max : undefined;
  return max && "value" in max ? max.value : undefined;
}

/** A number that can be added up. */
function counted(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : 0;
}
