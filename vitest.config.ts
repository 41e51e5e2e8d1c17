import { defineConfig } from "vitest/config";
import { skipReporter } from "./test/support/skip-reporter.ts";

const failRun = (): void => {
  process.exitCode = 1;
};

/** Where CI wants the results as JSON, besides what people read. */
const report = process.env["ROCKSOLID_TEST_REPORT"];
const json: ["json", { outputFile: string }][] = report === undefined ? [] : [["json", { outputFile: report }]];

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "rehearsal/**/*.test.ts", "test/**/*.test.ts"],
    // Most tests wait for processes of their own, so that one file at a time would leave a core idle.
    maxWorkers: 2,
    testTimeout: 30_000,
    // The rehearsal's parser imports JSON without attributes, which Vite resolves and Node refuses.
    server: { deps: { inline: ["@actions/workflow-parser"] } },
    reporters: ["default", ...json, skipReporter((text) => process.stdout.write(text), process.env, failRun)],
  },
});
