import { complementOf, mostlyHappens, Rest } from "./complement.ts";
import { CountComparison } from "./count-comparison.ts";
import { isPlainCount } from "./counts.ts";
import { type ComparisonRule, directions } from "./direction.ts";
import { PastComparison } from "./past-comparison.ts";
import type { Finding, Look, Part } from "./types.ts";
import { ValueComparison } from "./value-comparison.ts";

/** Candidate against control; against its own past where there is no control. */
export function comparison(rule: ComparisonRule, alpha: number): Part {
  const sides = directions(rule, alpha);
  const counts = new CountComparison(sides);
  const rest = new Rest();
  const complement = new CountComparison(rest.directions(sides));
  let mostly: boolean | undefined;
  const values = new ValueComparison(rule, sides);
  const past = new PastComparison(rule, sides);
  let counted: boolean | undefined;
  let whole = true;
  let controlled = false;

  const asCounts = () => counted === true || (counted === false && whole);
  const read = ({ candidate, baseline }: Look) => {
    const sample = candidate[0] ?? baseline[0];
    if (counted === undefined && sample) counted = sample.total !== undefined;
    if (counted && candidate.length > 0 && baseline.length > 0)
      mostly ??= mostlyHappens({ at: 0, candidate, baseline });
    if (counted === false) whole &&= candidate.every(isPlainCount) && baseline.every(isPlainCount);
  };

  return {
    past(look) {
      read(look);
      if (asCounts()) counts.past(look);
      if (mostly) complement.past(complementOf(look));
      if (counted === false) values.past(look);
      past.past(look);
    },
    take(look) {
      read(look);
      controlled ||= look.baseline.length > 0;
      if (mostly) rest.add(look);
      const byCounts = asCounts() && (mostly ? complement.take(complementOf(look)) : counts.take(look));
      const byValues = counted === false && values.take(look);
      if (controlled) return asCounts() ? byCounts : byValues;
      return past.take(look);
    },
    last: () => controlled && counted === false && !asCounts() && values.last(),
    finding(): Finding {
      if (!controlled) return past.finding();
      if (mostly) return rest.finding(complement.finding());
      return asCounts() ? counts.finding() : values.finding();
    },
  };
}
