import type { Quantity } from "./model.ts";

/** Significant digits that people are shown unless two numbers would look alike. */
const DIGITS = 3;
const MOST_DIGITS = 17;

/** A number for people: `1,204`, `0.031`, `2.5e-9`; integers are never rounded. */
export function formatNumber(value: number, digits: number = DIGITS): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-6)) {
    return value.toExponential(Math.max(0, digits - 1)).replace(/\.?0+e/, "e");
  }
  if (Number.isInteger(value)) return group(String(value === 0 ? 0 : value));
  const decimals = Math.min(Math.max(0, digits - 1 - Math.floor(Math.log10(size))), 30);
  return group(trimZeros(value.toFixed(decimals)));
}

/** A fraction as percent: 0.021 is `2.1%`. */
export function formatPercent(fraction: number, digits: number = DIGITS): string {
  if (!Number.isFinite(fraction)) return formatNumber(fraction);
  return `${formatNumber(roundBinary(fraction * 100), digits)}%`;
}

const durationUnits = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** Milliseconds in at most two units: `12h`, `1h 30m`, `2d 4h`, `45s`, `350ms`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return formatNumber(ms);
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 1_000) return `${formatNumber(ms)}ms`;
  if (ms < 60_000) return `${formatNumber(ms / 1_000)}s`;
  let first = durationUnits.findIndex(([, size]) => ms >= size);
  const small = durationUnits[first + 1]?.[1] ?? 1_000;
  const rounded = Math.round(ms / small) * small;
  first = durationUnits.findIndex(([, size]) => rounded >= size);
  const [unit, size] = durationUnits[first] ?? ["s", 1_000];
  const [nextUnit, nextSize] = durationUnits[first + 1] ?? ["s", 1_000];
  const rest = Math.round((rounded % size) / nextSize);
  return `${formatNumber(Math.floor(rounded / size))}${unit}${rest > 0 && nextSize < size ? ` ${rest}${nextUnit}` : ""}`;
}

const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Bytes in binary units: `1.5 MiB`. */
export function formatBytes(bytes: number, digits: number = DIGITS): string {
  if (!Number.isFinite(bytes)) return formatNumber(bytes);
  let size = Math.abs(bytes);
  let unit = 0;
  while (size >= 1_024 && unit < byteUnits.length - 1) {
    size /= 1_024;
    unit += 1;
  }
  return `${formatNumber(bytes < 0 ? -size : size, digits)} ${byteUnits[unit] ?? "B"}`;
}

/** A value in the base unit of a quantity: fraction, seconds, bytes or plain; `perSecond` adds `/s`. */
export function formatValue(
  value: number,
  kind: Pick<Quantity, "unit" | "perSecond">,
  digits: number = DIGITS,
): string {
  return `${inUnit(value, kind.unit, digits)}${kind.perSecond ? "/s" : ""}`;
}

function inUnit(value: number, unit: Quantity["unit"], digits: number): string {
  switch (unit) {
    case "%":
      return formatPercent(value, digits);
    case "s":
      if (!Number.isFinite(value)) return formatNumber(value);
      return Math.abs(value) >= 60 ? formatDuration(value * 1_000) : formatSeconds(value, digits);
    case "B":
      return formatBytes(value, digits);
    case "":
      return formatNumber(value, digits);
  }
}

function formatSeconds(value: number, digits: number): string {
  const size = Math.abs(value);
  return size > 0 && size < 1 && size >= 1e-6
    ? `${formatNumber(roundBinary(value * 1_000), digits)}ms`
    : `${formatNumber(value, digits)}s`;
}

/**
 * A value beside the limit that it breaks, with as many digits as it takes for the two to differ, so that no reason
 * ever reads `0.5% > 0.5%`.
 */
export function formatAgainst(value: number, limit: number, kind: Pick<Quantity, "unit" | "perSecond">): string {
  if (value === limit) return formatValue(value, kind);
  for (let digits = DIGITS; digits <= MOST_DIGITS; digits += 1) {
    const text = formatValue(value, kind, digits);
    if (text !== formatValue(limit, kind, digits)) return text;
  }
  return `${String(value)}${kind.perSecond ? "/s" : ""}`;
}

/** `1 line`, `1,000 lines`. */
export function formatCount(count: number, singular: string, plural: string = `${singular}s`): string {
  return `${formatNumber(count)} ${count === 1 ? singular : plural}`;
}

/** An instant (milliseconds since the epoch) in UTC: `2026-11-20 21:52 UTC`. */
export function formatInstant(at: number): string {
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return "an unknown time";
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Cuts to at most `length` code points, the last of which is `…` where something was cut. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const points = Array.from(text.slice(0, length * 2 + 2));
  return points.length <= length && text.length <= length * 2 + 2
    ? text
    : `${points.slice(0, Math.max(0, length - 1)).join("")}…`;
}

/** 0.021 * 100 is 2.1000000000000001 in binary; fifteen digits say what was meant. */
function roundBinary(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(15)) : value;
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function group(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** The last line of a text that says something, at most 120 characters of it: what a command said before it failed. */
export function lastLine(text: string): string {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  return cut(lines.at(-1)?.trim() ?? "", 120);
}
