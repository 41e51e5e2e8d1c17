import { setTimeout as delay } from "node:timers/promises";
import type { Check, HttpCheck } from "../pipeline/model.ts";
import { defineReader, namesTarget, type Reading } from "./reader.ts";
import { type Answer, request } from "./request.ts";

const BODY_LIMIT = 1024 * 1024;
const REDIRECTS = 5;
/** A service that is just being replaced refuses for a moment; that alone shall not fail a bake of hours. */
const ATTEMPTS = 3;
const BETWEEN_ATTEMPTS = 500;

/**
 * `{ status, latency }`: the HTTP status, and the seconds until the whole answer was there; `contains` is 1 or 0 where
 * the check asks for a text. Status 0 is no answer: refused, reset or silent, which is what the check is there to find,
 * so it is data. Only a name that cannot be resolved, a host without a route or a broken certificate is unreadable.
 * Redirects are followed unless the check accepts a 3xx status.
 */
export const http = defineReader<HttpCheck>({
  is: (check: Check): check is HttpCheck => check.kind === "http",
  perTarget: (check) => namesTarget([check.url, ...Object.values(check.headers), check.contains ?? ""]),
  open: (check, place, ports) => ({
    async read() {
      const url = place.fill(check.url);
      const headers = Object.fromEntries(
        Object.entries(check.headers).map(([name, value]) => [name, place.fill(value)]),
      );
      const { signal } = place.scope;
      const redirects = check.status.some((status) => status >= 300 && status < 400) ? 0 : REDIRECTS;
      const end = performance.now() + check.timeout;
      let answer: Answer;
      for (let attempt = 1; ; attempt += 1) {
        answer = await request(ports.fetch, url, {
          headers,
          timeout: Math.max(1, Math.ceil(end - performance.now())),
          limit: BODY_LIMIT,
          redirects,
          ...(signal && { signal }),
        });
        const again = !answer.ok && answer.why === "refused" && attempt < ATTEMPTS;
        if (!again || performance.now() + BETWEEN_ATTEMPTS >= end) break;
        await delay(BETWEEN_ATTEMPTS, undefined, signal ? { signal } : {});
      }
      return reading(check, answer, check.contains === undefined ? undefined : place.fill(check.contains));
    },
  }),
});

function reading(check: HttpCheck, answer: Answer, contains: string | undefined): Reading {
  if (!answer.ok) {
    if (answer.why === "unreachable") return { values: {}, points: 0, unreadable: answer.reason };
    const note = answer.why === "timeout" ? `nothing within ${check.timeout / 1_000}s` : answer.reason;
    return { values: { status: 0, latency: answer.seconds }, points: 1, note };
  }
  if (contains !== undefined && answer.cut && !answer.body.includes(contains)) {
    return { values: {}, points: 0, unreadable: `the body is larger than ${BODY_LIMIT} bytes` };
  }
  return {
    values: {
      status: answer.status,
      latency: answer.seconds,
      ...(contains !== undefined && { contains: answer.body.includes(contains) ? 1 : 0 }),
    },
    points: 1,
  };
}
