import type { Command } from "./command.ts";

/** `rocksolid rehearse`: plays a release on this machine. What it needs is loaded when it runs. */
export const rehearse: Command = {
  name: "rehearse",
  summary: "Plays a release on this machine, from the real workflow files.",
  usage:
    "Usage: rocksolid rehearse [--candidate NAME] [--workflow FILE] [--repo DIR] …; see npm run rehearse -- --help",
  async run(args, io) {
    const { rehearseCommand } = await import("../../rehearsal/cli.ts");
    return rehearseCommand(args, io);
  },
};
