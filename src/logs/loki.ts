import { createHash } from "node:crypto";
import { askJson, type HttpPorts, type HttpServer, ReadError } from "./http.ts";
import { type Entry, type EntryServer, openRemote, type RemoteOptions } from "./remote.ts";
import { safeSample } from "./safe.ts";
import type { LogScanner } from "./types.ts";

export interface LokiOptions extends Omit<RemoteOptions, "query">, HttpServer {
  /** A log query in LogQL, `{app="storage", env="beta"}`. */
  readonly query: string;
  /** Labels that name the machine, the first that is there counts. */
  readonly sourceLabels?: readonly string[];
  /** Entries of a page; 5,000 unless given, the server's own limit. */
  readonly page?: number;
}

const SOURCE_LABELS = ["host", "hostname", "instance", "node", "node_name", "pod", "container", "service_name", "job"];
const LEVEL_LABELS = ["level", "detected_level", "severity"];

/**
 * Logs in Grafana Loki, by `query_range`, oldest first. `index/stats` is asked first how much there is, so that too wide
 * a query is refused before it is read.
 */
export function openLoki(options: LokiOptions, ports: HttpPorts): LogScanner {
  return openRemote(options, new Loki(options, ports), ports.signal);
}

class Loki implements EntryServer {
  readonly name = "loki";
  readonly #options: LokiOptions;
  readonly #ports: HttpPorts;

  constructor(options: LokiOptions, ports: HttpPorts) {
    this.#options = options;
    this.#ports = ports;
  }

  async *read(query: string | undefined, from: number, until: number, _: number, signal: AbortSignal) {
    const { sourceLabels = SOURCE_LABELS } = this.#options;
    let page = this.#options.page ?? 5_000;
    let start = BigInt(Math.floor(from)) * 1_000_000n;
    // The end is exclusive for Loki.
    const end = (BigInt(Math.floor(until)) + 1n) * 1_000_000n;
    let last = new Set<string>();
    while (start < end) {
      let rows: Row[];
      try {
        const parameters = {
          query: query ?? "",
          start: `${start}`,
          end: `${end}`,
          limit: `${page}`,
          direction: "forward",
        };
        rows = rowsOf(await this.#ask("query_range", parameters, signal), sourceLabels, start, end);
      } catch (error) {
        const allowed = Number(LIMIT.exec(error instanceof ReadError ? error.message : "")?.[1]);
        if (!(allowed > 0 && allowed < page)) throw error;
        page = allowed;
        continue;
      }
      const fresh = rows.filter((row) => !last.has(row.key));
      yield fresh.map((row) => row.entry);
      const newest = rows.at(-1)?.nanoseconds;
      if (newest === undefined) return;
      if (fresh.length === 0) {
        // A page may be shorter than was asked for, where something between cuts it, so only one with nothing new is the last.
        if (rows.length < page) return;
        throw new ReadError(
          `more than ${page} entries have the same time ${newest}, so that they cannot be paged: raise Loki's max_entries_limit_per_query, or narrow the query`,
        );
      }
      // The next page begins with the last page's newest instant, since that may have been cut.
      start = newest;
      last = new Set(rows.filter((row) => row.nanoseconds === newest).map((row) => row.key));
    }
  }

  /** By the index, which knows streams and no filters: never fewer than {@link read} would give. */
  async count(query: string | undefined, from: number, until: number, signal: AbortSignal): Promise<number> {
    const selector = /^\s*\{(?:[^"`}]|"(?:[^"\\]|\\.)*"|`[^`]*`)*\}/.exec(query ?? "")?.[0];
    if (selector === undefined) throw new ReadError(`the query has no stream selector: write {app="…"} first`);
    const parameters = { query: selector, start: `${Math.floor(from)}000000`, end: `${Math.floor(until)}000000` };
    const entries = (await this.#ask("index/stats", parameters, signal))["entries"];
    if (typeof entries !== "number") throw new ReadError("the answer of index/stats holds no number of entries");
    return entries;
  }

  async #ask(path: string, parameters: Readonly<Record<string, string>>, signal: AbortSignal) {
    const answer = await askJson(
      this.#ports,
      this.#options,
      `loki/api/v1/${path}?${new URLSearchParams(parameters)}`,
      signal,
    );
    const { warnings } = answer;
    if (Array.isArray(warnings) && warnings.length > 0)
      throw new ReadError(
        `the answer is not complete by the server's own words: ${safeSample(warnings.map(String).join("; "))}`,
      );
    return answer;
  }
}

/** How Loki refuses a page: `max entries limit per query exceeded, limit > max_entries_limit_per_query (5000 > 1000)`. */
const LIMIT = /max_entries_limit\w*[^(]{0,20}\(\d+ > (\d+)\)/;

interface Row {
  readonly nanoseconds: bigint;
  readonly key: string;
  readonly entry: Entry;
}

function rowsOf(answer: Record<string, unknown>, sourceLabels: readonly string[], start: bigint, end: bigint): Row[] {
  const data = answer["data"] as { resultType?: unknown; result?: unknown } | undefined;
  if (answer["status"] !== "success" || data?.resultType !== "streams" || !Array.isArray(data.result)) {
    throw new ReadError(
      `the answer holds no streams (${safeSample(String(data?.resultType), 40)}): the query must select lines, not count them`,
    );
  }
  const rows: Row[] = [];
  for (const one of data.result as ({ stream?: unknown; values?: unknown } | null)[]) {
    const labels = labelsOf(one?.stream);
    if (labels === undefined || !Array.isArray(one?.values)) throw new ReadError("a stream has no labels or no values");
    const source = sourceLabels.map((label) => labels[label]).find((value) => value !== undefined) ?? "loki";
    const level = LEVEL_LABELS.map((label) => labels[label]).find(
      (value) => value !== undefined && value !== "unknown",
    );
    const stream = hashed(JSON.stringify(Object.entries(labels).sort()));
    for (const value of one.values as unknown[]) {
      const [at, line] = Array.isArray(value) ? (value as unknown[]) : [];
      if (typeof at !== "string" || !/^\d{1,19}$/.test(at) || typeof line !== "string")
        throw new ReadError(
          `a value is not a pair of nanoseconds and a line: ${safeSample(String(JSON.stringify(value)), 100)}`,
        );
      const nanoseconds = BigInt(at);
      if (nanoseconds < start || nanoseconds >= end)
        throw new ReadError(`the answer holds an entry of ${at}, which is not in the time that was asked for`);
      // A line may be large, and its identity is kept for a while.
      const identity = `${at} ${stream} ${line.length < 40 ? line : hashed(line)}`;
      const time = Number(nanoseconds / 1_000_000n);
      rows.push({ nanoseconds, key: identity, entry: { time, line, source, identity, level } });
    }
  }
  // Streams come one after the other; the page is in order of time only within each.
  return rows.sort((a, b) => (a.nanoseconds < b.nanoseconds ? -1 : a.nanoseconds > b.nanoseconds ? 1 : 0));
}

function labelsOf(stream: unknown): Record<string, string> | undefined {
  if (typeof stream !== "object" || stream === null) return undefined;
  const labels = Object.entries(stream).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return Object.fromEntries(labels);
}

function hashed(text: string): string {
  return createHash("sha1").update(text).digest("base64");
}
