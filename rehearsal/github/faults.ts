import type { Fault, Weather } from "./ports.ts";

/** A fault for one request. */
export type FaultKind = Fault["kind"];

/** A small generator of numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The body that GitHub sends with secondary limits; clients know them by these words. */
export const SECONDARY_LIMIT_MESSAGE =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

function json(status: number, message: string, retryAfter?: number): FaultKind {
  return {
    type: "status",
    status,
    body: JSON.stringify({
      message,
      documentation_url: "https://docs.github.com/rest/overview/resources-in-the-rest-api",
    }),
    headers: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
  };
}

/** GitHub's 403 for a secondary limit, to be tried again after so many seconds. */
export function secondaryLimit(retryAfter: number): FaultKind {
  return json(403, SECONDARY_LIMIT_MESSAGE, retryAfter);
}

/** A page for people where JSON was asked for, as proxies and outages send it. */
export function htmlPage(status: number): FaultKind {
  const body = "<!DOCTYPE html><html><title>Unicorn!</title><body>We had issues producing the response.</body></html>";
  return { type: "status", status, body, headers: { "content-type": "text/html; charset=utf-8" } };
}

/** The faults of bad weather, each as likely as the others. */
export function weatherFaults(retryAfter: number): readonly FaultKind[] {
  return [
    json(500, "Server Error"),
    json(502, "Server Error"),
    json(503, "Service Unavailable"),
    json(429, "Too Many Requests", retryAfter),
    secondaryLimit(retryAfter),
    { type: "reset" },
    { type: "lost-answer" },
    { type: "half-body" },
  ];
}

/** Faults to come: those queued for certain requests, and the weather. */
export class Faults {
  readonly #queue: { readonly fault: Fault; left: number }[] = [];
  #random: (() => number) | undefined;
  #weather: Weather | undefined;

  inject(fault: Fault): void {
    this.#queue.push({ fault, left: fault.times });
  }

  setWeather(weather: Weather | undefined): void {
    this.#weather = weather;
    this.#random = weather === undefined ? undefined : seededRandom(weather.seed);
  }

  /** Faults that were queued and have not happened. */
  get pending(): readonly Fault[] {
    return this.#queue.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  /** The fault for a request: the first queued one that matches, else what the weather brings. */
  next(request: { method: string; path: string; body: string; exposed: boolean }): FaultKind | undefined {
    const index = this.#queue.findIndex(({ fault: { match } }) => {
      const fits = (pattern: RegExp | undefined, value: string): boolean =>
        pattern === undefined || new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, "")).test(value);
      return (
        (match.method === undefined || match.method.toUpperCase() === request.method) &&
        fits(match.path, request.path) &&
        fits(match.body, request.body)
      );
    });
    const entry = this.#queue[index];
    if (entry !== undefined) {
      entry.left -= 1;
      if (entry.left <= 0) this.#queue.splice(index, 1);
      return entry.fault.kind;
    }
    if (!request.exposed || this.#random === undefined || this.#weather === undefined) return undefined;
    if (this.#random() >= this.#weather.share) return undefined;
    const kinds = weatherFaults(this.#weather.retryAfter ?? 1);
    return kinds[Math.floor(this.#random() * kinds.length)];
  }
}
