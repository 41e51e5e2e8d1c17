import type { Reporter, TestCase, TestModule } from "vitest/node";
import { NO_SKIPS } from "./tools.ts";

/** The skipped tests of a run, each with its reason. */
function skipped(modules: readonly TestModule[]): string[] {
  const lines: string[] = [];
  for (const module of modules) {
    for (const test of module.children.allTests("skipped")) lines.push(`${nameOf(test)}: ${reasonOf(test)}`);
  }
  return lines;
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
      const lines = skipped(modules);
      if (lines.length === 0) return;
      print(`\nSkipped:\n${lines.map((line) => `  ${line}`).join("\n")}\n`);
      if (env[NO_SKIPS] !== "1") return;
      print(`${NO_SKIPS}=1 forbids to skip: the run fails.\n`);
      fail();
    },
  };
}
