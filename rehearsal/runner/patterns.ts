/**
 * GitHub's filter patterns: `*` any run of characters but `/`, `**` any run, `?` and `+` repeat what stands before them,
 * `[a-z]` a set, `\` takes the next character as it is. Matched by sets of positions, so that no pattern can hang.
 */
export function patternMatches(pattern: string, name: string): boolean {
  return matches(readPattern(pattern, false), name);
}

/**
 * The patterns of `hashFiles` for paths: `*` and `?` within a folder, `**` across folders and for none, hidden files too.
 */
export function globMatches(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("**/");
  // Each `**/` stands for some folders or for none at all.
  const variants = rest.reduce((all, part) => all.flatMap((one) => [one + part, `${one}**/${part}`]), [first]);
  return variants.some((variant) => matches(readPattern(variant, true), name));
}

function matches(atoms: readonly Atom[], name: string): boolean {
  let states = closure(atoms, new Set([0]));
  for (const character of name) {
    const next = new Set<number>();
    for (const state of states) {
      const atom = atoms[state];
      if (!atom?.test(character)) continue;
      if (atom.many) next.add(state);
      next.add(state + 1);
    }
    states = closure(atoms, next);
  }
  return states.has(atoms.length);
}

interface Atom {
  readonly test: (character: string) => boolean;
  readonly optional: boolean;
  readonly many: boolean;
}

function closure(atoms: readonly Atom[], states: Set<number>): Set<number> {
  for (const state of states) if (atoms[state]?.optional) states.add(state + 1);
  return states;
}

function readPattern(pattern: string, glob: boolean): Atom[] {
  const atoms: Atom[] = [];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? "";
    if (character === "*") {
      const double = characters[i + 1] === "*";
      if (double) i++;
      atoms.push({ test: double ? () => true : (one) => one !== "/", optional: true, many: true });
      continue;
    }
    let test = (one: string): boolean => one === character;
    if (glob && character === "?") test = (one) => one !== "/";
    if (character === "\\") {
      i++;
      const literal = characters[i] ?? "\\";
      test = (one) => one === literal;
    } else if (character === "[") {
      const end = characters.indexOf("]", i);
      if (end > i) {
        test = setTest(characters.slice(i + 1, end));
        i = end;
      }
    }
    const repeat = glob ? undefined : characters[i + 1];
    if (repeat === "?" || repeat === "+") i++;
    atoms.push({ test, optional: repeat === "?", many: repeat === "+" });
  }
  return atoms;
}

function setTest(members: readonly string[]): (character: string) => boolean {
  const ranges: [string, string][] = [];
  for (let i = 0; i < members.length; i++) {
    const low = members[i] ?? "";
    const high = members[i + 1] === "-" ? members[i + 2] : undefined;
    if (high !== undefined) i += 2;
    ranges.push([low, high ?? low]);
  }
  return (character) => ranges.some(([low, high]) => character >= low && character <= high);
}
