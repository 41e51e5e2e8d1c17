import { formatAgainst, formatCount, formatNumber, formatPercent, lastLine } from "../../pipeline/format.ts";
import type { Check, LogsCheck } from "../../pipeline/model.ts";
import { asWritten } from "../series/show.ts";
import { defineRule, type Ruling } from "./rule.ts";
import { judgesSeries } from "./series.ts";

/**
 * Rate and number of error events, and the least number of lines, over the whole window so far. While looks remain, too
 * few lines are inconclusive, and so is a rate over the limit that rests on fewer lines than `min-lines`; at the end
 * both are failures. Under a budget of false alarms the rate is `series`' business. More errors than `max-count` fail at once: no line to come makes them fewer.
 */
export const logs = defineRule<LogsCheck>({
  name: "logs",
  covers: ["newSignatures"],
  cumulative: true,
  is: (check: Check): check is LogsCheck => check.kind === "logs",
  start: (given, options) => {
    const { maxRate: _, ...unrated } = given;
    const check: LogsCheck = judgesSeries(given, options) ? unrated : given;
    let lines = 0;
    let errors = 0;
    let newSignatures: number | undefined;
    let said = "";
    let silent = 0;
    let silentLooks = 0;
    let broken: string | undefined;
    return ({ values, unreadable, note }, { final }) => {
      for (const key of ["lines", "errors"] as const) {
        const count = values[key] ?? (unreadable === undefined ? Number.NaN : 0);
        if (!(count >= 0 && count < Number.POSITIVE_INFINITY))
          broken ??= `the number of ${key} is ${formatNumber(count)}`;
        else if (key === "lines") lines += count;
        else errors += count;
      }
      // Signatures are counted over the whole window by the scanner, since the same one may be new in two looks.
      newSignatures = values["newSignatures"] ?? newSignatures;
      silent = values["silent"] ?? silent;
      silentLooks = silent > 0 ? silentLooks + 1 : 0;
      if (values["newSignatures"] || values["silent"]) said = note ?? "";
      if (broken !== undefined) return { phase: "error", reason: broken };
      return judge(check, { lines, errors, newSignatures, silent: final || silentLooks > 1 ? silent : 0, said }, final);
    };
  },
});

interface Counts {
  readonly lines: number;
  readonly errors: number;
  readonly newSignatures: number | undefined;
  /** Machines that wrote before the deploy and were silent in two looks in a row, since a restart is silent for a moment, or in the last. */
  readonly silent: number;
  /** What the scanner said about the one or the other. */
  readonly said: string;
}

function judge(check: LogsCheck, counts: Counts, final: boolean): Ruling {
  const { lines, errors, newSignatures, silent, said } = counts;
  const { maxCount, maxRate, minLines } = check;
  if (maxCount !== undefined && !(errors <= maxCount)) {
    return {
      phase: "fail",
      reason: `${formatCount(errors, "error")} in ${formatCount(lines, "line")} > ${formatNumber(maxCount)}`,
      turnedBy: `max-count: ${errors}`,
    };
  }
  if (check.newSignatures !== undefined) {
    if (newSignatures === undefined || Number.isNaN(newSignatures)) {
      return { phase: "error", reason: "the scanner did not report new kinds of errors" };
    }
    if (!(newSignatures <= check.newSignatures)) {
      return {
        phase: "fail",
        reason: `${formatCount(newSignatures, "new kind")} of errors > ${formatNumber(check.newSignatures)}${said === "" ? "" : `: ${lastLine(said)}`}`,
        turnedBy: `new-signatures: ${newSignatures}`,
      };
    }
  }
  if (silent > 0) {
    return {
      phase: "fail",
      reason: said === "" ? `${formatCount(silent, "machine")} fell silent since the deploy` : said,
    };
  }
  if (!(lines >= minLines)) {
    const missing = `${formatCount(lines, "line")} < ${formatNumber(minLines)}`;
    const turned = lines > 0 ? { turnedBy: `min-lines: ${lines}` } : {};
    return final
      ? { phase: "fail", reason: missing, ...turned }
      : { phase: "inconclusive", reason: `${missing} so far`, ...turned };
  }
  if (lines === 0) {
    if (final && check.noData === "fail") return { phase: "fail", reason: "no data: no lines" };
    return { phase: "inconclusive", reason: final ? "no data: no lines" : "no lines so far" };
  }
  const rate = errors / lines;
  const share = (text: string) => `${formatNumber(errors)} of ${formatCount(lines, "line")} (${text})`;
  if (maxRate && !(rate <= maxRate.value)) {
    return {
      phase: "fail",
      reason: `${share(formatAgainst(rate, maxRate.value, maxRate))} > ${maxRate.text}`,
      turnedBy: `max-rate: ${asWritten(rate, 1, maxRate)}`,
    };
  }
  const turns = [
    ...(maxRate && errors > 0 ? [`max-rate below ${asWritten(rate, -1, maxRate)}`] : []),
    ...(maxCount !== undefined && errors > 0 ? [`max-count: ${errors - 1}`] : []),
    `min-lines: ${lines + 1}`,
  ];
  return {
    phase: "pass",
    reason: `${share(formatPercent(rate))}${maxRate ? ` ≤ ${maxRate.text}` : ""}`,
    turnedBy: turns.join(" or "),
  };
}
