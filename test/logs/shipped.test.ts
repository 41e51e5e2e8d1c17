import { closeSync, openSync, writeSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Lab, PIPELINE } from "../actions/lab.ts";

let lab: Lab;
afterEach(() => lab.close());

describe.runIf(availableParallelism() > 1)("the shipped action counts a large log", () => {
  it.each([
    { how: "by threads", env: {}, said: /^thread file:.*\/dist\/scan-thread\.js$/m, unsaid: /read by one thread/ },
    {
      how: "without threads where they cannot start, and says so",
      env: { NO_THREADS: "1" },
      said: /^::warning::logs are read by one thread, since another could not do it: .*no threads here/m,
      unsaid: /this is a mistake/,
    },
  ])("$how", { timeout: 60_000 }, async ({ env, said, unsaid }) => {
    const pipeline = PIPELINE.replace("checks:\n", 'sources:\n  app: { files: "big.log" }\nchecks:\n')
      .replace(
        'steady: { run: "test ! -e unsteady-$ROCKSOLID_VERSION" }',
        "steady: { logs: app, errors: { max-count: 0 } }",
      )
      .replace("for: 30m", "for: 14d");
    lab = await Lab.open({ ".github/pipeline.yml": pipeline });
    await lab.seed("1.5.0", "source");
    const run = lab.newRun("1.5.0");
    const inputs = {
      stage: "beta",
      "deployment-id": (await lab.action("promote", { stage: "beta" }, { run })).outputs["deployment-id"] ?? "",
      "max-wait": "0",
    };
    await lab.action("gate", { stage: "beta", "deployment-id": inputs["deployment-id"] }, { run });
    const began = Date.parse((await fetch(lab.github.url)).headers.get("date") ?? "");
    const { lines, errors } = writeLarge(join(lab.workspace, "big.log"), began);

    // Tells on the standard error which module each thread was given, and breaks threads where it is asked to.
    const spy = `data:text/javascript,${encodeURIComponent(`
      import threads from "node:worker_threads"; import { syncBuiltinESMExports } from "node:module";
      const { Worker } = threads;
      threads.Worker = class extends Worker {
        constructor(code, options) {
          process.stderr.write("thread " + options.workerData.entry + "\\n");
          super(process.env.NO_THREADS ? "throw new Error('no threads here')" : code, options);
        }
      };
      syncBuiltinESMExports();`)}`;
    const { log, outputs } = await lab.action("bake", inputs, {
      run,
      env: { ...env, NODE_OPTIONS: `--import=${spy}` },
    });
    expect(log).toMatch(said);
    expect(log).not.toMatch(unsaid);
    expect(outputs["reason"]).toBe(
      `steady: ${errors.toLocaleString("en-US")} errors in ${lines.toLocaleString("en-US")} lines > 0`,
    );
  });
});

function writeLarge(path: string, began: number): { readonly lines: number; readonly errors: number } {
  const file = openSync(path, "w");
  let [lines, errors] = [0, 0];
  for (let size = 0; size < 140e6; ) {
    const at = new Date(began + (lines % 900_000) / 100).toISOString();
    let text = `${at} ERROR [worker] cannot reach 10.0.0.${errors % 256}\njava.io.IOException: gone\n\tat a.b.C(D.java:1)\n`;
    errors++;
    for (let n = 0; n < 999; n++) text += `${at} INFO [worker] handled something of no interest at all, number ${n}\n`;
    lines += 1_000;
    size += writeSync(file, text);
  }
  closeSync(file);
  return { lines, errors };
}
