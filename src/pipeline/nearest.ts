/** Edit distance with swaps of neighbours (Damerau–Levenshtein, optimal string alignment), over UTF-16 units. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The valid name that was most likely meant, or undefined where none is within a third of the name's length (at least two edits). */
export function nearest(name: string, valid: Iterable<string>): string | undefined {
  const names = [...valid];
  // Beyond what a person wrote the search is only a way to keep the parser busy.
  if (name.length > 100 || names.length > 500) return undefined;
  const plain = (text: string) => text.toLowerCase().replaceAll(/[_ ]/g, "-");
  const limit = Math.max(Math.floor(name.length / 3), Math.min(2, name.length - 1));
  let best: string | undefined;
  let least = limit + 1;
  const written = plain(name);
  for (const candidate of names) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const edits = distance(written, plain(candidate));
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}
