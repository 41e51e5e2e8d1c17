import type { Check, LogsCheck, Source, Text } from "../pipeline/model.ts";
import { defineReader, namesTarget } from "./reader.ts";

/**
 * `{ lines, errors, fatal }` of the events that are new since the look before; the rule adds them up. What could not be
 * read makes the observation unreadable, and the counts of the rest stay in it.
 */
export const logs = defineReader<LogsCheck>({
  is: (check: Check): check is LogsCheck => check.kind === "logs",
  perTarget: (check) => namesTarget(sourceTexts(check.source)),
  open: (check, place, ports) => {
    const scanner = ports.openLogs(check.source, check, place.context);
    return {
      async read({ since, until }) {
        const { lines, errors, fatal, sample, unreadable } = await scanner.scan({ since, until });
        const [first] = unreadable;
        const more = unreadable.length > 1 ? ` (and ${unreadable.length - 1} more)` : "";
        return {
          values: { lines, errors, fatal },
          points: lines,
          ...(first && { unreadable: `${first.path}: ${first.reason}${more}` }),
          ...(sample !== undefined && { note: sample }),
        };
      },
      close: () => scanner.close(),
    };
  },
});

/** The texts of a source that may name a target. */
export function sourceTexts(source: Source): readonly Text[] {
  switch (source.kind) {
    case "files":
      return [source.files];
    case "command":
      return [source.command];
    default:
      return [source.url, ...Object.values(source.headers)];
  }
}
