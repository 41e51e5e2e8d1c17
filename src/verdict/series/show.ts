import { formatNumber, formatPercent, formatValue } from "../../pipeline/format.ts";
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
