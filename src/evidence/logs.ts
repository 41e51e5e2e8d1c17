import { safeSample } from "../logs/safe.ts";
import type { LogCounts, SilentSource } from "../logs/types.ts";
import { formatDuration } from "../pipeline/format.ts";
import type { Check, LogsCheck, Source, Text } from "../pipeline/model.ts";
import { createLogFindings } from "./log-findings.ts";
import { defineReader, namesTarget } from "./reader.ts";

/**
 * `{ lines, errors, fatal, requests?, span, newSignatures?, silent? }`: the counts are those of the events that are new
 * since the look before; the rule adds them up. `span` is the time since the deploy. What could not be read makes the
 * observation unreadable, and the counts of the rest stay in it.
 */
export const logs = defineReader<LogsCheck>({
  is: (check: Check): check is LogsCheck => check.kind === "logs",
  perTarget: (check) => namesTarget(sourceTexts(check.source)),
  open: (check, place, ports) => {
    const scanner = ports.openLogs(check.source, check, place.context);
    const add = createLogFindings();
    return {
      async read({ since, until }) {
        const found = await scanner.scan({ since, until });
        const { lines, errors, fatal, requests, unreadable, newSignatures, newSignatureCount, silent } = found;
        const [first] = unreadable;
        const more = unreadable.length > 1 ? ` (and ${unreadable.length - 1} more)` : "";
        const note = noteOf(check, found);
        return {
          values: {
            lines,
            errors,
            fatal,
            ...(requests !== undefined && { requests }),
            span: Math.max(0, until - since) / 1_000,
            ...(newSignatures && { newSignatures: newSignatureCount ?? newSignatures.length }),
            ...(silent && { silent: silent.length }),
          },
          points: lines,
          ...(first && { unreadable: `${first.path}: ${first.reason}${more}` }),
          ...(note !== undefined && { note }),
          logs: add(found),
        };
      },
      close: () => scanner.close(),
    };
  },
});

/** What is said beside the counts: of what the rule is about to object to, or else of any error. */
function noteOf(check: LogsCheck, found: LogCounts): string | undefined {
  const { newSignatures = [], newSignatureCount = newSignatures.length, silent = [], sample } = found;
  const [kind] = newSignatures;
  if (kind && newSignatureCount > (check.newSignatures ?? Number.POSITIVE_INFINITY)) return kind.template;
  if (check.silentHosts !== "any" && silent.length > (check.silentHosts ?? 0)) return describeSilence(silent);
  return kind?.template ?? sample;
}

const MOST_NAMED = 3;

/** `db-1 has written nothing for 12m, and before the deploy it wrote in 58 of 60 spans of 1m and paused for 2m at most`. */
export function describeSilence(silent: readonly SilentSource[]): string {
  const named = silent.slice(0, MOST_NAMED).map(({ name, quiet, wroteIn, spans, span, pause }) => {
    const habit = pause === 0 ? "never paused so long" : `paused for ${formatDuration(pause)} at most`;
    return `${safeSample(name, 80)} has written nothing for ${formatDuration(quiet)}, and before the deploy it wrote in ${wroteIn} of ${spans} spans of ${formatDuration(span)} and ${habit}`;
  });
  const more = silent.length - named.length;
  return `${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}

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
