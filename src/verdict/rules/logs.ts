import {
  formatAgainst,
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  lastLine,
} from "../../pipeline/format.ts";
import type { Check, LogsCheck } from "../../pipeline/model.ts";
import { asWritten } from "../series/show.ts";
import { defineRule, type Ruling } from "./rule.ts";
import { judgesSeries } from "./series.ts";

/**
 * Rate and number of error events, fatal ones, new kinds, silent hosts, and the least number of lines, over the whole window so far. While looks remain, too
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
    const counts = { lines: 0, errors: 0, fatal: 0, requests: 0 };
    let newSignatures: number | undefined;
    let span = 0;
    let said = "";
    let silent = 0;
    let silentLooks = 0;
    let broken: string | undefined;
    return ({ values, unreadable, note }, { final }) => {
      for (const key of ["lines", "errors", "fatal", "requests"] as const) {
        if (!needs(check, key)) continue;
        const count = values[key] ?? (unreadable === undefined ? Number.NaN : 0);
        if (!(count >= 0 && count < Number.POSITIVE_INFINITY))
          broken ??= `the number of ${key} is ${formatNumber(count)}`;
        else counts[key] += count;
      }
      // Signatures are counted over the whole window by the scanner, since the same one may be new in two looks.
      newSignatures = values["newSignatures"] ?? newSignatures;
      span = values["span"] ?? span;
      // A look that could not be read tells nothing of who is silent.
      const heard = values["silent"];
      if (heard !== undefined) {
        silent = heard;
        silentLooks = silent > allowedSilent(check) ? silentLooks + 1 : 0;
      }
      const lastHeard = final && heard !== undefined;
      if (values["newSignatures"] || values["silent"]) said = note ?? "";
      if (broken !== undefined) return { phase: "error", reason: broken };
      return judge(check, { ...counts, span, newSignatures, silent, silentLooks, lastHeard, said }, final);
    };
  },
});

/** Whether a check asks for a count; all logs have lines and errors. */
function needs(check: LogsCheck, count: "lines" | "errors" | "fatal" | "requests"): boolean {
  if (count === "fatal") return check.maxFatal !== undefined;
  return count !== "requests" || check.rateOf === "requests";
}

function allowedSilent({ silentHosts = 0 }: LogsCheck): number {
  return silentHosts === "any" ? Number.POSITIVE_INFINITY : silentHosts;
}

interface Counts {
  readonly lines: number;
  readonly errors: number;
  readonly fatal: number;
  readonly requests: number;
  /** Seconds since the deploy. */
  readonly span: number;
  readonly newSignatures: number | undefined;
  /** Machines that wrote before the deploy and have fallen silent. */
  readonly silent: number;
  /** In how many looks in a row too many were. */
  readonly silentLooks: number;
  /** Whether this is the last look, and tells of silence. */
  readonly lastHeard: boolean;
  /** What the scanner said about new kinds and silence. */
  readonly said: string;
}

function judge(check: LogsCheck, counts: Counts, final: boolean): Ruling {
  return tooMany(check, counts) ?? silence(check, counts) ?? tooFew(check, counts, final) ?? rate(check, counts);
}

/** What no line to come makes fewer. */
function tooMany(check: LogsCheck, { lines, errors, fatal, newSignatures, said }: Counts): Ruling | undefined {
  const { maxCount, maxFatal } = check;
  const among = `in ${formatCount(lines, "line")}`;
  if (maxFatal !== undefined && !(fatal <= maxFatal)) {
    return {
      phase: "fail",
      reason: `${formatCount(fatal, "fatal event")} ${among} > ${formatNumber(maxFatal)}`,
      turnedBy: `fatal: ${fatal}`,
    };
  }
  if (maxCount !== undefined && !(errors <= maxCount)) {
    return {
      phase: "fail",
      reason: `${formatCount(errors, "error")} ${among} > ${formatNumber(maxCount)}`,
      turnedBy: `max-count: ${errors}`,
    };
  }
  if (check.newSignatures === undefined) return undefined;
  if (newSignatures === undefined || Number.isNaN(newSignatures)) {
    return { phase: "error", reason: "the scanner did not report new kinds of errors" };
  }
  if (newSignatures <= check.newSignatures) return undefined;
  return {
    phase: "fail",
    reason: `${formatCount(newSignatures, "new kind")} of errors > ${formatNumber(check.newSignatures)}${said === "" ? "" : `: ${lastLine(said)}`}`,
    turnedBy: `new-signatures: ${newSignatures}`,
  };
}

/** Whoever is silent in one look may be starting again; in two in a row, or in the last, it is a failure. */
function silence(check: LogsCheck, { silent, silentLooks, lastHeard, said }: Counts): Ruling | undefined {
  const allowed = allowedSilent(check);
  if (silent <= allowed) return undefined;
  const reason = `${formatCount(silent, "host")} fell silent > ${formatNumber(allowed)}${said === "" ? "" : `: ${said}`}`;
  const turned = { turnedBy: `silent-hosts: ${silent}` };
  if (lastHeard || silentLooks > 1) return { phase: "fail", reason, ...turned };
  return { phase: "inconclusive", reason: `${reason}; the next look decides`, ...turned };
}

function tooFew(check: LogsCheck, { lines, requests }: Counts, final: boolean): Ruling | undefined {
  const { minLines, noData } = check;
  if (!(lines >= minLines)) {
    const word = check.match === undefined ? "line" : "matching line";
    const missing = `${formatCount(lines, word)} < ${formatNumber(minLines)}`;
    const turned = lines > 0 ? { turnedBy: `min-lines: ${lines}` } : {};
    return final
      ? { phase: "fail", reason: missing, ...turned }
      : { phase: "inconclusive", reason: `${missing} so far`, ...turned };
  }
  const absent =
    lines === 0
      ? "no lines"
      : check.rateOf === "requests" && requests === 0
        ? `no requests among ${formatCount(lines, "line")}, and the rate is one of requests: lines of access logs are`
        : undefined;
  if (absent === undefined) return undefined;
  if (!final) return { phase: "inconclusive", reason: `${absent} so far` };
  return { phase: noData === "fail" ? "fail" : "inconclusive", reason: `no data: ${absent}` };
}

function rate(check: LogsCheck, { lines, errors, requests, span }: Counts): Ruling {
  const { maxCount, maxRate, maxPace } = check;
  if (maxPace) {
    // A number in an hour is what may come in its first minute too, but not in each minute.
    const periods = Math.max(1, (span * 1_000) / maxPace.per);
    const pace = errors / periods;
    if (!(pace <= maxPace.count)) {
      const per = maxPace.text.slice(maxPace.text.indexOf(" per "));
      return {
        phase: "fail",
        reason: `${formatCount(errors, "error")} in ${formatDuration(span * 1_000)} (${formatAgainst(pace, maxPace.count, { unit: "", perSecond: false })}${per}) > ${maxPace.text}`,
        turnedBy: `max-rate: ${Math.ceil(pace)}${per}`,
      };
    }
  }
  const [of, word] = check.rateOf === "requests" ? [requests, "request"] : [lines, "line"];
  const share = errors / of;
  const told = (text: string) => `${formatNumber(errors)} of ${formatCount(of, word)} (${text})`;
  if (maxRate && !(share <= maxRate.value)) {
    return {
      phase: "fail",
      reason: `${told(formatAgainst(share, maxRate.value, maxRate))} > ${maxRate.text}`,
      turnedBy: `max-rate: ${asWritten(share, 1, maxRate)}`,
    };
  }
  const turns = [
    ...(maxRate && errors > 0 ? [`max-rate below ${asWritten(share, -1, maxRate)}`] : []),
    ...(maxCount !== undefined && errors > 0 ? [`max-count: ${errors - 1}`] : []),
    `min-lines: ${lines + 1}`,
  ];
  return {
    phase: "pass",
    reason: `${told(formatPercent(share))}${maxRate ? ` ≤ ${maxRate.text}` : maxPace ? `, ≤ ${maxPace.text}` : ""}`,
    turnedBy: turns.join(" or "),
  };
}
