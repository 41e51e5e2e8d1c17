import { formatCount, formatNumber, formatPercent, formatValue } from "../pipeline/format.ts";
import type { Bound, Check, Quantity } from "../pipeline/model.ts";

/** The rule of a check in a few words: `≤ 0.5% errors, ≥ 100 lines`. */
export function describeRule(check: Check): string {
  const parts = partsOf(check);
  if (check.tolerate) parts.push(`tolerate ${check.tolerate.failures} of ${check.tolerate.of}`);
  return parts.join(", ") || "no rule";
}

function partsOf(check: Check): string[] {
  switch (check.kind) {
    case "junit":
      return [`≥ ${formatCount(check.minTests, "test")}`, `≤ ${formatNumber(check.maxFailures)} failed`];
    case "run":
      return ["exit status 0"];
    case "http":
      return [
        `status ${check.status.join(" or ")}`,
        ...(check.maxLatency ? [`≤ ${check.maxLatency.text}`] : []),
        ...(check.contains === undefined ? [] : [`contains "${check.contains}"`]),
        ...(check.maxFailures ? [`≤ ${check.maxFailures.text} failed`] : []),
      ];
    case "logs":
      return [
        ...(check.maxRate ? [`≤ ${check.maxRate.text} errors${check.rateOf ? ` of ${check.rateOf}` : ""}`] : []),
        ...(check.maxPace ? [`≤ ${check.maxPace.text} errors`] : []),
        ...(check.maxCount === undefined ? [] : [`≤ ${formatCount(check.maxCount, "error")}`]),
        ...(check.newSignatures === undefined ? [] : [`≤ ${formatCount(check.newSignatures, "new kind")} of errors`]),
        ...(check.maxFatal === undefined ? [] : [`≤ ${formatNumber(check.maxFatal)} fatal`]),
        `≥ ${formatCount(check.minLines, "line")}`,
        ...(Number(check.silentHosts) > 0 ? [`≤ ${check.silentHosts} silent`] : []),
      ];
    case "json":
      return limitsOf(check.limits);
    case "metric":
      return [
        ...limitsOf(check.limits),
        ...(check.slope?.min ? [`slope ≥ ${check.slope.min.text}`] : []),
        ...(check.slope?.max ? [`slope ≤ ${check.slope.max.text}`] : []),
        ...(check.sigma ? [`within ${formatNumber(check.sigma.max)} σ`] : []),
        ...(check.comparison
          ? [
              `not ${check.comparison.worse === "different" ? "different from" : `${check.comparison.worse} than`} the control, tolerance ${formatPercent(check.comparison.tolerance)}`,
            ]
          : []),
      ];
  }
}

function limitsOf({ min, max }: { readonly min?: Bound; readonly max?: Bound }): string[] {
  return [...(min ? [`≥ ${boundText(min)}`] : []), ...(max ? [`≤ ${boundText(max)}`] : [])];
}

function boundText(bound: Bound): string {
  return "value" in bound ? bound.text : bound.expression;
}

/** The main value for people, in the unit of the check's limit. */
export function formatMain(check: Check, value: number): string {
  return formatValue(value, unitOf(check));
}

/** The unit in which values of a check are shown. */
export function unitOf(check: Check): Pick<Quantity, "unit" | "perSecond"> {
  if (check.kind === "http" || check.kind === "run") return { unit: "s", perSecond: false };
  if (check.kind === "logs") return { unit: "%", perSecond: false };
  if (check.kind === "junit") return { unit: "", perSecond: false };
  const bound = check.limits.max ?? check.limits.min;
  if (bound && "value" in bound) return bound;
  if (check.kind === "json") return { unit: "", perSecond: false };
  if (check.total !== undefined) return { unit: "%", perSecond: false };
  const slope = check.slope?.max ?? check.slope?.min;
  return { unit: slope?.unit ?? "", perSecond: false };
}
