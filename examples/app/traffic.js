// Steady traffic on an address, until it is stopped: `node traffic.js 127.0.0.1:21080`. Once a second
// it says how many answers of which release there were, and how many errors.

const [, , address = "127.0.0.1:21080"] = process.argv;
const EVERY_MS = 5;

let answers = {};
const count = (name) => {
  answers = { ...answers, [name]: (answers[name] ?? 0) + 1 };
};

const ask = async () => {
  try {
    const response = await fetch(`http://${address}/`);
    await response.arrayBuffer();
    count(`${response.headers.get("x-release")} ${response.status}`);
  } catch {
    count("no answer");
  }
};

setInterval(() => void ask(), EVERY_MS);
setInterval(() => {
  process.stdout.write(`${JSON.stringify(answers)}\n`);
  answers = {};
}, 1_000);
