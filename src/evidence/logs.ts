import type { Check, LogsCheck, Source, Text } from "../pipeline/model.ts";
import { defineReader, namesTarget } from "./reader.ts";

/**
 * `{ lines, errors, fatal, requests?, newSignatures?, silent? }`: the counts are those of the events that are new since the look before; the rule adds them up. What could not be
 * read makes the observation unreadable, and the counts of the rest stay in it.
 */
export const logs = defineReader<LogsCheck>({
  is: (check: Check): check is LogsCheck => check.kind === "logs",
  perTarget: (check) => namesTarget(sourceTexts(check.source)),
  open: (check, place, ports) => {
    const scanner = ports.openLogs(check.source, check, place.context);
    return {
      async read({ since, until }) {
        const found = await scanner.scan({ since, until });
        const { lines, errors, fatal, requests, unreadable, newSignatures, silent } = found;
        const [first] = unreadable;
        const more = unreadable.length > 1 ? ` (and ${unreadable.length - 1} more)` : "";
        const kind = newSignatures?.[0];
        const note = kind
          ? kind.template
          : silent?.length
            ? `silent since the deploy: ${silent.join(", ")}`
            : found.sample;
        return {
          values: {
            lines,
            errors,
            fatal,
            ...(requests !== undefined && { requests }),
            ...(newSignatures && { newSignatures: newSignatures.length }),
            ...(silent && { silent: silent.length }),
          },
          points: lines,
          ...(first && { unreadable: `${first.path}: ${first.reason}${more}` }),
          ...(note !== undefined && { note }),
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
