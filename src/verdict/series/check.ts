import type { Bound, Check, MetricCheck } from "../../pipeline/model.ts";
import { nearest } from "../../pipeline/nearest.ts";
import { show } from "../../pipeline/problem.ts";
import { parseQuantity, QUANTITY_PATTERN } from "../../pipeline/quantities.ts";
import type { SeriesRule } from "./types.ts";

/** The rule for the series of a check of the pipeline file; undefined where the check has none. Limits that are arithmetic must have been worked out before. */
export function seriesRule(check: Check): SeriesRule | undefined {
  const base = { noData: check.noData, ...(check.tolerate ? { tolerate: check.tolerate } : {}) };
  if (check.kind === "logs" && check.maxRate) {
    return { ...base, limits: { max: check.maxRate.value }, unit: check.maxRate };
  }
  if (check.kind !== "metric") return undefined;
  const { slope, sigma, comparison } = check;
  const max = number(check.limits.max);
  const min = number(check.limits.min);
  const unit = unitOf(check);
  return {
    ...base,
    ...(max !== undefined || min !== undefined ? { limits: limitsOf(min, max) } : {}),
    ...(slope ? { slope: limitsOf(slope.min?.value, slope.max?.value) } : {}),
    ...(sigma ? { sigma: { max: sigma.max, sameHour: sigma.sameHour } } : {}),
    ...(comparison ? { comparison: { worse: comparison.worse, tolerance: comparison.tolerance } } : {}),
    ...(unit ? { unit } : {}),
  };
}

function number(bound: Bound | undefined): number | undefined {
  return bound && "value" in bound ? bound.value : undefined;
}

function limitsOf(min: number | undefined, max: number | undefined): { min?: number; max?: number } {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function unitOf({ limits: { max, min }, slope, total }: MetricCheck): SeriesRule["unit"] | undefined {
  const bound = [max, min].find((one) => one && "value" in one);
  if (bound && "value" in bound) return bound;
  if (total !== undefined) return { unit: "%", perSecond: false };
  const rate = slope?.max ?? slope?.min;
  return rate && { unit: rate.unit, perSecond: false };
}

/** Keys of a check that say how a series is judged. */
const judging = [
  "min",
  "max",
  "tolerate",
  "slope",
  "sigma",
  "worse",
  "tolerance",
  "no-data",
  "errors",
  "max-failures",
  "min-lines",
  "detect",
];
/** Keys that say where it comes from, what else is done with it, or that there is a control: they may stand there too. */
const reading = [
  "http",
  "status",
  "max-latency",
  "contains",
  "headers",
  "timeout",
  "metric",
  "logs",
  "json",
  "query",
  "total",
  "quantile",
  "value",
  "match",
  "ignore",
  "baseline",
  "dry-run",
];
/** Keys of kinds of checks, and of rules, that no series of numbers can be judged by, and why. */
const impossible: Readonly<Record<string, string>> = {
  run: "a command is judged by its exit status, look by look: it has no series",
  junit: "test reports are judged by themselves: they have no series",
  "new-signatures": "which kinds of errors are new is not in a series of numbers",
  fatal: "which errors are fatal is not in a series of numbers",
  "silent-hosts": "which hosts are silent is not in a series of numbers",
};
const keysOf: Readonly<Record<string, readonly string[]>> = {
  slope: ["max", "min"],
  sigma: ["max", "history", "same-hour"],
  errors: ["max-rate", "max-count", "of"],
};

/** A check that is judged by a series alone. */
export interface ReadCheck {
  readonly rule: SeriesRule;
  /** Of logs: the most events and the fewest exposures, over the whole bake. */
  readonly maxCount?: number;
  readonly minLines?: number;
  /** The rule is one of rates: every sample needs a total. */
  readonly counted: boolean;
}

/**
 * Reads a check as written in the pipeline file, where only the rule counts: `{ max: "5%", tolerate: "2 of 5" }`. With a
 * control and no rule at all it is a comparison. Answers what it says, or every mistake.
 */
export function readCheck(written: unknown, controlled: boolean): ReadCheck | { readonly mistakes: readonly string[] } {
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    return { mistakes: [`check is ${show(written)}: write it as in the pipeline file, { "max": "5%" }`] };
  }
  const check = written as Readonly<Record<string, unknown>>;
  const mistakes: string[] = [];
  const unknown = (key: string, known: readonly string[], where: string) => {
    const suggestion = nearest(key, known);
    mistakes.push(
      `unknown key ${show(key)} in ${where}: ${suggestion ? `did you mean ${suggestion}?` : `the keys are ${known.join(", ")}`}`,
    );
  };
  const beyond = Object.keys(check).filter((key) => Object.hasOwn(impossible, key));
  if (beyond.length > 0)
    return { mistakes: beyond.map((key) => `${key} cannot be replayed from a series: ${impossible[key]}`) };
  for (const key of Object.keys(check)) {
    if (![...judging, ...reading].includes(key)) unknown(key, judging, "check");
  }
  for (const [name, known] of Object.entries(keysOf)) {
    const inner = check[name];
    if (typeof inner !== "object" || inner === null) continue;
    for (const key of Object.keys(inner)) if (!known.includes(key)) unknown(key, known, name);
  }
  const quantity = (value: unknown, where: string) => {
    if (value === undefined) return undefined;
    const read =
      typeof value === "number" || (typeof value === "string" && QUANTITY_PATTERN.test(value))
        ? parseQuantity(value)
        : undefined;
    if (!read)
      mistakes.push(
        `${where} is ${show(value)}: write a number, with a unit where it has one (80%, 500ms, 1MiB per hour)`,
      );
    return read;
  };
  const mapping = (value: unknown, where: string): Readonly<Record<string, unknown>> | undefined => {
    if (value === undefined || value === null) return undefined;
    if (typeof value === "object" && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
    mistakes.push(`${where} is ${show(value)}: write a mapping`);
    return undefined;
  };
  const choice = <T extends string>(value: unknown, among: readonly T[], where: string, byDefault: T): T => {
    if (value === undefined) return byDefault;
    const found = among.find((one) => one === value);
    if (!found) mistakes.push(`${where} is ${show(value)}: write one of ${among.join(", ")}`);
    return found ?? byDefault;
  };

  const errors = mapping(check["errors"], "errors");
  const maxRate = quantity(errors?.["max-rate"], "errors.max-rate");
  if (maxRate?.perSecond)
    mistakes.push("errors.max-rate is a number in a time: a replayed series is judged by a share, 0.5%");
  const maxFailures = quantity(check["max-failures"], "max-failures");
  if (check["http"] !== undefined && !maxFailures) {
    mistakes.push("http needs max-failures to be replayed, from a series of [seconds, failures, answers]");
  }
  const max = quantity(check["max"], "max") ?? maxRate ?? maxFailures;
  const maxCount = whole(errors?.["max-count"], "errors.max-count", 0, mistakes);
  const minLines = whole(check["min-lines"], "min-lines", 1, mistakes);
  const min = quantity(check["min"], "min");
  const slope = mapping(check["slope"], "slope");
  const slopeMax = quantity(slope?.["max"], "slope.max");
  const slopeMin = quantity(slope?.["min"], "slope.min");
  const sigma = mapping(check["sigma"], "sigma");
  const sigmaMax = quantity(sigma?.["max"], "sigma.max")?.value;
  const sameHour = sigma?.["same-hour"] ?? false;
  if (typeof sameHour !== "boolean") mistakes.push(`sigma.same-hour is ${show(sameHour)}: write true or false`);
  if (sigma && !(sigmaMax !== undefined && sigmaMax > 0)) mistakes.push("sigma needs a max above 0");
  if (slope && slopeMax === undefined && slopeMin === undefined) mistakes.push("slope needs a max or a min");
  const tolerate = toleranceOf(check["tolerate"], mistakes);
  const worse = choice(check["worse"], ["higher", "lower", "different"], "worse", "higher");
  const tolerance = quantity(check["tolerance"], "tolerance")?.value ?? 0;
  if (tolerance < 0) mistakes.push(`tolerance is ${show(check["tolerance"])}: it cannot be below 0`);
  const detect = factorOf(check["detect"], mistakes);
  const noData = choice(check["no-data"], ["fail", "inconclusive"], "no-data", "fail");

  const other = max ?? min ?? slope ?? sigma ?? maxCount ?? minLines;
  const compares =
    ["baseline", "worse", "tolerance"].some((key) => check[key] !== undefined) || (controlled && other === undefined);
  if (!compares && other === undefined) {
    mistakes.push("check has no rule: write min, max, slope or sigma, or give a baseline to compare with");
  }
  if (tolerate && !max && !min)
    mistakes.push("tolerate goes with min or max: write the limit that it tolerates breaches of");
  if (mistakes.length > 0) return { mistakes };
  const unit = max ?? min ?? slopeMax ?? slopeMin;
  return {
    counted: maxRate !== undefined || maxFailures !== undefined || minLines !== undefined,
    ...(maxCount === undefined ? {} : { maxCount }),
    ...(minLines === undefined ? {} : { minLines }),
    rule: {
      noData,
      ...(max || min ? { limits: limitsOf(min?.value, max?.value) } : {}),
      ...(tolerate ? { tolerate } : {}),
      ...(detect === undefined ? {} : { detect }),
      ...(slope ? { slope: limitsOf(slopeMin?.value, slopeMax?.value) } : {}),
      ...(sigma && sigmaMax !== undefined ? { sigma: { max: sigmaMax, sameHour: sameHour === true } } : {}),
      ...(compares ? { comparison: { worse, tolerance } } : {}),
      ...(unit
        ? { unit: { unit: unit.unit, perSecond: unit.perSecond && unit !== slopeMax && unit !== slopeMin } }
        : {}),
    },
  };
}

function whole(written: unknown, where: string, least: number, mistakes: string[]): number | undefined {
  if (written === undefined) return undefined;
  if (typeof written === "number" && Number.isSafeInteger(written) && written >= least) return written;
  mistakes.push(`${where} is ${show(written)}: write a whole number of at least ${least}`);
  return undefined;
}

function factorOf(written: unknown, mistakes: string[]): number | undefined {
  if (written === undefined) return undefined;
  const [, factor] = (typeof written === "string" && /^([0-9]{1,4}(?:\.[0-9]{1,3})?)x$/.exec(written)) || [];
  if (factor !== undefined && Number(factor) > 1) return Number(factor);
  mistakes.push(`detect is ${show(written)}: write a factor above 1, 2x`);
  return undefined;
}

function toleranceOf(written: unknown, mistakes: string[]): { failures: number; of: number } | undefined {
  if (written === undefined) return undefined;
  const [, failures, of] = (typeof written === "string" && /^([0-9]{1,4}) of ([0-9]{1,4})$/.exec(written)) || [];
  if (failures !== undefined && of !== undefined && Number(failures) < Number(of)) {
    return { failures: Number(failures), of: Number(of) };
  }
  mistakes.push(`tolerate is ${show(written)}: write how many of how many, 2 of 5`);
  return undefined;
}
