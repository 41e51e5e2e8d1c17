import type { Observation } from "../evidence/observation.ts";
import { sumOf } from "../evidence/sides.ts";
import { formatDuration, formatNumber } from "../pipeline/format.ts";
import type { Check } from "../pipeline/model.ts";
import { FALSE_ALARM, judgesSeries } from "./rules/series.ts";
import { foresee } from "./series/power.ts";

const HOUR = 3_600_000;

/** A limit is known exactly: it stands for a control with so many times the candidate's volume. */
const EXACT = 1e6;

/** How long a bake is to be foreseen for, in milliseconds, and its budget of false alarms where the file says one. */
export interface ForesightPlan {
  readonly length: number;
  readonly falseAlarm?: number;
}

/** What a bake can see of one check in one place with the volume seen so far. */
export interface Foresight {
  readonly check: string;
  readonly target?: string;
  /** `12h at 40 requests/h: an error rate 3.1x as high would be caught 9 times in 10; for 2x bake 26h`. */
  readonly text: string;
  /** The smallest ratio that would be caught nine times in ten; null where none would be. */
  readonly ratio: number | null;
  /** The ratio that the file asks for and that would not be. */
  readonly tooWeakFor?: number;
}

interface Seen {
  readonly check: string;
  readonly target: string | undefined;
  readonly first: number;
  last: number;
  events: number;
  total: number;
  controlEvents: number;
  controlTotal: number;
}

/** Adds up the volume of the checks whose rates a bake judges, and says what it lets the bake see. Pure but for its sums. */
export function createForesight(checks: readonly Check[], since: number) {
  const rated = new Map(
    checks.flatMap((check) => {
      const counts =
        check.kind === "logs" ? check.maxRate !== undefined : check.kind === "metric" && check.total !== undefined;
      return counts ? [[check.name, check] as const] : [];
    }),
  );
  const places = new Map<string, Seen>();
  return {
    take(observations: readonly Observation[]): void {
      for (const { check, target, at, samples, values } of observations) {
        if (!rated.has(check)) continue;
        const key = JSON.stringify([check, target]);
        const seen = places.get(key) ?? {
          check,
          target,
          first: since,
          last: at,
          events: 0,
          total: 0,
          controlEvents: 0,
          controlTotal: 0,
        };
        places.set(key, seen);
        const ours = samples && sumOf(samples, "candidate");
        const theirs = samples && sumOf(samples, "baseline");
        seen.last = Math.max(seen.last, at);
        seen.events += counted(ours?.events ?? values["events"] ?? values["errors"]);
        seen.total += counted(ours?.total ?? values["total"] ?? values["lines"]);
        seen.controlEvents += counted(theirs?.events);
        seen.controlTotal += counted(theirs?.total);
      }
    },
    /** Of every check and place of which the volume is known, in the order in which they were seen. */
    tell(plan: ForesightPlan): readonly Foresight[] {
      const options = { kind: "bake", ...(plan.falseAlarm !== undefined && { falseAlarm: plan.falseAlarm }) } as const;
      const sharing = checks.filter((check) => !check.dryRun && judgesSeries(check, options)).length;
      return [...places.values()].flatMap((seen) => {
        const check = rated.get(seen.check);
        if (!check || !judgesSeries(check, options)) return [];
        const beside = [...places.values()].filter((other) => other.check === seen.check).length;
        const told = tellOne(check, seen, plan, Math.max(1, sharing) * beside);
        return told ? [told] : [];
      });
    },
  };
}

function tellOne(
  check: Check,
  seen: Seen,
  { length, falseAlarm = FALSE_ALARM }: ForesightPlan,
  shares: number,
): Foresight | undefined {
  const elapsed = (seen.last - seen.first) / HOUR;
  if (!(elapsed > 0 && seen.total > 0 && length > 0)) return undefined;
  const perHour = seen.total / elapsed;
  const comparison = check.kind === "metric" ? check.comparison : undefined;
  const limit = limitOf(check);
  let rate: number;
  let baselinePerHour: number;
  if (comparison) {
    if (!(seen.controlTotal > 0)) return undefined;
    // A control without any event may have had half of one.
    rate = Math.max(seen.controlEvents, 0.5) / seen.controlTotal;
    baselinePerHour = seen.controlTotal / elapsed;
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
    falseAlarm,
    checks: shares,
  });
  const unit = check.kind === "logs" ? "lines" : "requests";
  const what = comparison ? "as high" : "the limit";
  const able =
    ratio === null
      ? "no change of the error rate would be caught 9 times in 10"
      : `an error rate ${formatNumber(ratio, 2)}x ${what} would be caught 9 times in 10`;
  const double = hoursForDouble === null ? "" : `; for 2x bake ${formatDuration(hoursForDouble * HOUR)}`;
  const detect = "detect" in check ? check.detect : undefined;
  return {
    check: seen.check,
    ...(seen.target !== undefined && { target: seen.target }),
    text: `${formatDuration(length)} at ${formatNumber(perHour, 2)} ${unit}/h: ${able}${double}`,
    ratio,
    ...(detect !== undefined && (ratio === null || ratio > detect) && { tooWeakFor: detect }),
  };
}

function limitOf(check: Check): number | undefined {
  if (check.kind === "logs") return check.maxRate?.value;
  const max = check.kind === "metric" ? check.limits.max : undefined;
  return max && "value" in max ? max.value : undefined;
}

/** A number that can be added up. */
function counted(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : 0;
}
