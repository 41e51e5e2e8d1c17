import { messageOf } from "../platform/errors.ts";
import { safeSample } from "./safe.ts";

export type Headers = Readonly<Record<string, string>>;

export interface HttpPorts {
  readonly fetch: (
    url: string,
    init: { method: string; headers: Headers; body?: string; signal: AbortSignal; redirect: "error" },
  ) => Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }>;
}

/** Milliseconds for one page. */
const PATIENCE = 30_000;
const LONGEST = 256 << 20;

/** A server did not give what was asked for; the message is one harmless line. */
export class ReadError extends Error {
  override readonly name = "ReadError";
}

/**
 * One answer in JSON. Throws a {@link ReadError} that names the address without its query, and the status. Redirects are
 * refused, since headers with tokens would go along.
 */
export async function askJson(
  ports: HttpPorts,
  url: URL,
  headers: Headers,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const place = `${url.origin}${url.pathname}`;
  let text: string;
  let status: number;
  try {
    const answer = await ports.fetch(url.href, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE),
      redirect: "error",
    });
    status = answer.status;
    text = await answer.text();
    if (!answer.ok) throw new ReadError(safeSample(`${place} answered ${status}: ${text.slice(0, 300)}`, 300));
  } catch (error) {
    if (error instanceof ReadError) throw error;
    const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : "";
    throw new ReadError(safeSample(`${place} cannot be reached: ${messageOf(error)}${cause}`, 300));
  }
  if (text.length > LONGEST) throw new ReadError(`${place} answered with more than 256 MiB`);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // The same as any other answer that is no object.
  }
  throw new ReadError(
    safeSample(`${place} answered ${status} with something that is no JSON object: ${text.slice(0, 100)}`),
  );
}
