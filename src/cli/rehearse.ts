import { candidateNames } from "../../rehearsal/fleet/candidates.ts";
import { usage } from "../../rehearsal/options.ts";
import type { Command } from "./command.ts";

/** `rocksolid rehearse`: plays a release on this machine. Its machinery is loaded when it runs. */
export const rehearse: Command = {
  name: "rehearse",
  summary: "Plays a release on this machine, from the real workflow files.",
  get usage() {
    return usage(candidateNames()).trimEnd();
  },
  async run(args, io) {
    const { rehearseCommand } = await import("../../rehearsal/cli.ts");
    return rehearseCommand(args, io);
  },
};
