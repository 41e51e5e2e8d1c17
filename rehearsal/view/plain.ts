import type { Happening, Progress, View } from "./progress.ts";
import { harmless, stamp } from "./text.ts";

/** One line for each thing that happens: for logs, pipes and CI. */
export function plainView(write: (text: string) => void): View {
  const shown = new Map<string, string>();
  const line = ({ seconds, stage, text }: Happening): void => {
    write(`${stamp(seconds)}  ${(stage ?? "").padEnd(8)} ${harmless(text)}\n`);
  };
  const changed = (key: string, value: string): boolean => {
    if (shown.get(key) === value) return false;
    shown.set(key, value);
    return true;
  };
  return {
    happened: line,
    update({ stages, seconds }: Progress) {
      for (const { name, state, description, hosts } of stages) {
        const known = description !== "" && state !== "not reached";
        if (known && changed(name, `${state} ${description}`)) {
          line({ seconds, stage: name, text: `${state}: ${description}` });
        }
        const first = hosts.filter((host) => !shown.has(`host ${host.name}`));
        for (const host of first) shown.set(`host ${host.name}`, host.version ?? "does not answer");
        for (const host of hosts) {
          const answer = host.version ?? "does not answer";
          if (changed(`host ${host.name}`, answer)) {
            line({
              seconds,
              stage: name,
              text: host.version === null ? `${host.name} ${answer}` : `${host.name} runs ${answer}`,
            });
          }
        }
      }
    },
    pause() {},
    resume() {},
    close() {},
  };
}
