import { formatCount, formatNumber } from "../../pipeline/format.ts";
import { worst } from "../phase.ts";
import { comparison } from "./comparison.ts";
import { limits } from "./limits.ts";
import { type Assembled, Looks } from "./looks.ts";
import { sigma } from "./sigma.ts";
import { slope } from "./slope.ts";
import { Summary } from "./summary.ts";
import type { Budget, Finding, Part, Sample, SeriesJudgement, SeriesRule } from "./types.ts";

/** So many looks in a row without data at the end of a series are silence, not a gap. */
const SILENCE = 3;

/**
 * Judges the series of one check as its samples come, in memory and time per sample that do not grow with their number.
 * Hand in the past (`history`, `baselineHistory`) first, then the bake, each in the order of time with the samples of one
 * time together. Total: whatever the samples, there is a judgement and never a throw.
 */
export interface SeriesJudge {
  take(sample: Sample): void;
  /** No sample follows: tests that are made once, at the end of a bake whose end does not hang on what it saw. */
  end(): void;
  /** The judgement over all samples taken; the look they belong to counts as complete. Once `fail`, always `fail`. */
  judgement(): SeriesJudgement;
  /** Completes the look that the samples so far belong to, as a judgement does, without the price of one. */
  settle(): void;
  /** Whether the rule has been found broken in a completed look; cheap. */
  readonly broken: boolean;
  /** How many usable values completed looks have brought; cheap. */
  readonly samples: number;
}

/** A judge for one check, which may use up its share of the false alarms: `falseAlarm / checks`. */
export function createSeriesJudge(rule: SeriesRule, budget: Budget): SeriesJudge {
  const parts = partsOf(rule, budget);
  const summary = new Summary();
  let stoppedAt: number | null = null;
  let failed: Part | undefined;
  let looks = 0;
  let silent = 0;
  let controlOnly = 0;
  let newest = Number.NaN;

  const complete = ({ kind, look, asked }: Assembled) => {
    if (kind === "past") {
      for (const part of parts) part.past(look);
      return;
    }
    if (failed) return;
    newest = look.at;
    if (asked) looks += 1;
    const measured = look.candidate.length + (look.boundless?.length ?? 0) > 0;
    if (measured) {
      silent = 0;
      controlOnly = 0;
      summary.add(look);
    } else if (asked) {
      silent += 1;
      summary.gaps += 1;
    } else {
      controlOnly += 1;
      summary.controlOnly += 1;
    }
    for (const part of parts) {
      if (!part.take(look)) continue;
      stoppedAt = look.at;
      failed = part;
      return;
    }
  };
  const assembler = new Looks(complete);

  return {
    take: (sample) => assembler.take(sample),
    end() {
      assembler.flush();
      if (failed) return;
      failed = parts.find((part) => part.last?.());
      if (failed) stoppedAt = newest;
    },
    settle: () => assembler.flush(),
    get samples() {
      return summary.samples;
    },
    get broken() {
      return failed !== undefined;
    },
    judgement() {
      assembler.flush();
      const rest = { summary: { ...summary.read(), ignored: assembler.ignored }, looks };
      if (failed) return { ...told(failed.finding()), ...rest, stoppedAt };
      const none = (phase: SeriesJudgement["phase"], reason: string): SeriesJudgement => ({
        phase,
        reason,
        stoppedAt: null,
        effect: null,
        firstViolation: null,
        turnedBy: null,
        sees: null,
        ...rest,
      });
      if (parts.length === 0) return none("inconclusive", "the check has no rule");
      const measured = looks - summary.gaps;
      if (measured === 0)
        return none(rule.noData, looks === 0 ? "no data" : `no data in ${formatCount(looks, "look")}`);
      const findings = parts.map((part) => part.finding());
      const [first] = findings;
      const phase = worst(findings.map((finding) => finding.phase));
      const worse = findings.find((finding) => finding.phase === phase) ?? first;
      const reason = phase === "pass" ? findings.map((finding) => finding.reason).join("; ") : (worse?.reason ?? "");
      const effect = findings.find((finding) => finding.effect !== null)?.effect ?? null;
      const sees = findings.find((finding) => finding.sees !== undefined)?.sees;
      const judgement = { ...told({ ...worse, phase, reason, effect }), sees: sees ?? null, ...rest, stoppedAt };
      const doubt = phase === "pass" ? (silenceOf() ?? weaknessOf(sees)) : undefined;
      return doubt === undefined
        ? judgement
        : { ...judgement, phase: "inconclusive", reason: `${doubt}; so far ${reason}` };
    },
  };

  function weaknessOf(sees: number | null | undefined): string | undefined {
    if (rule.detect === undefined || sees === undefined || (sees !== null && sees <= rule.detect)) return undefined;
    const able =
      sees === null ? "nothing would be seen for sure" : `only ${formatNumber(sees)}x would be seen 9 times in 10`;
    return `too little to see ${formatNumber(rule.detect)}x: ${able}`;
  }

  function silenceOf(): string | undefined {
    if (silent >= SILENCE) return `no data in the last ${silent} looks`;
    if (controlOnly >= SILENCE && controlOnly * looks > SILENCE * summary.controlOnly) {
      return `the control was read ${controlOnly} times since the candidate's last value`;
    }
    if (summary.gaps * 2 > looks) return `no data in ${summary.gaps} of ${formatCount(looks, "look")}`;
    return undefined;
  }
}

function told({
  phase,
  reason,
  effect,
  firstViolation,
  turnedBy,
  sees,
}: Finding): Omit<SeriesJudgement, "summary" | "looks"> {
  return {
    phase,
    reason,
    stoppedAt: null,
    effect: effect && {
      ratio: finite(effect.ratio),
      difference: finite(effect.difference),
      low: finite(effect.low),
      high: finite(effect.high),
    },
    firstViolation: firstViolation ?? null,
    turnedBy: turnedBy ?? null,
    sees: sees ?? null,
  };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** One part for each rule; those that can be wrong by chance share the budget. */
function partsOf(rule: SeriesRule, { falseAlarm, checks }: Budget): Part[] {
  const counted = [rule.limits, rule.slope, rule.sigma, rule.comparison].filter((each) => each !== undefined).length;
  const budget = falseAlarm > 0 && falseAlarm < 1 ? falseAlarm : 0.01;
  const alpha = budget / Math.max(1, checks) / Math.max(1, counted);
  const parts: Part[] = [];
  if (has(rule, "limits")) parts.push(limits(rule, alpha));
  if (has(rule, "comparison")) parts.push(comparison(rule, alpha));
  if (has(rule, "slope")) parts.push(slope(rule, alpha));
  if (has(rule, "sigma")) parts.push(sigma(rule, alpha));
  return parts;
}

function has<K extends keyof SeriesRule>(rule: SeriesRule, key: K): rule is SeriesRule & Required<Pick<SeriesRule, K>> {
  return rule[key] !== undefined;
}
