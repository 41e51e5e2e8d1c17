/** Shorter values would mask half of every text, and protect nothing. */
const SHORTEST_SECRET = 4;

export const MASK = "***";

/** A function that replaces every one of the given values in a text by `***`, the longest first. */
export function masker(secrets: Iterable<string>): (text: string) => string {
  const values = new Set<string>();
  for (const secret of secrets) {
    // A header "Bearer abc" is also secret in its parts, and in the form in which a URL shows it.
    for (const part of [secret, ...secret.split(/\s+/)]) {
      if (part.length < SHORTEST_SECRET || /^(bearer|basic|token|digest)$/i.test(part)) continue;
      values.add(part);
      values.add(encodeURIComponent(part.toWellFormed()));
      values.add(JSON.stringify(part).slice(1, -1));
    }
  }
  const ordered = [...values].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((masked, value) => masked.replaceAll(value, MASK), text);
}
