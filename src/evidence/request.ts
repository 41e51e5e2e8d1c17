import { messageOf } from "../platform/errors.ts";

/** What came back, or why nothing did. */
export type Answer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      /** The body was longer than the limit and is cut. */
      readonly cut: boolean;
      /** Seconds until the last byte read. */
      readonly seconds: number;
    }
  | {
      readonly ok: false;
      /** `refused`: the other side is there and did not answer; `unreachable`: it could not be asked at all. */
      readonly why: "refused" | "timeout" | "unreachable";
      readonly reason: string;
      readonly seconds: number;
    };

export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Real milliseconds for the whole exchange, redirects included. */
  readonly timeout: number;
  /** Most bytes of the body that are read. */
  readonly limit: number;
  /** Redirects that are followed; the headers of the check go only to the origin that they were written for. */
  readonly redirects: number;
  readonly signal?: AbortSignal;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Codes by which the other side, or the network on its behalf, says that nothing answers there. */
const REFUSED = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "UND_ERR_SOCKET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);
const TIMEOUTS = new Set(["ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** GETs a URL. Never throws: what goes wrong is the answer. */
export async function request(fetch: typeof globalThis.fetch, url: string, options: RequestOptions): Promise<Answer> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1_000;
  const timer = AbortSignal.timeout(Math.max(1, Math.min(options.timeout, 2 ** 31 - 1)));
  const signal = options.signal ? AbortSignal.any([timer, options.signal]) : timer;
  try {
    let target = parseUrl(url);
    const { origin } = target;
    for (let hops = 0; ; hops += 1) {
      const response = await fetch(target, {
        headers: target.origin === origin ? options.headers : {},
        redirect: "manual",
        signal,
      });
      const location = response.headers.get("location");
      if (!REDIRECTS.has(response.status) || location === null || options.redirects === 0) {
        const { body, cut } = await readBody(response, options.limit);
        const contentType = response.headers.get("content-type") ?? "";
        return { ok: true, status: response.status, contentType, body, cut, seconds: seconds() };
      }
      await response.body?.cancel();
      if (hops >= options.redirects) {
        return {
          ok: false,
          why: "unreachable",
          reason: `more than ${options.redirects} redirects`,
          seconds: seconds(),
        };
      }
      target = parseUrl(location, target.href);
    }
  } catch (error) {
    if (timer.aborted)
      return { ok: false, why: "timeout", reason: `no answer within ${options.timeout}ms`, seconds: seconds() };
    if (options.signal?.aborted) return { ok: false, why: "unreachable", reason: "cancelled", seconds: seconds() };
    return { ok: false, ...explain(error), seconds: seconds() };
  }
}

function parseUrl(text: string, base?: string): URL {
  const url = URL.parse(text, base);
  if (!url) throw new TypeError("the URL is malformed");
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new TypeError(`${url.protocol} is neither http nor https`);
  return url;
}

async function readBody(response: Response, limit: number): Promise<{ body: string; cut: boolean }> {
  const decoder = new TextDecoder();
  let body = "";
  let size = 0;
  if (response.body) {
    for await (const chunk of response.body) {
      const room = limit - size;
      size += chunk.byteLength;
      body += decoder.decode(size > limit ? chunk.subarray(0, room) : chunk, { stream: true });
      // Leaving the loop cancels the stream, so that an endless body costs no more than the limit.
      if (size > limit) return { body, cut: true };
    }
  }
  return { body: body + decoder.decode(), cut: false };
}

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  UND_ERR_SOCKET: "connection closed before the answer was complete",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the answer is shorter than it says",
  ENOTFOUND: "no such host name",
  EAI_AGAIN: "the host name cannot be looked up now",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  ETIMEDOUT: "no answer to the connection",
  UND_ERR_CONNECT_TIMEOUT: "no answer to the connection",
};

function explain(error: unknown): { why: "refused" | "timeout" | "unreachable"; reason: string } {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    // Node tries all addresses of a name and wraps what each said.
    const single: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
    const code = single instanceof Error && "code" in single ? String(single.code) : undefined;
    if (code === undefined) continue;
    const reason = SENTENCES[code] ?? `${messageOf(single)} (${code})`;
    if (REFUSED.has(code)) return { why: "refused", reason };
    if (TIMEOUTS.has(code)) return { why: "timeout", reason };
    return { why: "unreachable", reason };
  }
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return { why: "unreachable", reason: messageOf(inner) };
}
