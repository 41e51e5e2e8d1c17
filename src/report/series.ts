import { formatCount, formatInstant, formatNumber, formatValue } from "../pipeline/format.ts";
import type { Check, Quantity } from "../pipeline/model.ts";
import type { Explanation } from "../verdict/account.ts";
import { createForesight } from "../verdict/foresight.ts";
import type { Sample, Side } from "../verdict/series/types.ts";
import type { Evidence } from "./evidence.ts";
import { neutraliseForMarkdown as safe } from "./neutralise.ts";
import { describeRule, unitOf } from "./rules.ts";
import { sparkline } from "./sparkline.ts";

/**
 * What stands behind the checks that are judged over time, and behind those that did not pass, of at most `most` of them, in
 * Markdown: the data, the effect with its interval, the first violation, the smallest change of the rule that would
 * have turned it, and what the bake could see. No lines where there is none.
 */
export function explain(evidence: Evidence, most: number): string[] {
  const worth = (evidence.explanations ?? []).filter(isWorthTelling);
  if (worth.length === 0) return [];
  const checks = new Map(evidence.checks.map((check) => [check.name, check]));
  const lines = worth.slice(0, most).map((one) => `- ${explainOne(one, checks.get(one.check), safe)}`);
  if (lines.length < worth.length)
    lines.push(`- and ${formatNumber(worth.length - lines.length)} more, in the evidence document`);
  const able = evidence.kind === "bake" ? abilities(evidence, most) : [];
  return ["**The data behind it**", "", ...lines, "", ...able];
}

/** What passes look by look is said in the table. */
function isWorthTelling({ phase, effect, sees }: Explanation): boolean {
  return phase !== "pass" || effect !== null || sees !== null;
}

/** One explanation on one line. `safe` makes text from outside harmless where the line is going to. */
export function explainOne(
  one: Explanation,
  check: Check | undefined,
  safe: (text: string, length?: number) => string,
): string {
  const unit = check ? unitOf(check) : ({ unit: "", perSecond: false } as const);
  const show = (value: number | null) => (value === null ? "none" : formatValue(value, unit));
  const { min, median, max, samples, gaps, ignored } = one.summary;
  const { firstViolation: first, turnedBy } = one;
  const parts = [
    `${safe(one.check, 100)}${one.target === undefined ? "" : ` (${safe(one.target, 100)})`}: ${check ? safe(describeRule(check)) : ""}`,
    safe(one.reason, 600),
    samples === 0
      ? `no value in ${formatCount(one.looks, "look")}`
      : `${formatCount(samples, "value")} in ${formatCount(one.looks, "look")}: least ${show(min)}, median ${show(median)}, greatest ${show(max)}, ${formatCount(gaps, "gap")}${ignored > 0 ? `, ${formatNumber(ignored)} left out` : ""}`,
  ];
  if (one.effect) parts.push(effectOf(one.effect, check));
  if (first) {
    const broke = first.reason === undefined ? show(first.value) : `"${safe(first.reason, 200)}"`;
    parts.push(`first violation ${broke} at ${formatInstant(first.at)}`);
  }
  if (one.stoppedAt !== null) parts.push(`found broken at ${formatInstant(one.stoppedAt)}`);
  if (turnedBy !== null)
    parts.push(`it would have ${one.phase === "pass" ? "failed" : "passed"} with ${safe(turnedBy, 200)}`);
  else if (one.phase !== "pass") parts.push("no change of the rule alone would have turned it");
  const of = check?.kind === "metric" && check.comparison ? "" : " the limit";
  if (one.sees !== null) parts.push(`${formatNumber(one.sees)}x${of} would have been caught 9 times in 10`);
  return parts.join("; ");
}

/** A slope's interval is per second and stands in its reason; of all else it is a ratio. */
function effectOf({ ratio, low, high }: NonNullable<Explanation["effect"]>, check: Check | undefined): string {
  const times = (value: number | null) => (value === null ? "?" : `${formatNumber(value)}x`);
  if (check?.kind === "metric" && check.slope && !check.comparison) return `effect ${times(ratio)} the limit`;
  return `effect ${times(ratio)}, interval ${times(low)} to ${times(high)}`;
}

function abilities({ checks, observations, since, until, falseAlarm }: Evidence, most: number): string[] {
  const foresight = createForesight(checks, since);
  foresight.take(observations);
  const told = foresight
    .tell({ length: until - since, ...(falseAlarm !== undefined && { falseAlarm }) })
    .slice(0, most);
  if (told.length === 0) return [];
  const lines = told.map(({ check, target, text, tooWeakFor }) => {
    const weak =
      tooWeakFor === undefined ? "" : ` (too little to detect ${formatNumber(tooWeakFor)}x, as the file asks)`;
    return `- ${safe(check, 100)}${target === undefined ? "" : ` (${safe(target, 100)})`}: ${safe(text)}${weak}`;
  });
  return ["**What this bake could see**", "", ...lines, ""];
}

/** Candidate above control over time, for at most `most` checks that have both; the same scale for the two. */
export function plotSides({ checks, observations }: Evidence, most: number): string[] {
  const bySides = new Map<string, { candidate: Level; baseline: Level }>();
  for (const { check, samples = [] } of observations) {
    for (const sample of samples) {
      if (sample.side !== "candidate" && sample.side !== "baseline") continue;
      const sides = bySides.get(check) ?? { candidate: new Map(), baseline: new Map() };
      bySides.set(check, sides);
      add(sides[sample.side], sample);
    }
  }
  const plots = checks.flatMap((check) => {
    const sides = bySides.get(check.name);
    return sides && sides.baseline.size > 0 && sides.candidate.size > 1 ? [{ check, sides }] : [];
  });
  return plots.slice(0, most).flatMap(({ check, sides }) => {
    const times = [...new Set([...sides.candidate.keys(), ...sides.baseline.keys()])].sort((a, b) => a - b);
    const candidate = times.map((at) => level(sides.candidate.get(at)));
    const control = times.map((at) => level(sides.baseline.get(at)));
    // One line of bars for both, cut in two, so that they share a scale.
    const width = Math.min(60, times.length);
    const both = sparkline([...thinned(candidate, width), ...thinned(control, width)], 2 * width);
    const unit: Pick<Quantity, "unit" | "perSecond"> = unitOf(check);
    const peak = (values: readonly (number | undefined)[]) =>
      formatValue(
        values.reduce<number>((most, value) => Math.max(most, value ?? most), Number.NEGATIVE_INFINITY),
        unit,
      );
    return [
      `<details><summary>${safe(check.name, 100)}: candidate and control</summary>`,
      "",
      "```",
      `candidate ${both.slice(0, width)} at most ${peak(candidate)}`,
      `control   ${both.slice(width)} at most ${peak(control)}`,
      "```",
      "",
      "</details>",
      "",
    ];
  });
}

type Level = Map<number, { sum: number; weight: number }>;

function add(side: Level, { at, value, total }: Sample & { readonly side: Side }): void {
  if (!Number.isFinite(value)) return;
  const known = side.get(at) ?? { sum: 0, weight: 0 };
  side.set(at, { sum: known.sum + value, weight: known.weight + (total ?? 1) });
}

function level(at: { readonly sum: number; readonly weight: number } | undefined): number | undefined {
  return at && at.weight > 0 ? at.sum / at.weight : undefined;
}

/** Exactly `width` values: the greatest of each share. */
function thinned(values: readonly (number | undefined)[], width: number): (number | undefined)[] {
  return Array.from({ length: width }, (_, bar) => {
    const share = values.slice(
      Math.floor((bar * values.length) / width),
      Math.floor(((bar + 1) * values.length) / width),
    );
    return share.reduce(
      (top, value) => (value !== undefined && (top === undefined || value > top) ? value : top),
      undefined,
    );
  });
}
