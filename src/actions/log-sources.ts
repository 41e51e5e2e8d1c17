import type { LogScanner } from "../logs/types.ts";
import type { LogsCheck, Source } from "../pipeline/model.ts";
import { render, type TextContext } from "../pipeline/text.ts";
import { ConfigurationError } from "../platform/errors.ts";

/** Opens the logs of a check; the scanner itself is loaded at the first look, so that a stage without logs does not pay for it. */
export function logSources(workspace: string): (source: Source, check: LogsCheck, context: TextContext) => LogScanner {
  return (source, check, context) => {
    if (source.kind !== "files") {
      throw new ConfigurationError(
        `check "${check.name}": logs of a source of kind "${source.kind}" are not supported yet`,
      );
    }
    const options = {
      files: render(source.files, context),
      format: source.format,
      ...(check.match !== undefined && { match: check.match }),
      ...(check.ignore !== undefined && { ignore: check.ignore }),
    };
    let scanner: Promise<LogScanner> | undefined;
    const open = async () => (await import("../logs/files.ts")).openLogFiles(options, { directory: workspace });
    return {
      async scan(window) {
        scanner ??= open();
        return (await scanner).scan(window);
      },
      async close() {
        await (await scanner)?.close();
      },
    };
  };
}
