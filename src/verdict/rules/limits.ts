import type { Observation } from "../../evidence/observation.ts";
import { formatAgainst, formatNumber, formatValue } from "../../pipeline/format.ts";
import type { Bound, Check, JsonCheck, MetricCheck, Quantity } from "../../pipeline/model.ts";
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
  const rulings = machines.map(({ value, machine }) => {
    const { phase, reason } = judgeValue(check, { ...observation, values: { value } });
    return { phase, reason: machine === undefined ? reason : `${machine}: ${reason}` };
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
  if (high && value > high.value) return { phase: "fail", reason: `${shown(high)} > ${high.text}` };
  if (low && value < low.value) return { phase: "fail", reason: `${shown(low)} < ${low.text}` };
  if (!Number.isFinite(value)) return { phase: "error", reason: `the value is ${formatNumber(value)}` };

  const unit = high ?? low ?? plain;
  const parts = [low && `≥ ${low.text}`, high && `≤ ${high.text}`].filter((part) => part !== undefined);
  return { phase: "pass", reason: `${describe(formatValue(value, unit), observation)} ${parts.join(", ")}` };
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
