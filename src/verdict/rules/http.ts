import type { Observation } from "../../evidence/observation.ts";
import { formatAgainst, formatNumber, formatValue } from "../../pipeline/format.ts";
import type { Check, HttpCheck } from "../../pipeline/model.ts";
import { asWritten } from "../series/show.ts";
import { defineRule, type RuleOptions, type Ruling } from "./rule.ts";

/** An accepted status, an answer in time, and the text that the body must contain. No answer at all is a failure. */
export const http = defineRule<HttpCheck>({
  name: "http",
  covers: [],
  cumulative: false,
  is: (check: Check): check is HttpCheck => check.kind === "http",
  when: (check, options) => !judgesFailures(check, options),
  start: (check) => (observation) => judgeAnswer(check, observation),
});

/** Whether it is not one answer that counts, but the share of those that fail. */
export function judgesFailures(check: Check, { kind }: RuleOptions): boolean {
  return kind === "bake" && check.kind === "http" && check.maxFailures !== undefined;
}

/** What one answer alone comes to. */
export function judgeAnswer(check: HttpCheck, observation: Observation): Ruling {
  const { status, latency, contains } = observation.values;
  const { maxLatency } = check;
  if (status === undefined) return { phase: "error", reason: "the observation has no status" };
  if (status === 0)
    return { phase: "fail", reason: `no answer${observation.note === undefined ? "" : `: ${observation.note}`}` };
  const breaches: { readonly reason: string; readonly cure: string }[] = [];
  if (!check.status.includes(status)) {
    breaches.push({
      reason: `status ${formatNumber(status)}, not ${check.status.map((code) => String(code)).join(" or ")}`,
      cure: `status: [${[...check.status, status].join(", ")}]`,
    });
  }
  if (check.contains !== undefined && contains !== 1)
    breaches.push({ reason: `status ${status}, but the body lacks "${check.contains}"`, cure: "contains left out" });
  if (maxLatency) {
    if (latency === undefined || Number.isNaN(latency) || !Number.isFinite(maxLatency.value)) {
      return { phase: "error", reason: "the latency or its limit is not a number" };
    }
    if (latency > maxLatency.value) {
      breaches.push({
        reason: `status ${status} in ${formatAgainst(latency, maxLatency.value, maxLatency)} > ${maxLatency.text}`,
        cure: `max-latency: ${asWritten(latency, 1, maxLatency)}`,
      });
    }
  }
  const [first] = breaches;
  if (first) return { phase: "fail", reason: first.reason, turnedBy: breaches.map(({ cure }) => cure).join(" and ") };
  const time = latency === undefined ? "" : ` in ${formatValue(latency, { unit: "s", perSecond: false })}`;
  return {
    phase: "pass",
    reason: `status ${status}${time}${maxLatency ? ` ≤ ${maxLatency.text}` : ""}`,
    ...(maxLatency && latency !== undefined && { turnedBy: `max-latency below ${asWritten(latency, -1, maxLatency)}` }),
  };
}
