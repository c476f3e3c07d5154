// The environment that services, tasks, the router and the keeper start from: enough to find
// programs and speak the person's language, and nothing that the control plane knows.

const KEPT = ["PATH", "HOME", "LANG", "TZ"] as const;
/** Where sockets may lie (layout.ts), which the keeper must compute the same way; and where
 * compiled code is kept, for a quick start. */
const KEPT_FOR_OURSELVES = ["TMPDIR", "XDG_RUNTIME_DIR", "NODE_COMPILE_CACHE"] as const;

const pick = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

export const cleanEnvironment = (): Readonly<Record<string, string>> => pick(KEPT);

/** For Sluice's own processes. Node keeps what it compiled in the command's cache, or in the given
 * folder where the command has none: it halves the time until a killed one serves again. */
export const ownEnvironment = (cacheFolder: string): Readonly<Record<string, string>> => ({
  NODE_COMPILE_CACHE: cacheFolder,
  ...pick([...KEPT, ...KEPT_FOR_OURSELVES]),
});
