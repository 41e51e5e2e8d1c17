import type { Check, MetricCheck, Source } from "../pipeline/model.ts";
import { nearest } from "../pipeline/nearest.ts";
import {
  type Exposition,
  ExpositionError,
  type MetricType,
  parseExposition,
  type Series,
  seriesKey,
} from "./exposition.ts";
import { sourceTexts } from "./logs.ts";
import { bucketQuantile } from "./quantile.ts";
import {
  defineReader,
  type EvidencePorts,
  type Look,
  namesTarget,
  type Place,
  type Reader,
  type Reading,
} from "./reader.ts";
import { request } from "./request.ts";
import { parseSelector, type Selector, select } from "./selector.ts";

type ScrapeSource = Source & { readonly kind: "scrape" };
type ScrapeCheck = MetricCheck & { readonly source: ScrapeSource };

const BODY_LIMIT = 32 * 1024 * 1024;
const TIMEOUT = 10_000;
const REDIRECTS = 3;
const ACCEPT = "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.8";

/**
 * A metric read from the service itself, without a metrics server.
 * - A gauge is `{ value }`, the sum where several series match.
 * - A counter is `{ value, increase }`: its increase per second since the look before. What counts as one: its declared
 *   type, the parts of a histogram or summary that only grow, and undeclared names that end in `_total`.
 * - With `total`: `{ value, events, total, requests }`, the increase of the query, that of the total (twice, `requests`
 *   is the name of the volume), and their ratio; `points` is the increase of the total.
 * - With `quantile`: `{ value, requests }`, from the increases of the histogram's buckets.
 *
 * A counter that is lower than before was reset by a restart and has grown by its new value; a series that was not there
 * before has grown from 0. The first look at a counter is pending. A name that the answer does not have is no data.
 * Where other series of a counter exist but none matches the labels, nothing was counted there yet: an increase of 0.
 */
export const metricScrape = defineReader<ScrapeCheck>({
  is: (check: Check): check is ScrapeCheck => check.kind === "metric" && check.source.kind === "scrape",
  perTarget: (check) => namesTarget([...sourceTexts(check.source), check.query, check.total ?? ""]),
  open: (check, place, ports): Reader => {
    let before: Snapshot | undefined;
    return {
      async read(look) {
        const query = parseSelector(place.fill(check.query));
        const total = check.total === undefined ? undefined : parseSelector(place.fill(check.total));
        const { exposition, at } = await scrape(check.source, place, ports, look);
        const wanted = check.quantile === undefined ? query : { ...query, name: bucketName(query.name, exposition) };
        const found = find(wanted, exposition);
        if ("absent" in found) return none(found.absent);
        const exposure = total && find(total, exposition);
        if (exposure && "absent" in exposure) return none(exposure.absent);

        const counted = check.quantile !== undefined || total !== undefined || isCounter(wanted.name, exposition);
        if (!counted) {
          if (found.series.length === 0) return none(noSeries(wanted, found.all));
          return { values: { value: sum(found.series.map(({ value }) => value)) }, points: found.series.length };
        }
        for (const { name } of [wanted, ...(total ? [total] : [])]) {
          if (declaredType(name, exposition) === "gauge") {
            throw new Error(
              `${name} is a gauge, and ${check.quantile === undefined ? "total" : "quantile"} needs counters`,
            );
          }
        }
        const now: Snapshot = { at, query: snapshot(found.series), total: snapshot(exposure?.series ?? []) };
        const last = before;
        before = now;
        if (!last || !(now.at > last.at)) {
          return {
            values: {},
            points: 0,
            pending: `first look at the counter ${query.text}: its increase shows at the next`,
          };
        }
        return counterReading(check, { found: found.series, last, now, name: query.text });
      },
    };
  },
});

interface Snapshot {
  readonly at: number;
  readonly query: ReadonlyMap<string, number>;
  readonly total: ReadonlyMap<string, number>;
}

interface Change {
  readonly found: readonly Series[];
  readonly last: Snapshot;
  readonly now: Snapshot;
  readonly name: string;
}

function counterReading(check: MetricCheck, { found, last, now, name }: Change): Reading {
  const seconds = (now.at - last.at) / 1_000;
  if (check.quantile !== undefined) {
    const grown = new Map<number, number>();
    for (const series of found) {
      const bound = boundOf(series);
      grown.set(bound, (grown.get(bound) ?? 0) + growth(last.query, seriesKey("", series.labels), series.value));
    }
    const requests = grown.get(Number.POSITIVE_INFINITY) ?? Number.NaN;
    if (Number.isNaN(requests)) throw new Error(`${name} has no bucket le="+Inf"`);
    if (!(requests > 0)) return quiet(name, { requests: 0 });
    const value = bucketQuantile(
      check.quantile,
      Array.from(grown, ([bound, count]) => ({ bound, count })),
    );
    return { values: { value, requests }, points: requests };
  }
  const events = increase(last.query, now.query);
  if (check.total === undefined)
    return { values: { value: events / seconds, increase: events }, points: found.length || 1 };
  const requests = increase(last.total, now.total);
  if (Number.isNaN(requests) || Number.isNaN(events)) throw new Error(`a counter of ${name} or its total is NaN`);
  if (!(requests > 0)) return quiet(check.total, { events, total: 0, requests: 0 });
  return { values: { value: events / requests, events, total: requests, requests }, points: requests };
}

function quiet(name: string, values: Readonly<Record<string, number>>): Reading {
  return { values, points: 0, absent: `${name} has not grown since the look before` };
}

function snapshot(series: readonly Series[]): ReadonlyMap<string, number> {
  return new Map(series.map(({ labels, value }) => [seriesKey("", labels), value]));
}

function increase(last: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): number {
  return sum(Array.from(now, ([key, value]) => growth(last, key, value)));
}

function growth(last: ReadonlyMap<string, number>, key: string, value: number): number {
  const before = last.get(key) ?? 0;
  return value < before ? value : value - before;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function boundOf(series: Series): number {
  const text = series.labels.get("le") ?? "";
  const bound = /^\+?inf$/i.test(text) ? Number.POSITIVE_INFINITY : Number(text);
  if (text.trim() === "" || Number.isNaN(bound)) throw new Error(`a bucket has the bound le="${text.slice(0, 40)}"`);
  return bound;
}

async function scrape(
  source: ScrapeSource,
  place: Place,
  { fetch, clock }: EvidencePorts,
  look: Look,
): Promise<{ exposition: Exposition; at: number }> {
  const url = place.fill(source.url);
  const headers = Object.fromEntries(Object.entries(source.headers).map(([name, value]) => [name, place.fill(value)]));
  return look.once(JSON.stringify(["scrape", url, headers]), async () => {
    const answer = await request(fetch, url, {
      headers: { accept: ACCEPT, ...headers },
      timeout: TIMEOUT,
      limit: BODY_LIMIT,
      redirects: REDIRECTS,
      ...(place.scope.signal && { signal: place.scope.signal }),
    });
    const at = clock.now();
    if (!answer.ok) throw new Error(`${url}: ${answer.reason}`);
    if (answer.status !== 200) throw new Error(`${url}: status ${answer.status}`);
    if (answer.cut) throw new Error(`${url}: the answer is larger than ${BODY_LIMIT} bytes`);
    try {
      return {
        exposition: parseExposition(answer.body, /^\s*application\/openmetrics-text\b/i.test(answer.contentType)),
        at,
      };
    } catch (error) {
      if (!(error instanceof ExpositionError)) throw error;
      throw new Error(`${url} is not in the Prometheus text format: ${error.message}`, { cause: error });
    }
  });
}

type Found = { readonly series: readonly Series[]; readonly all: readonly Series[] } | { readonly absent: string };

function find(selector: Selector, exposition: Exposition): Found {
  const all = exposition.series.get(selector.name);
  if (!all) {
    if (declaredType(selector.name, exposition) !== undefined) return { series: [], all: [] };
    return {
      absent: `no metric "${selector.name}" for the query ${selector.text}; ${nearestNames(selector.name, exposition)}`,
    };
  }
  const series = select(all, selector.matchers);
  if (series.length === 0) {
    const unknown = selector.matchers.find(({ label }) => !all.some(({ labels }) => labels.has(label)));
    if (unknown) {
      const labels = new Set(all.flatMap((one) => [...one.labels.keys()]));
      return {
        absent: `no series of ${selector.name} has the label "${unknown.label}"; there are ${listed(labels) || "none"}`,
      };
    }
  }
  return { series, all };
}

function noSeries(selector: Selector, all: readonly Series[]): string {
  const labels = selector.matchers.map(({ label }) => label);
  const values = labels.map((label) => `${label}: ${listed(new Set(all.map((one) => one.labels.get(label) ?? '""')))}`);
  return `no series matches ${selector.text}${values.length > 0 ? `; there are ${values.join("; ")}` : ""}`;
}

const LISTED = 5;

function listed(names: ReadonlySet<string>): string {
  const shown = [...names].slice(0, LISTED).map((name) => name.slice(0, 60));
  return shown.join(", ") + (names.size > LISTED ? ", …" : "");
}

const MOST_COMPARED = 5_000;

function nearestNames(name: string, { series }: Exposition): string {
  const names = new Set([...series.keys()].slice(0, MOST_COMPARED).filter((candidate) => candidate.length <= 200));
  const found: string[] = [];
  for (let near = nearest(name, names); near !== undefined && found.length < 3; near = nearest(name, names)) {
    found.push(near);
    names.delete(near);
  }
  if (found.length > 0) return `nearest: ${found.join(", ")}`;
  return series.size === 0 ? "the answer has no metrics at all" : `there are ${listed(names)}`;
}

const growing: readonly string[] = ["_total", "_bucket", "_count", "_sum"];

/** The type of the family to which the series of this name belong; undefined where none is declared. */
function declaredType(name: string, { types }: Exposition): MetricType | undefined {
  const own = types.get(name);
  if (own !== undefined) return own;
  for (const suffix of growing) {
    const type = name.endsWith(suffix) ? types.get(name.slice(0, -suffix.length)) : undefined;
    const fits = suffix === "_total" ? type === "counter" : type === "histogram" || type === "summary";
    if (type !== undefined && fits) return type;
  }
  return undefined;
}

function isCounter(name: string, exposition: Exposition): boolean {
  const type = declaredType(name, exposition);
  if (type === "counter") return true;
  if (type === "histogram") return true;
  // The quantiles of a summary go up and down, its count and sum only grow.
  if (type === "summary") return name.endsWith("_count") || name.endsWith("_sum");
  return (type === undefined || type === "unknown") && name.endsWith("_total");
}

function bucketName(name: string, { series }: Exposition): string {
  return name.endsWith("_bucket") || (series.has(name) && !series.has(`${name}_bucket`)) ? name : `${name}_bucket`;
}

function none(absent: string): Reading {
  return { values: {}, points: 0, absent };
}
