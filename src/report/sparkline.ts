const BARS = "▁▂▃▄▅▆▇█";
const GAP = "·";

/**
 * Values as bars between the least and the greatest of them, at most `width` of them; where there are more, each bar is
 * the greatest of its share, so that no spike is lost. What is undefined or not finite is a dot.
 */
export function sparkline(values: readonly (number | undefined)[], width = 60): string {
  const finite = values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const bars = Math.max(1, Math.min(values.length, Math.floor(width)));
  let line = "";
  for (let bar = 0; bar < bars; bar += 1) {
    const from = Math.floor((bar * values.length) / bars);
    const to = Math.floor(((bar + 1) * values.length) / bars);
    let top: number | undefined;
    for (const value of values.slice(from, to)) {
      if (value !== undefined && Number.isFinite(value)) top = Math.max(top ?? value, value);
    }
    line += top === undefined ? GAP : barFor(top, low, high);
  }
  return line;
}

function barFor(value: number, low: number, high: number): string {
  // Halved, because the distance of the two largest numbers that there are is not finite.
  const range = high / 2 - low / 2;
  const share = range > 0 ? (value / 2 - low / 2) / range : 0;
  return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))] ?? GAP;
}
