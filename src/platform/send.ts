import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** One HTTP request, as Octokit makes it. */
export interface Outgoing {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

/** An answer that was read to its end. */
export interface Incoming {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends a request and reads the whole answer; rejects where the connection breaks, and with the signal's reason when aborted. */
export type Send = (url: string, outgoing: Outgoing) => Promise<Incoming>;

const MOST_REDIRECTS = 5;

/**
 * Sends with Node's own HTTP client, without a proxy. Node's `fetch` would do the same after loading a second HTTP client,
 * which takes as long as everything else in an action's start. Redirects, with which GitHub answers for a repository that
 * was renamed, are followed on the same host; any other is an error, because the token must not go elsewhere.
 */
export const sendDirectly: Send = async (url, outgoing) => {
  let place = new URL(url);
  for (let redirects = 0; ; redirects++) {
    const answer = await sendOnce(place, outgoing);
    const location = answer.headers.get("location");
    if (![301, 302, 307, 308].includes(answer.status) || location === undefined) return answer;
    const next = new URL(location, place);
    const repeatable = answer.status >= 307 || outgoing.method === "GET" || outgoing.method === "HEAD";
    if (!repeatable || next.origin !== place.origin || redirects === MOST_REDIRECTS) {
      throw new Error(`a redirect (${answer.status}) that is not followed, to ${next.origin}`);
    }
    place = next;
  }
};

function sendOnce(url: URL, { method, headers, body, signal }: Outgoing): Promise<Incoming> {
  const { promise, resolve, reject } = Promise.withResolvers<Incoming>();
  const failed = (error: Error) => reject(signal.aborted ? signal.reason : error);
  const read = (response: IncomingMessage) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.once("error", failed);
    response.once("end", () =>
      resolve({
        url: url.href,
        status: response.statusCode ?? 0,
        statusText: response.statusMessage ?? "",
        headers: new Map(
          Object.entries(response.headersDistinct).map(([name, values]) => [name, (values ?? []).join(", ")]),
        ),
        body: Buffer.concat(chunks).toString("utf8"),
      }),
    );
  };
  const open = url.protocol === "https:" ? requestHttps : requestHttp;
  const request: ClientRequest = open(url, { method, headers, signal }, read);
  request.once("error", failed);
  request.end(body);
  return promise;
}
