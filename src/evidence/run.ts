import { lastLine } from "../pipeline/format.ts";
import type { Check, RunCheck, Target } from "../pipeline/model.ts";
import { defineReader } from "./reader.ts";

/** How a command asks for one target, in the shells of the runners. */
const TARGET_VARIABLE = /(?:\$\{?|\$env:|%)ROCKSOLID_(?:TARGET|ADDRESS|RING|REGION|ZONE)\b/i;

/**
 * `{ exit, seconds }`: exit status and real seconds; `timeout` is 1 where it was stopped for taking too long. A command
 * that cannot be found or started (126, 127) or was cancelled is unreadable: nothing was checked.
 */
export const run = defineReader<RunCheck>({
  is: (check: Check): check is RunCheck => check.kind === "run",
  // Nothing is pasted into a command, so it asks for a target by naming the variable.
  perTarget: (check) => TARGET_VARIABLE.test(check.command),
  open: (check, { scope, target }, ports) => ({
    async read(look) {
      const started = performance.now();
      const result = await ports.runCommand(check.command, {
        cwd: scope.workspace,
        env: {
          ...scope.env,
          ROCKSOLID_SINCE: String(Math.floor(look.since / 1_000)),
          ROCKSOLID_UNTIL: String(Math.floor(look.until / 1_000)),
          ...(scope.targets.length > 0 && { ROCKSOLID_TARGETS: scope.targets.map(({ name }) => name).join(" ") }),
          ...(target && targetVariables(target)),
        },
        timeout: check.timeout,
        ...(scope.signal && { signal: scope.signal }),
      });
      const seconds = (performance.now() - started) / 1_000;
      const note = lastLine(result.tail);
      const noted = note === "" ? {} : { note };
      if (result.stopped === "cancelled") return { values: {}, points: 0, unreadable: "cancelled", ...noted };
      if (result.stopped === "timeout") {
        return { values: { exit: result.exitCode, seconds, timeout: 1 }, points: 1, ...noted };
      }
      if (result.exitCode === 127 || result.exitCode === 126) {
        const why = result.exitCode === 127 ? "was not found" : "is not executable";
        const unreadable = `a command in "${check.command}" ${why} (exit status ${result.exitCode})`;
        return { values: {}, points: 0, unreadable, ...noted };
      }
      return { values: { exit: result.exitCode, seconds }, points: 1, ...noted };
    },
  }),
});

function targetVariables(target: Target): Record<string, string> {
  return {
    ROCKSOLID_TARGET: target.name,
    ROCKSOLID_ADDRESS: target.address,
    ROCKSOLID_RING: target.ring ?? "",
    ROCKSOLID_REGION: target.region ?? "",
    ROCKSOLID_ZONE: target.zone ?? "",
  };
}
