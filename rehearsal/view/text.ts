/** Text from outside on one line, without what a terminal would obey: control characters, escapes, direction marks. */
export function harmless(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, " ")
    .replace(/[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim();
}

/** Cuts a text to so many columns, with an ellipsis where something is missing. */
export function shorten(text: string, columns: number): string {
  const points = Array.from(text);
  if (points.length <= columns) return text;
  return `${points.slice(0, Math.max(0, columns - 1)).join("")}…`;
}

/** `+ 12.3s` */
export function stamp(seconds: number): string {
  return `${seconds.toFixed(1).padStart(6)}s`;
}
