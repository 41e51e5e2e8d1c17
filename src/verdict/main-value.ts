import type { Check } from "../pipeline/model.ts";

/** The number of a check that stands for it, of the values of one look, in base units; undefined where there is none. */
export function mainValue(check: Check, values: Readonly<Record<string, number>>): number | undefined {
  const value = pick(check, values);
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

function pick(check: Check, values: Readonly<Record<string, number>>) {
  const { latency, seconds, value, failures, errors } = values;
  switch (check.kind) {
    case "http":
      return latency;
    case "run":
      return seconds;
    case "junit":
      return failures === undefined || errors === undefined ? undefined : failures + errors;
    case "logs": {
      const of = values[check.rateOf ?? "lines"];
      return errors === undefined || !of ? undefined : errors / of;
    }
    default:
      return value;
  }
}
