import type { CountOptions } from "../logs/look.ts";
import type { LogScanner } from "../logs/types.ts";
import type { LogsCheck, Source } from "../pipeline/model.ts";
import { namesIn, render, type TextContext } from "../pipeline/text.ts";
import { ConfigurationError } from "../platform/errors.ts";

/** What scanners of logs need of the job. */
export interface LogPlace {
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly warn?: (text: string) => void;
}

/** Opens the logs of a check; the scanner itself is loaded at the first look, so that a stage without logs does not pay for it. */
export function logSources(place: LogPlace): (source: Source, check: LogsCheck, context: TextContext) => LogScanner {
  return (source, check, context) => {
    const opener = openerOf(source, check, context, place);
    let scanner: Promise<LogScanner> | undefined;
    return {
      async scan(window) {
        scanner ??= opener();
        return (await scanner).scan(window);
      },
      async close() {
        await (await scanner)?.close();
      },
    };
  };
}

function openerOf(
  source: Source,
  check: LogsCheck,
  context: TextContext,
  { workspace, env, signal, warn }: LogPlace,
): () => Promise<LogScanner> {
  const counted: CountOptions = {
    // New kinds of errors and silence are told from the time before the deploy; to read it for nothing costs time.
    ...((check.newSignatures !== undefined || check.silentHosts !== "any") && { baseline: check.baseline }),
    ...(check.newSignatures !== undefined && { signatures: true }),
    ...(check.match !== undefined && { match: check.match }),
    ...(check.ignore !== undefined && { ignore: check.ignore }),
  };
  switch (source.kind) {
    case "files": {
      const options = { ...counted, files: render(source.files, context), format: source.format };
      return async () =>
        (await import("../logs/files.ts")).openLogFiles(options, {
          directory: workspace,
          now: Date.now,
          ...(warn && { warn }),
        });
    }
    case "command": {
      const options = { ...counted, command: source.command, format: source.format, name: source.name };
      return async () =>
        (await import("../logs/command.ts")).openLogCommand(options, { directory: workspace, env, signal });
    }
    case "loki": {
      const options = { ...counted, ...serverOf(source, context), query: render(check.query ?? "", context) };
      return async () => (await import("../logs/loki.ts")).openLoki(options, { fetch, signal });
    }
    case "elasticsearch": {
      const query = check.query === undefined ? undefined : render(check.query, context);
      const options = { ...counted, ...serverOf(source, context), index: source.index, query };
      return async () => (await import("../logs/elasticsearch.ts")).openElasticsearch(options, { fetch, signal });
    }
    default:
      throw new ConfigurationError(
        `check "${check.name}": source "${source.name}" of kind ${source.kind} holds no logs`,
      );
  }
}

function serverOf(source: Extract<Source, { headers: unknown }>, context: TextContext) {
  const headers = Object.fromEntries(
    Object.entries(source.headers).map(([name, text]) => [name, render(text, context)]),
  );
  const variables = Object.values(source.headers).flatMap((text) =>
    namesIn(text).flatMap((name) => (name.startsWith("env:") ? [name.slice("env:".length)] : [])),
  );
  return { url: render(source.url, context), headers, variables };
}
