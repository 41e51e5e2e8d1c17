import { messageOf } from "../platform/errors.ts";

/**
 * What is wrong with a regular expression of the user, or undefined. It meets lines from outside, so what can take
 * exponential time is refused: a repeated group that repeats or chooses inside, back-references, and look-around.
 */
export function checkPattern(source: string): string | undefined {
  if (source.length > 1_000) return "the regular expression has more than 1,000 characters";
  try {
    new RegExp(source, "u");
  } catch (error) {
    return `not a regular expression: ${messageOf(error)
      .replace(/^Invalid regular expression: /, "")
      .slice(0, 200)}`;
  }
  // Escapes and character classes can hold neither groups nor repetitions: what is left is the skeleton.
  const skeleton = source
    .replaceAll(/\\(?:[1-9]|k<)/g, "\u0001")
    .replaceAll(/\\./gsu, "x")
    .replaceAll(/\[[^\]]*\]/g, "x");
  if (skeleton.includes("\u0001")) return "back-references can take exponential time: write the pattern without";
  if (/\(\?<?[=!]/.test(skeleton))
    return "look-ahead and look-behind are not allowed: use match and ignore together instead";
  const open: boolean[] = [];
  let last = false;
  for (let i = 0; i < skeleton.length; i++) {
    const rest = skeleton.slice(i, i + 12);
    const repeats = /^(?:[*+]|\{\d+,?\d*\})/.test(rest);
    if (repeats && last) {
      return "a repeated group that itself repeats or chooses, such as (a+)* or (a|b)*, can take exponential time: write it without";
    }
    if (skeleton[i] === "(") open.push(false);
    last = false;
    if (skeleton[i] === ")") {
      last = open.pop() ?? false;
      if (last && open.length > 0) open[open.length - 1] = true;
    }
    if (repeats || skeleton[i] === "|") if (open.length > 0) open[open.length - 1] = true;
  }
  return undefined;
}
