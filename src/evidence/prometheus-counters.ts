import type { Sample, Side } from "../verdict/series/types.ts";
import type { PrometheusSeries } from "./prometheus-api.ts";
import { machineLabel, nameOf } from "./prometheus-machines.ts";

/**
 * Increases of the counters of one side, from evaluation to evaluation. A value below the one before is a restart and
 * has grown by itself; a series that was not there at the first evaluation has grown from 0.
 */
export class CounterGrowth {
  readonly #last: Map<string, number>;
  #begun: boolean;

  constructor(last: ReadonlyMap<string, number> = new Map(), begun = false) {
    this.#last = new Map(last);
    this.#begun = begun;
  }

  copy(): CounterGrowth {
    return new CounterGrowth(this.#last, this.#begun);
  }

  /** One sample for each machine and time but the very first: events of the query among those of the total. */
  take(
    query: readonly PrometheusSeries[],
    total: readonly PrometheusSeries[],
    times: readonly number[],
    side: Side,
    text: string,
  ): Sample[] {
    const label = machineLabel([...query, ...total], text);
    const machines = new Set(total.map(({ labels }) => nameOf(labels, label)));
    for (const { labels } of query) {
      const machine = nameOf(labels, label);
      if (!machines.has(machine))
        throw new Error(`the total of the query ${text} has no series with ${label ?? "label"}="${machine ?? ""}"`);
    }
    const values = [...indexed(query, "query"), ...indexed(total, "total")];
    const samples: Sample[] = [];
    for (const at of times) {
      const sums = new Map([...machines].map((machine) => [machine, { query: 0, total: 0 }]));
      for (const { key, role, labels, at: points } of values) {
        const value = points.get(at);
        if (value === undefined || !Number.isFinite(value)) continue;
        const before = this.#last.get(key);
        this.#last.set(key, value);
        const sum = sums.get(nameOf(labels, label));
        if (!sum || !this.#begun) continue;
        sum[role] += before === undefined || value < before ? value : value - before;
      }
      if (this.#begun) {
        for (const [machine, sum] of sums)
          samples.push({ side, at, value: sum.query, total: sum.total, ...(machine !== undefined && { machine }) });
      }
      this.#begun = true;
    }
    return samples;
  }
}

interface Indexed {
  readonly key: string;
  readonly role: "query" | "total";
  readonly labels: ReadonlyMap<string, string>;
  readonly at: ReadonlyMap<number, number>;
}

function indexed(series: readonly PrometheusSeries[], role: Indexed["role"]): Indexed[] {
  return series.map(({ labels, points }) => ({
    key: JSON.stringify([role, [...labels].sort(([a], [b]) => (a < b ? -1 : 1))]),
    role,
    labels,
    at: new Map(points),
  }));
}
