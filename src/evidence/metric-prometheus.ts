import type { Check, MetricCheck, Source } from "../pipeline/model.ts";
import type { Sample, Side } from "../verdict/series/types.ts";
import { sourceTexts } from "./logs.ts";
import { type PrometheusSeries, type PrometheusServer, queryAt, queryRange } from "./prometheus-api.ts";
import { CounterGrowth } from "./prometheus-counters.ts";
import { machineLabel, nameOf } from "./prometheus-machines.ts";
import { defineReader, namesTarget, type Place, type Reader, type Reading } from "./reader.ts";
import { valuesOf } from "./sides.ts";

type PrometheusCheck = MetricCheck & { readonly source: Source & { readonly kind: "prometheus" } };

/** Points of the past that are read of each series at most. */
const MOST_PAST = 1_000;
/** Points of one query; servers refuse more than 11,000. */
const MOST_POINTS = 10_000;

/**
 * A metric of a Prometheus server, or of what answers like it, beside its control and their past. Observed as `samples`
 * and the `values` of `valuesOf`.
 * - In a bake it is read at the steps of the bake since the look before, at the first look since the deploy, so that a
 *   single look at the end sees what many would have seen. In a gate it is read at the time of the look.
 * - With `total`, query and total are counters, and their increase since the step before is taken here, as
 *   `metric-scrape` does: a lower value is a restart, a series that appears has grown from 0.
 * - Several series are machines; see `machineLabel`.
 * - A query that answers nothing is no data, with the query in the reason.
 */
export const metricPrometheus = defineReader<PrometheusCheck>({
  is: (check: Check): check is PrometheusCheck => check.kind === "metric" && check.source.kind === "prometheus",
  perTarget: (check) => namesTarget([...sourceTexts(check.source), check.query, check.total ?? ""]),
  open: (check, place, ports): Reader => {
    const server = (): PrometheusServer => ({
      fetch: ports.fetch,
      url: place.fill(check.source.url),
      headers: Object.fromEntries(
        Object.entries(check.source.headers).map(([name, value]) => [name, place.fill(value)]),
      ),
      ...(place.scope.signal && { signal: place.scope.signal }),
    });
    const sides = sidesOf(check, place);
    let last: number | undefined;
    let past: readonly Sample[] | undefined;
    let growth = new Map<Side, CounterGrowth>();

    return {
      async read({ since, until }) {
        const at = server();
        const notes = new Set<string>();
        if (past === undefined) past = await readPast(check, sides, at, since, place.scope.every, notes);
        const times = grid(since, until, last, place.scope.every, check.total !== undefined);
        if (times === undefined) return { values: {}, points: 0, pending: "no time has passed since the look before" };
        // Kept only once everything was read, so that a look that failed is made up for by the next.
        const grown = new Map([...growth].map(([side, one]) => [side, one.copy()]));
        const samples: Sample[] = [];
        const absent: string[] = [];
        for (const { side, query, total } of sides) {
          const found = await evaluate(at, query, times, notes);
          const exposure = total === undefined ? undefined : await evaluate(at, total, times, notes);
          for (const [text, series] of [
            [query, found],
            [total, exposure],
          ] as const) {
            if (series?.length === 0) absent.push(`the query ${text} answers nothing`);
          }
          if (found.length === 0 || exposure?.length === 0) continue;
          if (!exposure) samples.push(...plain(found, side, query));
          else {
            const counter = grown.get(side) ?? new CounterGrowth();
            grown.set(side, counter);
            samples.push(...counter.take(found, exposure, times, side, query));
          }
        }
        samples.sort((a, b) => a.at - b.at);
        const counted = check.total !== undefined;
        const values = valuesOf(samples, counted);
        const ours = samples.filter(({ side }) => side === "candidate");
        const points = counted ? (values["total"] ?? 0) : ours.length;
        const note = [...notes].join("; ");
        const handed = last === undefined ? [...past, ...samples] : samples;
        if (absent.length === 0) {
          last = until;
          growth = grown;
        }
        const reading: Reading = {
          // Of many steps, the newest is what people want to see.
          values: counted ? values : valuesOf(newest(samples), false),
          points,
          ...(absent.length === 0 && handed.length > 0 && { samples: handed }),
          ...(note !== "" && { note }),
        };
        if (absent[0] !== undefined) return { ...reading, points: 0, absent: absent.join("; ") };
        if (counted && ours.length === 0)
          return { ...reading, pending: `first look at the counter ${check.query}: its increase shows at the next` };
        if (points === 0)
          return { ...reading, absent: `${check.total ?? check.query} has not grown since the look before` };
        return reading;
      },
    };
  },
});

interface SideQuery {
  readonly side: "candidate" | "baseline";
  readonly query: string;
  readonly total?: string;
}

function sidesOf(check: PrometheusCheck, place: Place): readonly SideQuery[] {
  const { query, total, comparison } = check;
  const filled = (
    side: SideQuery["side"],
    of: { readonly query: string; readonly total?: string | undefined },
  ): SideQuery => ({
    side,
    query: place.fill(of.query),
    ...(of.total !== undefined && { total: place.fill(of.total) }),
  });
  const own = filled("candidate", { query, total });
  if (!comparison) return [own];
  const { baseline } = comparison;
  return [own, filled("baseline", { query: baseline.query ?? query, total: baseline.total ?? total })];
}

/**
 * The times to evaluate at, none after `until`; undefined where there are none. Counters need a time before the first.
 */
function grid(
  since: number,
  until: number,
  last: number | undefined,
  every: number | undefined,
  counted: boolean,
): number[] | undefined {
  if (every === undefined) {
    if (last === undefined && counted && until > since) return [since, until];
    return last === undefined || until > last ? [until] : undefined;
  }
  const from = last ?? (counted ? since - 1 : since);
  const step = Math.max(every, (until - from) / MOST_POINTS);
  const count = Math.floor((until - from - 1) / step) + 1;
  // Looks are seldom in time to the millisecond: half a step is none of its own.
  const steps = last === undefined ? count : Math.max(1, Math.round((until - from) / step));
  if (!(until > from)) return undefined;
  return Array.from({ length: Math.max(1, steps) }, (_, i) => Math.round(until - (Math.max(1, steps) - 1 - i) * step));
}

async function evaluate(
  server: PrometheusServer,
  query: string,
  times: readonly number[],
  notes: Set<string>,
): Promise<readonly PrometheusSeries[]> {
  const [start = 0] = times;
  const end = times.at(-1) ?? start;
  const step = times.length > 1 ? (end - start) / (times.length - 1) : 0;
  const { series, warnings } =
    times.length > 1 ? await queryRange(server, query, { start, end, step }) : await queryAt(server, query, end);
  for (const warning of warnings) notes.add(warning);
  // The server counts its steps in its own rounding: a point belongs to the nearest time that was asked for.
  const snapped = (at: number) =>
    times[step > 0 ? Math.min(times.length - 1, Math.max(0, Math.round((at - start) / step))) : 0] ?? at;
  return series.map(({ labels, points }) => ({
    labels,
    points: points.map(([at, value]) => [snapped(at), value] as const),
  }));
}

async function readPast(
  check: PrometheusCheck,
  sides: readonly SideQuery[],
  server: PrometheusServer,
  since: number,
  every: number | undefined,
  notes: Set<string>,
): Promise<readonly Sample[]> {
  const length = Math.max(check.sigma?.history ?? 0, check.comparison?.baseline.history ?? 0);
  if (length === 0 || every === undefined) return [];
  const step = Math.max(every, length / MOST_PAST);
  const count = Math.max(1, Math.floor(length / step));
  const times = Array.from({ length: count }, (_, i) => Math.round(since - (count - i) * step));
  const samples: Sample[] = [];
  for (const { side, query, total } of sides) {
    const pastSide = side === "candidate" ? "history" : "baselineHistory";
    const found = await evaluate(server, query, times, notes);
    const exposure = total === undefined ? undefined : await evaluate(server, total, times, notes);
    if (found.length === 0) notes.add(`the query ${query} answers nothing from before the deploy`);
    else if (exposure) samples.push(...new CounterGrowth().take(found, exposure, times, pastSide, query));
    else samples.push(...plain(found, pastSide, query));
  }
  return samples.sort((a, b) => a.at - b.at);
}

function plain(series: readonly PrometheusSeries[], side: Side, query: string): Sample[] {
  const label = machineLabel(series, query);
  const seen = new Set<string>();
  return series.flatMap(({ labels, points }) => {
    const machine = nameOf(labels, label);
    return points.map(([at, value]): Sample => {
      const key = `${at} ${machine ?? ""}`;
      if (seen.has(key)) {
        throw new Error(
          `the query ${query} answers several series of ${label ?? "one machine"} "${machine ?? ""}": add them up, sum by (${label ?? "instance"}) (…)`,
        );
      }
      seen.add(key);
      return { side, at, value, ...(machine !== undefined && { machine }) };
    });
  });
}

function newest(samples: readonly Sample[]): readonly Sample[] {
  return (["candidate", "baseline"] as const).flatMap((side) => {
    const own = samples.filter((sample) => sample.side === side);
    const at = own.at(-1)?.at;
    return own.filter((sample) => sample.at === at);
  });
}
