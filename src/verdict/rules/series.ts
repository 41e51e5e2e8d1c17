import type { Observation } from "../../evidence/observation.ts";
import type { Check, LogsCheck, MetricCheck } from "../../pipeline/model.ts";
import { seriesRule } from "../series/check.ts";
import { createSeriesJudge } from "../series/judge.ts";
import type { Sample, SeriesJudgement } from "../series/types.ts";
import { defineRule, type RuleOptions, type Ruling } from "./rule.ts";

type Judged = LogsCheck | MetricCheck;

/** The probability of a false alarm of a bake whose file says none. */
export const FALSE_ALARM = 0.01;

/** In a bake a new process may take so many looks until its metrics server knows it. */
const FIRST_LOOKS = 3;

/**
 * Whether a check is judged over time: a slope, a distance from its past or a comparison always; in a bake also a metric
 * of a server that keeps its past, and under a declared budget of false alarms a rate against a limit.
 */
export function judgesSeries(check: Check, { kind, falseAlarm }: RuleOptions): boolean {
  if (check.kind === "logs") return kind === "bake" && falseAlarm !== undefined && check.maxRate !== undefined;
  if (check.kind !== "metric") return false;
  if (check.slope || check.sigma || check.comparison) return true;
  if (kind !== "bake") return false;
  return check.source.kind === "prometheus" || (falseAlarm !== undefined && check.total !== undefined);
}

/** Slope, sigma, comparison, and limits over time, by the judge of `../series`; once found broken, broken for good. */
export const series = defineRule<Judged>({
  name: "series",
  covers: ["slope", "sigma", "comparison"],
  cumulative: true,
  sequential: true,
  is: (check: Check): check is Judged => check.kind === "logs" || check.kind === "metric",
  when: judgesSeries,
  start: (check, { kind, share }) => {
    const rule = seriesRule(check);
    const judge =
      rule &&
      createSeriesJudge(
        { ...rule, ...(check.detect !== undefined && { detect: check.detect }) },
        { falseAlarm: share ?? FALSE_ALARM, checks: 1 },
      );
    let measured = false;
    let missing = 0;
    let ended: Ruling | undefined;
    return (observation, { final, skim = false }) => {
      if (!judge) return { phase: "error", reason: "the check has no rule" };
      const samples = samplesOf(check, observation);
      // What is broken stays so, and what comes after it is no part of it.
      if (ended) return ended;
      for (const sample of samples) judge.take(sample);
      if (final && kind === "bake") judge.end();
      else judge.settle();
      const told = skim && !final && !judge.broken ? undefined : judge.judgement();
      const data: Pick<Ruling, "series"> = told ? { series: told } : {};
      const ruling: Ruling = told ? rulingOf(told) : { phase: "inconclusive", reason: "not told" };
      if (judge.broken) {
        ended = ruling;
        return ruling;
      }

      const { pending, absent, values, unreadable } = observation;
      // A counter that has not grown is an answer; a query that answers nothing may be mistyped.
      if (absent !== undefined && values["requests"] !== 0) missing += 1;
      else if (unreadable === undefined) missing = 0;
      const found = measured;
      measured ||= judge.samples > 0 && absent === undefined;
      if (missing > 0 && (!found || final)) {
        const patient = kind === "bake" && missing < FIRST_LOOKS && !final;
        return {
          ...(patient ? data : { series: judge.judgement() }),
          phase: patient ? "inconclusive" : check.noData,
          reason: `no data${patient ? " so far" : ""}: ${absent}`,
        };
      }
      if (judge.samples === 0 && (!final || pending !== undefined || unreadable !== undefined)) {
        return {
          ...data,
          phase: "inconclusive",
          reason: pending ?? `no data so far${absent === undefined ? "" : `: ${absent}`}`,
        };
      }
      return ruling;
    };
  },
});

function rulingOf(series: SeriesJudgement): Ruling {
  const { phase, reason, turnedBy } = series;
  return { phase, reason, ...(turnedBy !== null && { turnedBy }), series };
}

/** The samples of an observation; without any, what its values say of the place that it was read in. */
function samplesOf(check: Judged, observation: Observation): readonly Sample[] {
  const { samples, at, values, pending, unreadable } = observation;
  if (samples) return samples;
  if (pending !== undefined) return [];
  const sample = (value: number, total?: number): Sample[] => [
    { side: "candidate", at, value, ...(total !== undefined && { total }) },
  ];
  if (unreadable !== undefined && check.kind === "metric") return sample(Number.NaN);
  if (check.kind === "logs")
    return sample(values["errors"] ?? Number.NaN, values[check.rateOf ?? "lines"] ?? Number.NaN);
  if (check.total !== undefined) return sample(values["events"] ?? Number.NaN, values["total"] ?? Number.NaN);
  return sample(values["value"] ?? Number.NaN);
}
