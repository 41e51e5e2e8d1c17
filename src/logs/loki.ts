import { createHash } from "node:crypto";
import { askJson, type Headers, type HttpPorts, ReadError } from "./http.ts";
import { type Entry, type EntryServer, MOST_ENTRIES, openRemote, type RemoteOptions } from "./remote.ts";
import type { LogScanner } from "./types.ts";

export interface LokiOptions extends Omit<RemoteOptions, "query"> {
  /** Loki's address, `http://loki.lab:3100`, with a path where it stands behind one. */
  readonly url: string;
  readonly headers: Headers;
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
  return openRemote(options, new Loki(options, ports));
}

class Loki implements EntryServer {
  readonly name = "loki";
  readonly #options: LokiOptions;
  readonly #ports: HttpPorts;

  constructor(options: LokiOptions, ports: HttpPorts) {
    this.#options = options;
    this.#ports = ports;
  }

  async *read(query: string | undefined, from: number, until: number): AsyncGenerator<readonly Entry[]> {
    const page = this.#options.page ?? 5_000;
    await this.#refuseTooMuch(query ?? "", from, until);
    let start = BigInt(Math.floor(from)) * 1_000_000n;
    // The end is exclusive for Loki.
    const end = (BigInt(Math.floor(until)) + 1n) * 1_000_000n;
    let last = new Set<string>();
    while (start < end) {
      const url = this.#url("query_range", {
        query: query ?? "",
        start: String(start),
        end: String(end),
        limit: String(page),
        direction: "forward",
      });
      const rows = rowsOf(
        await askJson(this.#ports, url, this.#options.headers),
        this.#options.sourceLabels ?? SOURCE_LABELS,
      );
      const fresh = rows.filter((row) => !last.has(row.key));
      yield fresh.map((row) => row.entry);
      const newest = rows.at(-1)?.nanoseconds;
      if (rows.length < page || newest === undefined) return;
      if (fresh.length === 0) {
        throw new ReadError(
          `more than ${page} entries have the same time ${newest}, so that they cannot be paged; raise Loki's max_entries_limit_per_query and the page`,
        );
      }
      // The next page begins with the last page's newest instant, since that may have been cut.
      start = newest;
      last = new Set(rows.filter((row) => row.nanoseconds === newest).map((row) => row.key));
    }
  }

  async #refuseTooMuch(query: string, from: number, until: number): Promise<void> {
    const selector = /^\s*\{(?:[^"`}]|"(?:[^"\\]|\\.)*"|`[^`]*`)*\}/.exec(query)?.[0];
    if (selector === undefined) throw new ReadError(`the query has no stream selector: write {app="…"} first`);
    const url = this.#url("index/stats", {
      query: selector,
      start: `${Math.floor(from)}000000`,
      end: `${Math.floor(until)}000000`,
    });
    const stats = await askJson(this.#ports, url, this.#options.headers);
    const entries = Number(stats["entries"] ?? 0);
    if (entries > MOST_ENTRIES) {
      throw new ReadError(
        `about ${entries} entries match ${selector}, more than ${MOST_ENTRIES}: narrow the query, or look more often`,
      );
    }
  }

  #url(path: string, parameters: Readonly<Record<string, string>>): URL {
    const url = new URL(`${this.#options.url.replace(/\/+$/, "")}/loki/api/v1/${path}`);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url;
  }
}

interface Row {
  readonly nanoseconds: bigint;
  readonly key: string;
  readonly entry: Entry;
}

function rowsOf(answer: Record<string, unknown>, sourceLabels: readonly string[]): Row[] {
  const data = answer["data"] as { resultType?: unknown; result?: unknown } | undefined;
  if (answer["status"] !== "success" || data?.resultType !== "streams" || !Array.isArray(data.result)) {
    throw new ReadError(
      `the answer holds no streams (${String(data?.resultType)}): the query must select lines, not count them`,
    );
  }
  const rows: Row[] = [];
  for (const one of data.result as { stream?: Record<string, string>; values?: [string, string, unknown?][] }[]) {
    const labels = one.stream ?? {};
    const source = sourceLabels.map((label) => labels[label]).find((value) => value !== undefined) ?? "loki";
    const level = LEVEL_LABELS.map((label) => labels[label]).find(
      (value) => value !== undefined && value !== "unknown",
    );
    const stream = createHash("sha1")
      .update(JSON.stringify(Object.entries(labels).sort()))
      .digest("base64");
    for (const [nanoseconds, line] of one.values ?? []) {
      const identity = `${nanoseconds} ${stream} ${line}`;
      const time = Number(BigInt(nanoseconds) / 1_000_000n);
      rows.push({ nanoseconds: BigInt(nanoseconds), key: identity, entry: { time, line, source, identity, level } });
    }
  }
  // Streams come one after the other; the page is in order of time only within each.
  return rows.sort((a, b) => (a.nanoseconds < b.nanoseconds ? -1 : a.nanoseconds > b.nanoseconds ? 1 : 0));
}
