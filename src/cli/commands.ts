import { nearest } from "../pipeline/nearest.ts";
import { show } from "../pipeline/problem.ts";
import { isExpected, messageOf } from "../platform/errors.ts";
import { auditCommand } from "./audit.ts";
import type { Command, Io } from "./command.ts";
import { plan } from "./plan.ts";
import { rehearse } from "./rehearse.ts";
import { replay } from "./replay.ts";
import { scan } from "./scan.ts";
import { validate } from "./validate.ts";

/** The commands of `rocksolid`, in the order of its help. */
export const commands: readonly Command[] = [validate, plan, auditCommand, rehearse, replay, scan];

function help(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "Usage: rocksolid COMMAND [ARGUMENT…]",
    "",
    "Commands:",
    ...lines,
    "",
    "rocksolid COMMAND --help says more.",
    "",
  ].join("\n");
}

/** Carries out one command line, without the name of the program, and answers the exit status. Never throws. */
export async function runCommandLine(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") {
    io.out(help());
    return 0;
  }
  if (name === undefined) {
    io.err(help());
    return 2;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    const names = commands.map((one) => one.name);
    const suggestion = nearest(name, names);
    const remedy = suggestion === undefined ? `the commands are ${names.join(", ")}` : `did you mean "${suggestion}"?`;
    io.err(`rocksolid: unknown command ${show(name)}: ${remedy}\n`);
    return 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    io.out(`${command.summary}\n\n${command.usage}\n`);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    const ours = !isExpected(error) && error instanceof Error && error.stack !== undefined;
    io.err(
      `rocksolid ${name}: ${ours ? `a mistake of Rocksolid's own, please report it: ${error.stack}` : messageOf(error)}\n`,
    );
    return 2;
  }
}
