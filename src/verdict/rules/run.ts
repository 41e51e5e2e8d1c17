import { formatDuration, formatNumber, lastLine } from "../../pipeline/format.ts";
import type { Check, RunCheck } from "../../pipeline/model.ts";
import { defineRule } from "./rule.ts";

/** A command must end with exit status 0 within its time. */
export const run = defineRule<RunCheck>({
  name: "run",
  covers: [],
  cumulative: false,
  is: (check: Check): check is RunCheck => check.kind === "run",
  start: (check) => (observation) => {
    const { exit, seconds, timeout } = observation.values;
    if (exit === undefined || Number.isNaN(exit)) {
      return { phase: "error", reason: "the observation has no exit status" };
    }
    const after = seconds === undefined ? "" : ` after ${formatDuration(Math.round(seconds * 10) * 100)}`;
    if (timeout === 1)
      return {
        phase: "fail",
        reason: `not done within ${formatDuration(check.timeout)}`,
        turnedBy: `timeout above ${formatDuration(check.timeout)}`,
      };
    if (exit === 0) {
      const least =
        seconds === undefined ? {} : { turnedBy: `timeout below ${formatDuration(Math.ceil(seconds) * 1_000)}` };
      return { phase: "pass", reason: `exit status 0${after}`, ...least };
    }
    const said = lastLine(observation.note ?? "");
    return { phase: "fail", reason: `exit status ${formatNumber(exit)}${after}${said === "" ? "" : `: ${said}`}` };
  },
});
