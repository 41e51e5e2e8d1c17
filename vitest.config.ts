import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { skipReporter } from "./test/support/skip-reporter.ts";

/** The files that take longest, by far: most of them play whole rehearsals. */
const long = ["rehearsals.test.ts", "sequential.test.ts", "bake-ways.test.ts", "kill.test.ts"];

/** Begins with those, also where no earlier run has left times: begun last, they would end alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = long.findIndex((name) => moduleId.endsWith(`/${name}`));
      return index < 0 ? long.length : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

const failRun = (): void => {
  process.exitCode = 1;
};

/** Where CI wants the results as JSON, besides what people read. */
const report = process.env["ROCKSOLID_TEST_REPORT"];
const json: ["json", { outputFile: string }][] = report === undefined ? [] : [["json", { outputFile: report }]];

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "rehearsal/**/*.test.ts", "test/**/*.test.ts"],
    // Half of a rehearsal is waiting, so that three of them keep two cores busy; each file plays one after another.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    // The rehearsal's parser imports JSON without attributes, which Vite resolves and Node refuses.
    server: { deps: { inline: ["@actions/workflow-parser"] } },
    reporters: ["default", ...json, skipReporter((text) => process.stdout.write(text), process.env, failRun)],
  },
});
