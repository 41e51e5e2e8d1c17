import { formatCount, formatNumber } from "../../pipeline/format.ts";
import { show } from "../../pipeline/problem.ts";
import { messageOf } from "../../platform/errors.ts";
import type { Phase } from "../phase.ts";
import { type ReadCheck, readCheck } from "./check.ts";
import { createSeriesJudge } from "./judge.ts";
import type { Effect, Sample, Side } from "./types.ts";

/** One case of `rocksolid replay --jsonl`. */
export interface Case {
  readonly id: unknown;
  readonly check: ReadCheck;
  readonly falseAlarm: number;
  readonly checks: number;
  /** In the order in which they are judged. */
  readonly samples: readonly Sample[];
}

/** The line that answers a case. */
export interface CaseVerdict {
  readonly id: unknown;
  /** `error` for a line that cannot be judged. */
  readonly phase: Phase;
  readonly reason: string;
  /** Seconds, as in the samples; null where the bake ran to its end. */
  readonly stoppedAt: number | null;
  readonly effect: Effect | null;
  /** The reason again, of a line that cannot be judged. */
  readonly error?: string;
}

/** Share of false alarms where a case names none. */
const FALSE_ALARM = 0.01;

const series = [
  ["history", "history"],
  ["baselineHistory", "baselineHistory"],
  ["candidate", "candidate"],
  ["baseline", "baseline"],
] as const satisfies readonly (readonly [string, Side])[];
const known = ["id", "check", "falseAlarm", "checks", ...series.map(([name]) => name)];

/** Answers one line of input. `line` counts from 1 and names a case that has no id. Never throws. */
export function judgeLine(text: string, line: number): CaseVerdict {
  let written: unknown;
  try {
    written = parse(text);
  } catch (error) {
    return unjudged(idIn(text), `line ${line} is not JSON: ${messageOf(error)}`);
  }
  const read = readCase(written);
  return "error" in read ? unjudged(read.id, `line ${line}: ${read.error}`) : judgeCase(read);
}

function unjudged(id: unknown, error: string): CaseVerdict {
  return { id, phase: "error", reason: error, stoppedAt: null, effect: null, error };
}

/** JSON, and the bare NaN and Infinity that several languages write into it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const named = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    );
    if (named === text) throw error;
    return JSON.parse(named);
  }
}

/** The id in a text that is not JSON as a whole. */
function idIn(text: string): unknown {
  const [, id] = /"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?[0-9]+)/.exec(text) ?? [];
  try {
    return id === undefined ? null : JSON.parse(id);
  } catch {
    return null;
  }
}

/** Judges a case as if it had looked at every sample in turn, the last of which ends the bake. */
export function judgeCase({ id, check, falseAlarm, checks, samples }: Case): CaseVerdict {
  const { rule, maxCount = Number.POSITIVE_INFINITY, minLines = 0 } = check;
  const judge = createSeriesJudge(rule, { falseAlarm, checks });
  let events = 0;
  let lines = 0;
  let known = false;
  const counted = () =>
    lines > 0 ? `${formatCount(events, "error")} in ${formatCount(lines, "line")}` : formatCount(events, "error");
  for (const sample of samples) {
    judge.take(sample);
    if (judge.broken) break;
    const { side, value, total = 0 } = sample;
    if (side !== "candidate" || !(value >= 0 && total >= 0 && Number.isFinite(value + total))) continue;
    known = true;
    events += value;
    lines += total;
    if (events > maxCount) {
      const reason = `${counted()} > ${formatNumber(maxCount)}`;
      return { id, phase: "fail", reason, stoppedAt: sample.at / 1_000, effect: null };
    }
  }
  judge.end();
  const { phase, reason, stoppedAt, effect } = judge.judgement();
  if (phase !== "fail" && known && lines < minLines) {
    return {
      id,
      phase: "fail",
      reason: `${formatCount(lines, "line")} < ${formatNumber(minLines)}`,
      stoppedAt: null,
      effect,
    };
  }
  // Where only the volume is judged, there is nothing else that could fail.
  const unruled = !(rule.limits ?? rule.slope ?? rule.sigma ?? rule.comparison);
  if (unruled && known) return { id, phase: "pass", reason: counted(), stoppedAt: null, effect: null };
  return {
    id,
    phase: unruled ? rule.noData : phase,
    reason: unruled ? "no data" : reason,
    stoppedAt: stoppedAt === null ? null : stoppedAt / 1_000,
    effect,
  };
}

/** Reads one case; every mistake in it in one message. */
export function readCase(written: unknown): Case | { readonly id: unknown; readonly error: string } {
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    return { id: null, error: `a case is an object with id, check and candidate, not ${show(written)}` };
  }
  const fields = written as Readonly<Record<string, unknown>>;
  const id = fields["id"] ?? null;
  const mistakes: string[] = [];
  for (const key of Object.keys(fields)) {
    if (!known.includes(key)) mistakes.push(`unknown key ${show(key)}: the keys are ${known.join(", ")}`);
  }
  const falseAlarm = fields["falseAlarm"] ?? FALSE_ALARM;
  if (typeof falseAlarm !== "number" || !(falseAlarm > 0 && falseAlarm < 1)) {
    mistakes.push(`falseAlarm is ${show(falseAlarm)}: write a probability between 0 and 1`);
  }
  const checks = fields["checks"] ?? 1;
  if (typeof checks !== "number" || !Number.isInteger(checks) || checks < 1) {
    mistakes.push(`checks is ${show(checks)}: write a whole number of at least 1`);
  }
  const samples = new Map<Side, Sample[]>();
  for (const [name, side] of series) samples.set(side, readSeries(fields[name], side, mistakes));
  const read = readCheck(fields["check"], fields["baseline"] !== undefined);
  if ("mistakes" in read) mistakes.push(...read.mistakes);
  else mistakes.push(...totalsOf(samples, read.counted));
  if (mistakes.length > 0 || "mistakes" in read) return { id, error: mistakes.join("; ") };
  return { id, check: read, falseAlarm: Number(falseAlarm), checks: Number(checks), samples: inOrder(samples) };
}

/** A value with a total is a count, one without is none: a case is about the one or the other. */
function totalsOf(samples: ReadonlyMap<Side, readonly Sample[]>, counted: boolean): string[] {
  const numbers = [...samples.values()].flat().filter(({ value }) => Number.isFinite(value));
  const without = numbers.find(({ total }) => total === undefined);
  if (!without) return [];
  const at = `${without.side} at ${without.at / 1_000} s`;
  if (counted) return [`${at} has no total: shares and numbers of errors need [seconds, errors, lines]`];
  if (numbers.some(({ total }) => total !== undefined)) {
    return [`${at} has no total and others have: write [seconds, value, total] everywhere or nowhere`];
  }
  return [];
}

function readSeries(written: unknown, side: Side, mistakes: string[]): Sample[] {
  if (written === undefined || written === null) return [];
  if (Array.isArray(written)) return written.flatMap((point, i) => readPoint(point, i, side, undefined, mistakes));
  if (typeof written !== "object") {
    mistakes.push(`${side} is ${show(written)}: write a list of [seconds, value] or [seconds, value, total]`);
    return [];
  }
  return Object.entries(written).flatMap(([machine, points]) => {
    if (Array.isArray(points)) return points.flatMap((point, i) => readPoint(point, i, side, machine, mistakes));
    mistakes.push(`${side}.${show(machine)} is ${show(points)}: write a list of [seconds, value]`);
    return [];
  });
}

/** Mistakes beyond this many say nothing new. */
const MOST_MISTAKES = 5;

function readPoint(point: unknown, i: number, side: Side, machine: string | undefined, mistakes: string[]): Sample[] {
  if (Array.isArray(point) && point.length >= 2 && point.length <= 3 && typeof point[0] === "number") {
    const total = point[2];
    return [
      {
        side,
        at: point[0] * 1_000,
        value: readNumber(point[1]),
        ...(total === undefined ? {} : { total: readNumber(total) }),
        ...(machine === undefined ? {} : { machine }),
      },
    ];
  }
  if (mistakes.length < MOST_MISTAKES)
    mistakes.push(
      `${side}${machine === undefined ? "" : `.${show(machine)}`}[${i}] is ${show(Array.isArray(point) ? JSON.stringify(point) : point)}: write [seconds, value] or [seconds, value, total], the seconds as a number`,
    );
  return [];
}

/** JSON has no NaN and no infinities: null is NaN, and so is any text but the names of the infinities. */
function readNumber(written: unknown): number {
  if (typeof written === "number") return written;
  if (typeof written !== "string") return Number.NaN;
  const [, sign, infinite] = /^([+-]?)(Inf|Infinity)$/i.exec(written) ?? [];
  if (infinite === undefined) return Number.NaN;
  return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The past first, then the bake, each by time; control and candidate that were read at nearly the same time are put together. */
function inOrder(samples: ReadonlyMap<Side, Sample[]>): Sample[] {
  const of = (side: Side) => (samples.get(side) ?? []).sort((a, b) => a.at - b.at);
  const [history, candidate] = [of("history"), of("candidate")];
  const past = [...history, ...aligned(of("baselineHistory"), history)].sort((a, b) => a.at - b.at);
  const bake = [...candidate, ...aligned(of("baseline"), candidate)].sort((a, b) => a.at - b.at);
  return [...past, ...bake];
}

/** Moves each sample to the nearest time of the other side, where that lies within half the usual step between its times. */
function aligned(samples: readonly Sample[], to: readonly Sample[]): Sample[] {
  const times = [...new Set(to.map(({ at }) => at))];
  const steps = times.slice(1).map((at, i) => at - (times[i] ?? at));
  const step = steps.sort((a, b) => a - b)[steps.length >> 1];
  // A control that is read more often than the candidate is added up instead.
  if (step === undefined || new Set(samples.map(({ at }) => at)).size > 1.5 * times.length) return [...samples];
  let next = 0;
  return samples.map((sample) => {
    while (next < times.length - 1 && (times[next] ?? 0) < sample.at) next += 1;
    const [above, below] = [times[next] ?? sample.at, times[next - 1] ?? Number.NEGATIVE_INFINITY];
    const near = Math.abs(above - sample.at) <= Math.abs(sample.at - below) ? above : below;
    return Math.abs(near - sample.at) < step / 2 ? { ...sample, at: near } : sample;
  });
}
