import type { Quantity } from "./model.ts";

const UNITS: Readonly<Record<string, readonly [Quantity["unit"], number]>> = {
  "": ["", 1],
  "%": ["%", 0.01],
  ms: ["s", 0.001],
  s: ["s", 1],
  m: ["s", 60],
  h: ["s", 3_600],
  d: ["s", 86_400],
  B: ["B", 1],
  kB: ["B", 1e3],
  MB: ["B", 1e6],
  GB: ["B", 1e9],
  TB: ["B", 1e12],
  KiB: ["B", 2 ** 10],
  MiB: ["B", 2 ** 20],
  GiB: ["B", 2 ** 30],
  TiB: ["B", 2 ** 40],
};

const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

/** How a quantity with or without a unit is written. */
export const QUANTITY_PATTERN =
  /^(-?[0-9]{1,15}(?:\.[0-9]{1,15})?) ?(%|ms|s|m|h|d|B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?(?: per (second|minute|hour|day))?$/;

/** Reads `80`, `80%`, `500ms`, `1MiB` or `1MiB per hour` in base units (see {@link Quantity}); undefined for anything else. */
export function parseQuantity(written: string | number): Quantity | undefined {
  const text = String(written);
  if (typeof written === "number") {
    return Number.isFinite(written) ? { value: written, unit: "", perSecond: false, text } : undefined;
  }
  const [, digits, suffix = "", period] = QUANTITY_PATTERN.exec(text) ?? [];
  const [unit, factor] = UNITS[suffix] ?? ["", 1];
  if (digits === undefined) return undefined;
  // Dividing by 100 is exact where multiplying by 0.01 is not: 7% must be the number that 0.07 is.
  const amount =
    unit === "%" ? Number(digits) / 100 : suffix === "ms" ? Number(digits) / 1_000 : Number(digits) * factor;
  return {
    value: period === undefined ? amount : amount / (SECONDS[period] ?? 1),
    unit,
    perSecond: period !== undefined,
    text,
  };
}
