/** The outcomes of a check, a gate or a bake, from best to worst. */
export const phases = ["pass", "inconclusive", "error", "fail"] as const;

/** `pass`; `inconclusive`: too little to tell; `error`: could not be read; `fail`: the rule is broken. */
export type Phase = (typeof phases)[number];

/** The worst of the given phases; of none it is `inconclusive`, because nothing observed is never a pass. */
export function worst(of: Iterable<Phase>): Phase {
  let index = -1;
  for (const phase of of) index = Math.max(index, phases.indexOf(phase));
  return phases[index] ?? "inconclusive";
}
