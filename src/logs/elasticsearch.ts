import { askJson, type HttpPorts, type HttpServer, ReadError } from "./http.ts";
import { type Entry, type EntryServer, openRemote, type RemoteOptions } from "./remote.ts";
import type { LogScanner } from "./types.ts";

export interface ElasticsearchOptions extends RemoteOptions, HttpServer {
  /** Name or pattern of the indices, `logs-storage-*`. */
  readonly index: string;
  /** The query in Lucene's syntax, `service.name:storage AND env:beta`; everything where there is none. */
  readonly query: string | undefined;
  /** Field of the time; `@timestamp` unless given. */
  readonly timeField?: string;
  /** Documents of a page; 5,000 unless given. */
  readonly page?: number;
}

/** Logs in Elasticsearch or OpenSearch: `_count` first, so that too wide a query is refused, then `_search` paged by `search_after`. */
export function openElasticsearch(options: ElasticsearchOptions, ports: HttpPorts): LogScanner {
  return openRemote(options, new Elasticsearch(options, ports), ports.signal);
}

class Elasticsearch implements EntryServer {
  readonly name = "elasticsearch";
  readonly #options: ElasticsearchOptions;
  readonly #ports: HttpPorts;

  constructor(options: ElasticsearchOptions, ports: HttpPorts) {
    this.#options = options;
    this.#ports = ports;
  }

  async *read(text: string | undefined, from: number, until: number, counted: number, signal: AbortSignal) {
    const { timeField = "@timestamp", page = 5_000 } = this.#options;
    const query = this.#queryOf(text, from, until);
    if (counted === 0) await this.#refuseUndated(text, signal);
    let read = 0;
    let after: number | undefined;
    let last = new Set<string>();
    for (;;) {
      const answer = await this.#ask("_search", signal, {
        size: page,
        query,
        // Milliseconds whatever the mapping is: nanoseconds do not fit a number of JSON.
        sort: [{ [timeField]: { order: "asc", numeric_type: "date" } }],
        track_total_hits: false,
        // One step back: documents of the same millisecond may not all have fitted on the page before.
        ...(after === undefined ? {} : { search_after: [after - 1] }),
      });
      const hits = hitsOf(answer, Math.max(Math.floor(from), after ?? 0), Math.ceil(until));
      const fresh = hits.filter((hit) => !last.has(hit.identity));
      read += fresh.length;
      yield fresh;
      const newest = hits.at(-1)?.time;
      if (hits.length < page || newest === undefined) break;
      if (fresh.length === 0) {
        throw new ReadError(
          `more than ${page} documents have the same millisecond ${newest}, so that they cannot be paged: narrow the query`,
        );
      }
      after = newest;
      last = new Set(hits.filter((hit) => hit.time === newest).map((hit) => hit.identity));
    }
    if (read < counted) throw new ReadError(`only ${read} of ${counted} documents could be read`);
  }

  async count(text: string | undefined, from: number, until: number, signal: AbortSignal): Promise<number> {
    return await this.#count(this.#queryOf(text, from, until), signal);
  }

  #queryOf(text: string | undefined, from: number, until: number) {
    const { timeField = "@timestamp" } = this.#options;
    const range = { gte: Math.floor(from), lte: Math.ceil(until), format: "epoch_millis" };
    return { bool: { filter: [{ range: { [timeField]: range } }, ...chosenBy(text)] } };
  }

  /** Nothing in a span of time may also mean that the field of the time is misnamed. */
  async #refuseUndated(text: string | undefined, signal: AbortSignal): Promise<void> {
    const { timeField = "@timestamp" } = this.#options;
    const query = { bool: { filter: chosenBy(text), must_not: [{ exists: { field: timeField } }] } };
    const undated = await this.#count(query, signal);
    if (undated === 0) return;
    throw new ReadError(
      `${undated} of the matching documents have no field ${timeField}, by which they would be dated`,
    );
  }

  async #count(query: unknown, signal: AbortSignal): Promise<number> {
    const { count } = await this.#ask("_count", signal, { query });
    if (typeof count !== "number") throw new ReadError("the answer of _count holds no count");
    return count;
  }

  async #ask(path: string, signal: AbortSignal, body: unknown): Promise<Record<string, unknown>> {
    // Without allow_no_indices a pattern that matches no index is answered like one whose indices are empty.
    const whole = `${encodeURIComponent(this.#options.index)}/${path}?allow_no_indices=false`;
    const answer = await askJson(this.#ports, this.#options, whole, signal, body);
    if (answer["timed_out"] === true)
      throw new ReadError(`${path} timed out on the server: its answer is not complete`);
    const shards = missing(answer["_shards"], "failed");
    if (shards > 0) throw new ReadError(`${shards} shards failed: the answer of ${path} is not complete`);
    const clusters = missing(answer["_clusters"], "failed", "skipped", "partial");
    if (clusters > 0) throw new ReadError(`${clusters} clusters did not answer ${path} in full`);
    return answer;
  }
}

function chosenBy(text: string | undefined): object[] {
  return text === undefined ? [] : [{ query_string: { query: text } }];
}

function missing(part: unknown, ...names: readonly string[]): number {
  if (typeof part !== "object" || part === null) return 0;
  return names.reduce((total, name) => total + Number((part as Record<string, unknown>)[name] ?? 0), 0);
}

interface Hit {
  readonly _index?: string;
  readonly _id?: string;
  readonly _source?: Record<string, unknown>;
  readonly sort?: readonly unknown[];
}

function hitsOf(answer: Record<string, unknown>, from: number, until: number): Entry[] {
  let newest = from;
  const hits = (answer["hits"] as { hits?: unknown } | undefined)?.hits;
  if (!Array.isArray(hits)) throw new ReadError("the answer of _search holds no hits");
  return (hits as (Hit | null)[]).map((hit) => {
    const time = Number(hit?.sort?.[0]);
    if (!hit || !Number.isFinite(time))
      throw new ReadError("a hit has no sort value: the time field is missing or no date");
    if (time < newest || time > until)
      throw new ReadError(`the answer holds a document of ${time}, out of order or of the time that was asked for`);
    newest = time;
    if (typeof hit._id !== "string") throw new ReadError("a hit has no _id, by which it is told from others");
    const source = hit._source ?? {};
    const line = typeof source["message"] === "string" ? source["message"] : JSON.stringify(source);
    return {
      time,
      line,
      source:
        textAt(source, "host", "name") ??
        textAt(source, "host", "hostname") ??
        textAt(source, "host") ??
        textAt(source, "kubernetes", "pod", "name") ??
        textAt(source, "service", "name") ??
        "elasticsearch",
      identity: `${hit._index} ${hit._id}`,
      level: textAt(source, "log", "level") ?? textAt(source, "level") ?? textAt(source, "severity"),
    };
  });
}

/** The text at a path of a document, whether it is nested or its key is dotted. */
function textAt(document: Record<string, unknown>, ...path: readonly string[]): string | undefined {
  const dotted = document[path.join(".")];
  if (typeof dotted === "string") return dotted;
  let value: unknown = document;
  for (const key of path)
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof value === "string" ? value : undefined;
}
