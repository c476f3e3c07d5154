// A small service with bad habits on demand, as the artifact of the keeper's tests. What it does
// wrong is chosen by its environment (BEHAVIOUR) or by a request.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const behaviour = process.env.BEHAVIOUR ?? "";
let healthy = true;
let hangups = 0;

if (behaviour.includes("ignores-sigterm")) process.on("SIGTERM", () => undefined);
if (behaviour.includes("has-child")) {
  // Ignores SIGTERM as well: only SIGKILL to the whole group ends it.
  const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
  const child = spawn(process.execPath, ["-e", script], { stdio: "ignore" });
  console.log(`child ${child.pid}`);
}
if (behaviour.includes("hears-sighup")) process.on("SIGHUP", () => (hangups += 1));
if (behaviour.includes("dies-at-once")) process.exit(7);
if (behaviour.includes("talks")) setInterval(() => console.log("x".repeat(1000)), 1);
if (behaviour.includes("works")) {
  setInterval(() => {
    const end = performance.now() + 40;
    while (performance.now() < end);
  }, 50);
}

createServer((request, response) => {
  if (request.url === "/env") response.end(JSON.stringify(process.env));
  else if (request.url === "/argv") response.end(JSON.stringify(process.argv.slice(2)));
  else if (request.url === "/config") {
    const text = readFileSync(process.env.APP_CONFIG, "utf8");
    response.end(JSON.stringify({ text, hangups, pid: process.pid }));
  } else if (request.url.startsWith("/say?text=")) {
    const text = decodeURIComponent(request.url.slice("/say?text=".length));
    process.stdout.write(`${text}\n`, () => response.end("said"));
  } else if (request.url === "/cwd") response.end(process.cwd());
  else if (request.url === "/get-sick") response.end(String((healthy = false)));
  else if (request.url === "/slow") setTimeout(() => response.end("slow"), 700);
  else if (request.url === "/health") response.writeHead(healthy ? 200 : 500).end();
  else response.end(`hello from ${process.pid}`);
}).listen(Number(process.env.PORT), "127.0.0.1", () => console.log(`listening as ${process.pid}`));
