import { setTimeout as delay } from "node:timers/promises";
import { formatBytes, formatDuration } from "../pipeline/format.ts";
import { messageOf } from "../platform/errors.ts";
import { safeSample } from "./safe.ts";

export type Headers = Readonly<Record<string, string>>;

export interface HttpPorts {
  readonly fetch: typeof globalThis.fetch;
  /** Ends every request when the job is cancelled. */
  readonly signal?: AbortSignal;
  /** Waits between two tries; a real pause unless given. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Where a log server is, and how it is asked. */
export interface HttpServer {
  /** Its address, with a path where it stands behind one. */
  readonly url: string;
  readonly headers: Headers;
  /** The environment variables that the headers are filled from, for messages. */
  readonly variables?: readonly string[];
  /** Milliseconds for one answer; 30 s unless given. */
  readonly patience?: number;
  /** The largest answer in bytes; 256 MiB unless given. */
  readonly largest?: number;
}

const TRIES = 3;
/** Milliseconds; a server that asks for a longer pause is asked again at the next look. */
const LONGEST_PAUSE = 30_000;
/** Statuses that say "later", with or without `Retry-After`. */
const LATER = [429, 502, 503, 504];

/** A server did not give what was asked for; the message is one harmless line without secrets. */
export class ReadError extends Error {
  override readonly name = "ReadError";
}

/**
 * One answer in JSON, within the time of `signal`. What may be over in a moment (429, 502–504, a broken connection) is tried
 * three times, after the pause that the server asks for. Throws a {@link ReadError} that names the address without its query,
 * and what is to be changed. Redirects are refused, since headers with tokens would go along.
 */
export async function askJson(
  ports: HttpPorts,
  server: HttpServer,
  path: string,
  signal: AbortSignal,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const url = new URL(`${server.url.replace(/\/+$/, "")}/${path}`);
  const place = `${url.origin}${url.pathname}`;
  const told = (text: string): ReadError => new ReadError(`${place} ${text}`);
  for (let tries = 1; ; tries++) {
    const answer = await askOnce(ports, server, url, signal, body);
    if ("text" in answer && answer.status < 300) {
      const value = objectIn(answer.text);
      if (value) return value;
      throw told(
        `answered ${answer.status} with something that is no JSON object, as a login page or another server would: ${quoted(answer.text, server, 100)}`,
      );
    }
    if (signal.aborted || tries === TRIES || !mayPass(answer)) throw told(complaint(answer, server));
    const pause = answer.pause ?? 500 * 2 ** (tries - 1);
    if (pause > LONGEST_PAUSE) throw told(`${complaint(answer, server)}; it asks to wait for ${formatDuration(pause)}`);
    await (ports.sleep ?? ((ms, by) => delay(ms, undefined, { signal: by })))(pause, signal).catch(() => undefined);
  }
}

interface Answered {
  readonly status: number;
  readonly text: string;
  /** Milliseconds that the server asks to wait. */
  readonly pause?: number;
  readonly location?: string;
}

interface Failed {
  readonly failed: string;
  readonly lasting: boolean;
  readonly pause?: number;
}

async function askOnce(
  { fetch }: HttpPorts,
  { headers, patience = 30_000, largest = 256 << 20 }: HttpServer,
  url: URL,
  signal: AbortSignal,
  body: unknown,
): Promise<Answered | Failed> {
  const timeout = AbortSignal.timeout(patience);
  let begun = false;
  try {
    const answer = await fetch(url.href, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, timeout]),
      redirect: "manual",
    });
    begun = true;
    const text = await textOf(answer, largest);
    if (text === undefined) return { failed: `answered with more than ${formatBytes(largest)}`, lasting: true };
    const pause = pauseOf(answer.headers.get("retry-after"));
    const location = answer.headers.get("location");
    return {
      status: answer.status,
      text,
      ...(pause !== undefined && { pause }),
      ...(location !== null && { location }),
    };
  } catch (error) {
    if (signal.aborted)
      return { failed: "was given up: the look took too long, or the job was cancelled", lasting: true };
    if (timeout.aborted) return { failed: `did not answer within ${formatDuration(patience)}`, lasting: true };
    const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : "";
    const how = begun ? "broke off in the middle of its answer" : "cannot be reached";
    return { failed: `${how}: ${messageOf(error)}${cause}`, lasting: false };
  }
}

/** The body, or undefined where it is larger than that; a body without end is let go there. */
async function textOf(answer: Response, largest: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (answer.body === null) return "";
  // Leaving the loop closes the connection.
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > largest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function mayPass(answer: Answered | Failed): boolean {
  return "failed" in answer ? !answer.lasting : LATER.includes(answer.status);
}

/** Seconds or a date, in milliseconds from now; undefined where nothing readable was said. */
function pauseOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** What went wrong, and what is to be changed where that can be told. */
function complaint(answer: Answered | Failed, server: HttpServer): string {
  const { headers, variables = [] } = server;
  if ("failed" in answer) return quoted(answer.failed, server);
  const { status, text, location } = answer;
  const said = text.trim() === "" ? "" : `: ${quoted(text, server)}`;
  if (status >= 300 && status < 400) {
    const target = location === undefined ? "" : ` to ${quoted(location.replace(/[?#].*$/s, ""), server)}`;
    return `answered ${status}, a redirect${target}, and none is followed, since the headers would go along: write the last address into the source`;
  }
  if (/no org id/i.test(text)) {
    return `answered ${status}${said}: it wants to know the tenant: add headers: { X-Scope-OrgID: … } to the source`;
  }
  if (status !== 401 && status !== 403) return `answered ${status}${said}`;
  const sent = Object.keys(headers);
  if (sent.length === 0) {
    return `answered ${status}${said}: it wants to know who asks: add headers: { Authorization: "Bearer \${env:NAME}" } to the source, and set NAME in the workflow's env`;
  }
  const from = variables.length === 0 ? "" : `, filled from ${variables.join(", ")}`;
  return `answered ${status}${said}: it does not accept the source's headers (${sent.join(", ")}${from})`;
}

/** What others said, as one harmless line: a server may repeat what it was sent. */
function quoted(text: string, { headers }: HttpServer, length = 200): string {
  let safe = text.slice(0, 4 * length);
  for (const value of Object.values(headers)) {
    for (const secret of [value, value.replace(/^\w+\s+/, "")])
      if (secret.length >= 4) safe = safe.replaceAll(secret, "***");
  }
  return safeSample(safe, length);
}
