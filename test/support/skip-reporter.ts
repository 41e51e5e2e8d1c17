import type { Reporter, TestCase, TestModule } from "vitest/node";
import { maySkip, NO_SKIPS } from "./tools.ts";

/** The skipped tests of a run, each with its reason. */
function skipped(modules: readonly TestModule[]): { readonly line: string; readonly reason: string }[] {
  return modules.flatMap((module) =>
    [...module.children.allTests("skipped")].map((test) => {
      const reason = reasonOf(test);
      return { line: `${nameOf(test)}: ${reason}`, reason };
    }),
  );
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  return ("note" in result && result.note) || "no reason given";
}

/** Names every skipped test with its reason at the end of a run, and fails the run for them where skipping is forbidden. */
export function skipReporter(
  print: (text: string) => void,
  env: Readonly<Record<string, string | undefined>>,
  fail: () => void,
): Reporter {
  return {
    onTestRunEnd(modules) {
      // A run of chosen tests (`-t`) leaves the others out on purpose.
      const chosen = modules.some(({ project }) => project.config.testNamePattern !== undefined);
      if (chosen && env[NO_SKIPS] !== "1") return;
      const tests = skipped(modules);
      if (tests.length === 0) return;
      print(`\nSkipped:\n${tests.map(({ line }) => `  ${line}`).join("\n")}\n`);
      if (tests.every(({ reason }) => maySkip(reason, env))) return;
      print(`${NO_SKIPS}=1 forbids to skip: the run fails.\n`);
      fail();
    },
  };
}
