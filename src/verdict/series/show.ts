import { formatNumber, formatPercent, formatValue } from "../../pipeline/format.ts";
import type { Quantity } from "../../pipeline/model.ts";
import type { SeriesRule } from "./types.ts";

/** A value in the unit of the rule. */
export function shown(value: number, { unit }: SeriesRule): string {
  return formatValue(value, unit ?? { unit: "", perSecond: false });
}

/** `21 of 1,000 (2.1%)`; events without a total alone. */
export function shownRate(events: number, total: number, counted: boolean): string {
  if (counted) return `${formatNumber(events)} of ${formatNumber(total)} (${formatPercent(events / total)})`;
  return `${formatNumber(events)} in ${formatNumber(total)} samples`;
}

/** `3.1x`. */
export function times(ratio: number): string {
  return `${formatNumber(ratio)}x`;
}

/** Where `evidence`, falling in its argument, crosses `threshold` between `from` and `to`; `from` where it starts below. */
export function crossing(evidence: (boundary: number) => number, threshold: number, from: number, to: number): number {
  if (!(evidence(from) >= threshold)) return from;
  let low = from;
  let high = to;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (evidence(middle) >= threshold) low = middle;
    else high = middle;
  }
  return low;
}

const scales = {
  "": [["", 1]],
  "%": [["%", 0.01]],
  s: [
    ["ms", 0.001],
    ["s", 1],
  ],
  B: [
    ["B", 1],
    ["KiB", 2 ** 10],
    ["MiB", 2 ** 20],
    ["GiB", 2 ** 30],
    ["TiB", 2 ** 40],
  ],
} as const;

/**
 * A value as the pipeline file takes it, in three digits, rounded up (down, for direction −1): a limit that is to allow
 * the value must not lie on the wrong side of it.
 */
export function asWritten(
  value: number,
  direction: 1 | -1,
  { unit, perSecond }: Pick<Quantity, "unit" | "perSecond">,
): string {
  const size = Math.abs(value);
  const [name, factor] = scales[unit].findLast(([, least]) => size >= least) ?? scales[unit][0];
  const scaled = value / factor;
  if (!Number.isFinite(scaled) || scaled === 0) return "0";
  const digit = 10 ** (Math.floor(Math.log10(Math.abs(scaled))) - 2);
  const steps = (direction > 0 ? Math.ceil : Math.floor)(Number((scaled / digit).toPrecision(12)));
  return `${Number((steps * digit).toPrecision(12))}${name}${perSecond ? " per second" : ""}`;
}
