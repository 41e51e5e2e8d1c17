import { formatAgainst, formatNumber, formatValue } from "../../pipeline/format.ts";
import type { Check, HttpCheck } from "../../pipeline/model.ts";
import { defineRule, type Ruling } from "./rule.ts";

/** An accepted status, an answer in time, and the text that the body must contain. No answer at all is a failure. */
export const http = defineRule<HttpCheck>({
  name: "http",
  covers: [],
  cumulative: false,
  is: (check: Check): check is HttpCheck => check.kind === "http",
  start: (check) => (observation) => {
    const { status, latency, contains } = observation.values;
    const { maxLatency } = check;
    if (status === undefined) return { phase: "error", reason: "the observation has no status" };
    if (status === 0) return fail(`no answer${observation.note === undefined ? "" : `: ${observation.note}`}`);
    if (!check.status.includes(status)) {
      return fail(`status ${formatNumber(status)}, not ${check.status.map((code) => String(code)).join(" or ")}`);
    }
    if (check.contains !== undefined && contains !== 1)
      return fail(`status ${status}, but the body lacks "${check.contains}"`);
    if (maxLatency) {
      if (latency === undefined || Number.isNaN(latency) || !Number.isFinite(maxLatency.value)) {
        return { phase: "error", reason: "the latency or its limit is not a number" };
      }
      if (latency > maxLatency.value) {
        return fail(`status ${status} in ${formatAgainst(latency, maxLatency.value, maxLatency)} > ${maxLatency.text}`);
      }
    }
    const time = latency === undefined ? "" : ` in ${formatValue(latency, { unit: "s", perSecond: false })}`;
    return { phase: "pass", reason: `status ${status}${time}${maxLatency ? ` ≤ ${maxLatency.text}` : ""}` };
  },
});

function fail(reason: string): Ruling {
  return { phase: "fail", reason };
}
