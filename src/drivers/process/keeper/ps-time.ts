// How ps writes times.

/** CPU time in ms from `[[dd-]hh:]mm:ss[.cc]`, as POSIX and macOS print it. */
export const cpuMsOf = (time: string): number => {
  const [days, clock] = time.includes("-") ? time.split("-") : ["0", time];
  const seconds = (clock ?? "").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
};
