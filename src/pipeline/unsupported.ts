/**
 * What the grammar carries and nothing implements yet: such a part is refused, never accepted and ignored. The change
 * that implements a part deletes its line here and adds it to `normalise.ts`. `*` stands for any name or index, `:` for
 * the kind of a source or check, `=` for a value of the key.
 */
export const unsupported: readonly { readonly where: string; readonly feature: string }[] = [
  { where: "checks.*:review", feature: "checks of reviews" },
  { where: "checks.*:status", feature: "checks of commit statuses" },
  { where: "checks.*:same", feature: "checks of parity" },
  { where: "checks.*:proof", feature: "checks of proof" },
  { where: "windows.*.zone=target", feature: "windows in the zone of each target" },
  { where: "fleet.runners", feature: "a fleet listed from its runners" },
  { where: "stages.*.waves", feature: "waves" },
  { where: "stages.*.one-at-a-time", feature: "targets one at a time" },
  { where: "stages.*.order-by", feature: "the order of targets" },
];
