import type { PrometheusSeries } from "./prometheus-api.ts";

/** Labels by which machines are commonly told apart, the most usual first. */
const USUAL = ["instance", "target", "host", "hostname", "node", "machine", "pod"];
const LISTED = 5;

/**
 * The label that tells the machines of some series apart: the first usual one that differs among them, else the only
 * one that differs, else, of series that all have it, the first usual one; undefined for a single nameless machine.
 * Throws an Error that names the labels where several differ and none is usual.
 */
export function machineLabel(series: readonly PrometheusSeries[], query: string): string | undefined {
  const values = new Map<string, Set<string>>();
  for (const { labels } of series) for (const name of labels.keys()) values.set(name, new Set());
  for (const [name, of] of values) for (const { labels } of series) of.add(labels.get(name) ?? "");
  const differing = [...values].filter(([, of]) => of.size > 1).map(([name]) => name);
  const usual = USUAL.find((name) => differing.includes(name));
  if (usual !== undefined) return usual;
  const others = differing.filter((name) => name !== "__name__");
  if (others.length > 1) {
    const named = others.slice(0, LISTED).join(", ") + (others.length > LISTED ? ", …" : "");
    throw new Error(
      `the query ${query} answers ${series.length} series that differ in ${named}, and none of these names a machine: add them up, sum by (instance) (…)`,
    );
  }
  return others[0] ?? USUAL.find((name) => values.has(name));
}

/** The machine of a series. */
export function nameOf(labels: ReadonlyMap<string, string>, label: string | undefined): string | undefined {
  return label === undefined ? undefined : labels.get(label);
}
