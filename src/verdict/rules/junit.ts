import { formatCount, formatNumber } from "../../pipeline/format.ts";
import type { Check, JunitCheck } from "../../pipeline/model.ts";
import { defineRule } from "./rule.ts";

/** At most so many tests failed (errors included) and at least so many were really executed (skipped ones were not). */
export const junit = defineRule<JunitCheck>({
  name: "junit",
  covers: [],
  cumulative: false,
  is: (check: Check): check is JunitCheck => check.kind === "junit",
  start: (check) => (observation) => {
    const { tests = Number.NaN, failures = Number.NaN, errors = Number.NaN, skipped = Number.NaN } = observation.values;
    const bad = failures + errors;
    const executed = tests - skipped;
    if (Number.isNaN(bad) || Number.isNaN(executed)) {
      return { phase: "error", reason: "the observation lacks a number of tests, failures, errors or skipped" };
    }
    const breaches: { readonly reason: string; readonly cure: string }[] = [];
    if (!(bad <= check.maxFailures)) {
      breaches.push({
        reason: `${formatNumber(bad)} of ${formatCount(tests, "test")} failed > ${formatNumber(check.maxFailures)}`,
        cure: `max-failures: ${bad}`,
      });
    }
    if (!(executed >= check.minTests)) {
      const left = skipped > 0 ? ` (${formatNumber(skipped)} of ${formatNumber(tests)} skipped)` : "";
      breaches.push({
        reason: `${formatCount(executed, "test")} executed${left} < ${formatNumber(check.minTests)}`,
        cure: `min-tests: ${executed}`,
      });
    }
    const [first] = breaches;
    if (first) return { phase: "fail", reason: first.reason, turnedBy: breaches.map(({ cure }) => cure).join(" and ") };
    const aside = skipped > 0 ? `, ${formatNumber(skipped)} skipped` : "";
    return {
      phase: "pass",
      reason: `${formatNumber(bad)} of ${formatCount(tests, "test")} failed${aside}`,
      turnedBy: `${bad > 0 ? `max-failures: ${bad - 1} or ` : ""}min-tests: ${executed + 1}`,
    };
  },
});
