import { type RequestOptions, request } from "./request.ts";

/** A Prometheus server, or what answers like it (VictoriaMetrics, Thanos, Mimir). */
export interface PrometheusServer {
  readonly fetch: typeof globalThis.fetch;
  /** The address under which `api/v1` lies. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** One series of an answer; points are `[milliseconds since the epoch, value]` in the order of time. */
export interface PrometheusSeries {
  readonly labels: ReadonlyMap<string, string>;
  readonly points: readonly (readonly [at: number, value: number])[];
}

export interface PrometheusAnswer {
  readonly series: readonly PrometheusSeries[];
  /** What the server warned of. */
  readonly warnings: readonly string[];
}

const BODY_LIMIT = 32 * 1024 * 1024;
const TIMEOUT = 30_000;
const REDIRECTS = 3;
const LONGEST = 300;

/** Evaluates a query at one time. Throws an Error that names the query where there is no proper answer. */
export function queryAt(server: PrometheusServer, query: string, at: number): Promise<PrometheusAnswer> {
  return ask(server, "query", query, { time: seconds(at) });
}

/** Evaluates a query at `start`, `start + step` … up to `end`, all in milliseconds. Throws like {@link queryAt}. */
export function queryRange(
  server: PrometheusServer,
  query: string,
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
): Promise<PrometheusAnswer> {
  return ask(server, "query_range", query, { start: seconds(start), end: seconds(end), step: seconds(step) });
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(3);
}

async function ask(
  { fetch, url, headers, signal }: PrometheusServer,
  path: string,
  query: string,
  parameters: Readonly<Record<string, string>>,
): Promise<PrometheusAnswer> {
  const target = apiUrl(url, path);
  for (const [name, value] of Object.entries({ query, ...parameters })) target.searchParams.set(name, value);
  const options: RequestOptions = {
    headers: { accept: "application/json", ...headers },
    timeout: TIMEOUT,
    limit: BODY_LIMIT,
    redirects: REDIRECTS,
    ...(signal && { signal }),
  };
  const answer = await request(fetch, target.href, options);
  const where = `${target.origin}${target.pathname}`;
  const fail = (reason: string): never => {
    throw new Error(`${where}: ${reason}, for the query ${query}`);
  };
  if (!answer.ok) return fail(answer.reason);
  if (answer.cut) return fail(`the answer is larger than ${BODY_LIMIT} bytes`);
  const body = parsed(answer.body);
  if (body?.["status"] === "error") {
    return fail(`${text(body["errorType"])}: ${text(body["error"])}`);
  }
  if (answer.status !== 200) return fail(`status ${answer.status}`);
  if (body?.["status"] !== "success") return fail("the answer is not that of a Prometheus API");
  // VictoriaMetrics answers with what it has when a node is away: half the data would look like half the errors.
  if (body["isPartial"] === true) return fail("the answer is partial");
  const warnings = Array.isArray(body["warnings"]) ? body["warnings"].map(text) : [];
  try {
    return { series: seriesOf(body["data"]), warnings };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function apiUrl(base: string, path: string): URL {
  let url: URL;
  try {
    url = new URL(base);
  } catch {
    throw new Error(`"${base}" is not a URL`);
  }
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/api/v1/${path}`;
  return url;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(body: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  return String(value ?? "no reason given").slice(0, LONGEST);
}

function seriesOf(data: unknown): PrometheusSeries[] {
  if (!isFields(data)) throw new Error("the answer has no data");
  const { resultType, result } = data;
  if (!Array.isArray(result)) throw new Error("the answer has no result");
  if (resultType === "scalar") return [{ labels: new Map(), points: [point(result)] }];
  if (resultType !== "vector" && resultType !== "matrix")
    throw new Error(`the answer is a ${text(resultType)}, not numbers over time`);
  return result.map((one: unknown) => {
    if (!isFields(one) || !isFields(one["metric"])) throw new Error("a series has no labels");
    if ("histogram" in one || "histograms" in one)
      throw new Error("the answer holds native histograms: use histogram_quantile() or histogram_count()");
    const labels = new Map(Object.entries(one["metric"]).map(([name, value]) => [name, String(value)]));
    const points: unknown = resultType === "vector" ? [one["value"]] : one["values"];
    if (!Array.isArray(points)) throw new Error("a series has no values");
    return { labels, points: points.map(point).sort((a, b) => a[0] - b[0]) };
  });
}

function point(written: unknown): readonly [number, number] {
  if (
    !Array.isArray(written) ||
    written.length !== 2 ||
    typeof written[0] !== "number" ||
    typeof written[1] !== "string"
  )
    throw new Error("a value is not [time, text]");
  return [Math.round(written[0] * 1_000), numberOf(written[1])];
}

function numberOf(written: string): number {
  const sign = /^([+-]?)Inf$/i.exec(written)?.[1];
  if (sign !== undefined) return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return written.trim() === "" ? Number.NaN : Number(written);
}
