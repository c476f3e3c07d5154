// Says in one sentence why nothing works when npm's scripts run on an old Node. Plain JavaScript,
// because that is all an old Node understands.

const NEEDED = 26;
const found = Number(process.versions.node.split(".", 1)[0]);

if (found < NEEDED) {
  process.stderr.write(
    `Sluice runs on Node ${NEEDED}; this is Node ${process.versions.node} at ${process.execPath}.\n` +
      "`npm ci` installs the right one into node_modules/.bin, where npm's scripts look first.\n" +
      "Run `npm ci` again, without --ignore-scripts, and then start this through npm.\n",
  );
  process.exit(1);
}
