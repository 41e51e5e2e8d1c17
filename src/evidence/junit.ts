import { relative } from "node:path";
import type { Check, JunitCheck } from "../pipeline/model.ts";
import { messageOf } from "../platform/errors.ts";
import { staleness } from "./freshness.ts";
import { parseJunit } from "./junit-xml.ts";
import { defineReader, namesTarget } from "./reader.ts";

const LARGEST = 64 * 1024 * 1024;

/**
 * `{ tests, failures, errors, skipped }` over all files of the glob. No file, or none of this job, is no data; one that
 * is not a whole JUnit report makes the check unreadable. Files from before this job do not count, and the note says so.
 */
export const junit = defineReader<JunitCheck>({
  is: (check: Check): check is JunitCheck => check.kind === "junit",
  perTarget: (check) => namesTarget([check.files]),
  open: (check, place, { files }) => ({
    async read() {
      const pattern = place.fill(check.files);
      const { workspace } = place.scope;
      const total = { tests: 0, failures: 0, errors: 0, skipped: 0 };
      const stale: string[] = [];
      let read = 0;
      for (const path of await files.glob(pattern, workspace)) {
        const shown = relative(workspace, path) || path;
        try {
          const content = await files.read(path, workspace, LARGEST);
          if (!content) continue; // It disappeared between listing and reading.
          const old = staleness(shown, content.modified, place.scope);
          if (old !== undefined) {
            stale.push(old);
            continue;
          }
          const counts = parseJunit(content.text);
          read += 1;
          for (const key of ["tests", "failures", "errors", "skipped"] as const) total[key] += counts[key];
        } catch (error) {
          return { values: {}, points: 0, unreadable: `${shown}: ${messageOf(error)}` };
        }
      }
      const [oldest] = stale;
      if (read === 0) {
        return { values: {}, points: 0, absent: oldest ?? `no file matches ${pattern}` };
      }
      const note = oldest === undefined ? {} : { note: `${stale.length} not counted: ${oldest}` };
      return { values: total, points: total.tests, ...note };
    },
  }),
});
