import type { Observation } from "../../evidence/observation.ts";
import { formatAgainst, formatNumber, formatValue } from "../../pipeline/format.ts";
import type { Bound, Check, JsonCheck, MetricCheck, Quantity } from "../../pipeline/model.ts";
import { asWritten } from "../series/show.ts";
import { defineRule, type Ruling } from "./rule.ts";
import { judgesSeries } from "./series.ts";

type Limited = JsonCheck | MetricCheck;

/** `min` and `max` of a value; both ends are allowed values. */
export const limits = defineRule<Limited>({
  name: "limits",
  covers: [],
  cumulative: false,
  is: (check: Check): check is Limited =>
    (check.kind === "json" || check.kind === "metric") &&
    (check.limits.min !== undefined || check.limits.max !== undefined),
  when: (check, options) => !judgesSeries(check, options),
  start: (check) => (observation) => judge(check, observation),
});

/** Where several machines were read at once, the worst of them is judged. */
function judge(check: Limited, observation: Observation): Ruling {
  const machines = (observation.samples ?? []).filter(({ side, total }) => side === "candidate" && total === undefined);
  if (machines.length < 2) return judgeValue(check, observation);
  const { max, min } = check.limits;
  // The farthest first, so that what would have turned the verdict turns it for all of them.
  const sorted = [...machines].sort((a, b) => (max || !min ? b.value - a.value : a.value - b.value));
  const rulings = sorted.map(({ value, machine }) => {
    const ruling = judgeValue(check, { ...observation, values: { value } });
    return machine === undefined ? ruling : { ...ruling, reason: `${machine}: ${ruling.reason}` };
  });
  return (
    rulings.find(({ phase }) => phase === "fail") ??
    rulings.find(({ phase }) => phase !== "pass") ??
    judgeValue(check, observation)
  );
}

function judgeValue(check: Limited, observation: Observation): Ruling {
  const { value } = observation.values;
  if (value === undefined || Number.isNaN(value)) return { phase: "error", reason: "the observation has no value" };
  const { min, max } = check.limits;
  for (const bound of [min, max]) {
    if (bound && !("value" in bound)) return unevaluated(bound.expression);
  }
  const low = quantity(min);
  const high = quantity(max);
  if (low && !Number.isFinite(low.value)) return unevaluated(low.text);
  if (high && !Number.isFinite(high.value)) return unevaluated(high.text);

  const shown = (limit: Quantity) => describe(formatAgainst(value, limit.value, limit), observation);
  if (high && value > high.value) {
    return {
      phase: "fail",
      reason: `${shown(high)} > ${high.text}`,
      ...turned(`max: ${asWritten(value, 1, high)}`, value),
    };
  }
  if (low && value < low.value) {
    return {
      phase: "fail",
      reason: `${shown(low)} < ${low.text}`,
      ...turned(`min: ${asWritten(value, -1, low)}`, value),
    };
  }
  if (!Number.isFinite(value)) return { phase: "error", reason: `the value is ${formatNumber(value)}` };

  const unit = high ?? low ?? plain;
  const parts = [low && `≥ ${low.text}`, high && `≤ ${high.text}`].filter((part) => part !== undefined);
  const turns = [high && `max below ${asWritten(value, -1, high)}`, low && `min above ${asWritten(value, 1, low)}`];
  return {
    phase: "pass",
    reason: `${describe(formatValue(value, unit), observation)} ${parts.join(", ")}`,
    turnedBy: turns.filter((one) => one !== undefined).join(" or "),
  };
}

/** No limit that can be written allows a value without bounds. */
function turned(by: string, value: number): { turnedBy?: string } {
  return Number.isFinite(value) ? { turnedBy: by } : {};
}

const plain = { unit: "", perSecond: false } as const;

/** `21 of 1,000 (2.1%)` for a share, else the value alone. */
function describe(text: string, { values: { events, total } }: Observation): string {
  return events === undefined || total === undefined
    ? text
    : `${formatNumber(events)} of ${formatNumber(total)} (${text})`;
}

function quantity(bound: Bound | undefined): Quantity | undefined {
  return bound && "value" in bound ? bound : undefined;
}

function unevaluated(text: string): Ruling {
  return { phase: "error", reason: `the limit "${text}" is not a number` };
}
