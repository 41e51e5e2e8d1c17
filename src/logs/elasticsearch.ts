import { askJson, type Headers, type HttpPorts, ReadError } from "./http.ts";
import { type Entry, type EntryServer, MOST_ENTRIES, openRemote, type RemoteOptions } from "./remote.ts";
import type { LogScanner } from "./types.ts";

export interface ElasticsearchOptions extends RemoteOptions {
  readonly url: string;
  readonly headers: Headers;
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
  return openRemote(options, new Elasticsearch(options, ports));
}

class Elasticsearch implements EntryServer {
  readonly name = "elasticsearch";
  readonly #options: ElasticsearchOptions;
  readonly #ports: HttpPorts;

  constructor(options: ElasticsearchOptions, ports: HttpPorts) {
    this.#options = options;
    this.#ports = ports;
  }

  async *read(text: string | undefined, from: number, until: number): AsyncGenerator<readonly Entry[]> {
    const { headers, index, timeField = "@timestamp", page = 5_000 } = this.#options;
    const chosen = text === undefined ? [] : [{ query_string: { query: text } }];
    const range = { gte: Math.floor(from), lte: Math.ceil(until), format: "epoch_millis" };
    const query = { bool: { filter: [{ range: { [timeField]: range } }, ...chosen] } };
    const base = `${this.#options.url.replace(/\/+$/, "")}/${encodeURIComponent(index)}`;
    // Without this a pattern that matches no index is answered like one whose indices are empty.
    const url = (path: string): URL => new URL(`${base}/${path}?allow_no_indices=false`);
    const countOf = async (what: unknown): Promise<number> => {
      const counted = await askJson(this.#ports, url("_count"), headers, { query: what });
      const count = counted["count"];
      if (typeof count !== "number") throw new ReadError("the answer of _count holds no count");
      const failed = failedShards(counted);
      if (failed > 0) throw new ReadError(`${failed} shards failed: the count is not complete`);
      return count;
    };
    const count = await countOf(query);
    if (count > MOST_ENTRIES) {
      throw new ReadError(`${count} documents match, more than ${MOST_ENTRIES}: narrow the query, or look more often`);
    }
    if (count === 0) {
      const undated = await countOf({ bool: { filter: chosen, must_not: [{ exists: { field: timeField } }] } });
      if (undated > 0) {
        throw new ReadError(
          `${undated} of the matching documents have no field ${timeField}, by which they would be dated`,
        );
      }
    }
    let read = 0;
    let after: number | undefined;
    let last = new Set<string>();
    for (;;) {
      const answer = await askJson(this.#ports, url("_search"), headers, {
        size: page,
        query,
        // Milliseconds whatever the mapping is: nanoseconds do not fit a number of JSON.
        sort: [{ [timeField]: { order: "asc", numeric_type: "date" } }],
        track_total_hits: false,
        // One step back: documents of the same millisecond may not all have fitted on the page before.
        ...(after === undefined ? {} : { search_after: [after - 1] }),
      });
      const hits = hitsOf(answer);
      const fresh = hits.filter((hit) => !last.has(hit.identity));
      read += fresh.length;
      yield fresh;
      const newest = hits.at(-1)?.time;
      if (hits.length < page || newest === undefined) break;
      if (fresh.length === 0) {
        throw new ReadError(
          `more than ${page} documents have the same millisecond ${newest}, so that they cannot be paged; raise the page`,
        );
      }
      after = newest;
      last = new Set(hits.filter((hit) => hit.time === newest).map((hit) => hit.identity));
    }
    if (read < count) throw new ReadError(`only ${read} of ${count} documents could be read`);
  }
}

function failedShards(answer: Record<string, unknown>): number {
  return Number((answer["_shards"] as { failed?: number } | undefined)?.failed ?? 0);
}

function hitsOf(answer: Record<string, unknown>): Entry[] {
  if (answer["timed_out"] === true)
    throw new ReadError("the search timed out on the server: the answer is not complete");
  if (failedShards(answer) > 0)
    throw new ReadError(`${failedShards(answer)} shards failed: the answer is not complete`);
  const hits = (answer["hits"] as { hits?: unknown } | undefined)?.hits;
  if (!Array.isArray(hits)) throw new ReadError("the answer of _search holds no hits");
  return (hits as { _index?: string; _id?: string; _source?: Record<string, unknown>; sort?: unknown[] }[]).map(
    (hit) => {
      const time = Number(hit.sort?.[0]);
      if (!Number.isFinite(time)) throw new ReadError("a hit has no sort value: the time field is missing or no date");
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
    },
  );
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
