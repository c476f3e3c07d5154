// The parser of answers: the same events however the bytes are cut, every body whole, nothing that
// could be read in two ways, and never another reading than Node's own parser has.

import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";

import fc from "fast-check";

import { AnswerParser } from "./answer-parser.ts";

interface Answer {
  readonly status: number;
  readonly phrase: string;
  readonly headers: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
  readonly keepsAlive: boolean;
}

/** Null: garbled, or broken off. */
const parse = (pieces: readonly string[], isHead = false, closes = true): Answer | null => {
  let body = "";
  let answer: Answer | null = null;
  const parser = new AnswerParser(
    {
      head: ({ status, phrase, headers, keepsAlive }) => {
        answer = { status, phrase, headers, keepsAlive, body: "", trailers: [] };
      },
      data: (chunk) => (body += chunk.toString("latin1")),
      end: (trailers) => {
        assert.ok(answer !== null);
        answer = { ...answer, trailers };
      },
    },
    isHead,
  );
  try {
    for (const piece of pieces) parser.push(Buffer.from(piece, "latin1"));
  } catch {
    return null;
  }
  if (!parser.isDone && !(closes && parser.close())) return null;
  return answer === null ? null : { ...(answer as Answer), body };
};

const pieces = (text: string, cuts: readonly number[]): readonly string[] => {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length));
};

test("an answer is read with its status, fields, body and trailers", () => {
  const text =
    "HTTP/1.1 200 Fine\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n" +
    "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nSum: 1\r\n\r\n";
  assert.deepEqual(parse([text]), {
    status: 200,
    phrase: "Fine",
    headers: ["A", "b", "Transfer-Encoding", "chunked"],
    body: "abc0123456789",
    trailers: ["Sum", "1"],
    keepsAlive: true,
  });
});

test("interim answers are left out", () => {
  const text =
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" +
    "HTTP/1.1 204 No Content\r\n\r\n";
  assert.equal(parse([text])?.status, 204);
});

test("HEAD, 204 and 304 have no body, whatever their length says", () => {
  const length = "Content-Length: 5\r\n\r\n";
  assert.equal(parse([`HTTP/1.1 200 OK\r\n${length}`], true, false)?.body, "");
  assert.equal(parse([`HTTP/1.1 304 Not Modified\r\n${length}`], false, false)?.body, "");
  assert.equal(parse([`HTTP/1.1 204 No Content\r\n${length}`], false, false)?.body, "");
});

test("a connection is kept only where version and fields allow it", () => {
  const kept = (head: string): boolean | undefined =>
    parse([`${head}\r\nContent-Length: 0\r\n\r\n`])?.keepsAlive;
  assert.equal(kept("HTTP/1.1 200 OK"), true);
  assert.equal(kept("HTTP/1.1 200 OK\r\nConnection: x, Close"), false);
  assert.equal(kept("HTTP/1.0 200 OK"), false);
  assert.equal(kept("HTTP/1.0 200 OK\r\nConnection: keep-alive"), true);
  assert.equal(parse(["HTTP/1.1 200 OK\r\n\r\nuntil the end"])?.keepsAlive, false);
});

test("what is no answer, or could be read in two ways, is refused", () => {
  const bad = [
    "hello\r\n\r\n",
    "HTTP/2 200 OK\r\n\r\n",
    "HTTP/1.1 20 OK\r\n\r\n",
    "HTTP/1.1 099 OK\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
    "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
    "HTTP/1.1 200 OK\r\n: empty\r\n\r\n",
    "HTTP/1.1 200 OK\r\nSpace : x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n\r\n",
    `HTTP/1.1 200 OK\r\nA: ${"x".repeat(70_000)}\r\n\r\n`,
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${"x".repeat(5_000)}`,
  ];
  for (const text of bad) assert.equal(parse([text]), null, JSON.stringify(text.slice(0, 80)));
});

test("an answer that ends too early is not taken for a whole one", () => {
  const whole = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n",
  ];
  for (const text of whole) {
    assert.equal(parse([text])?.body, "12345");
    for (let end = 0; end < text.length; end += 1) assert.equal(parse([text.slice(0, end)]), null);
  }
});

const bodyText = fc.string({ maxLength: 300, unit: "binary-ascii" });
const framed = fc.oneof(
  bodyText.map((body) => ({ body, text: `Content-Length: ${body.length}\r\n\r\n${body}` })),
  bodyText.map((body) => ({ body, text: `\r\n${body}` })),
  fc.array(bodyText.filter((part) => part !== "")).map((parts) => ({
    body: parts.join(""),
    text: `Transfer-Encoding: Chunked\r\n\r\n${parts
      .map((part) => `${part.length.toString(16)}\r\n${part}\r\n`)
      .join("")}0\r\n\r\n`,
  })),
);

test("every body arrives whole, however its bytes are framed and cut", () => {
  fc.assert(
    fc.property(framed, fc.array(fc.nat(2000), { maxLength: 30 }), ({ body, text }, cuts) => {
      const answer = parse(pieces(`HTTP/1.1 200 OK\r\nA: b\r\n${text}`, cuts));
      assert.equal(answer?.body, body);
      assert.equal(answer.status, 200);
    }),
  );
});

const fragment = fc.oneof(
  fc.constantFrom(
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.0 404 No\r\n",
    "HTTP/1.1 204 N\r\n",
    "\r\n",
    "0\r\n",
  ),
  fc.constantFrom("Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "abc", "3\r\nabc\r\n"),
  fc.constantFrom("A: b\r\n", " c\r\n", "Connection: close\r\n", "\n", "\r", ":", "\0", "\t"),
  fc.string({ maxLength: 6 }),
);
const babble = fc
  .array(fragment, { maxLength: 8 })
  .map((parts) => `HTTP/1.1 200 OK\r\n${parts.join("")}`);

test("bytes that make no sense are read the same however they are cut", () => {
  fc.assert(
    fc.property(babble, fc.array(fc.nat(300), { maxLength: 12 }), (text, cuts) => {
      assert.deepEqual(parse(pieces(text, cuts)), parse([text]));
    }),
    { numRuns: 2000 },
  );
});

/** A good answer with one place spoilt, or not. */
const spoilt = fc
  .tuple(framed, fragment, fc.nat(400), fc.nat(3))
  .map(([{ text }, put, place, cut]) => {
    const whole = `HTTP/1.1 200 OK\r\nA: b\r\n${text}`;
    return whole.slice(0, place) + (place < 200 ? put : "") + whole.slice(place + cut);
  });

test("what it takes, Node's parser takes too, and reads the same", async (t) => {
  let text = "";
  const server = createServer((socket) => {
    socket.on("error", () => {}).once("data", () => socket.end(text, "latin1"));
  }).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const byNode = async (): Promise<{ status: number; body: string }> => {
    const sent = get({ host: "127.0.0.1", port, agent: false });
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    let body = "";
    response.setEncoding("latin1").on("data", (part: string) => (body += part));
    await once(response, "end");
    return { status: response.statusCode ?? 0, body };
  };
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(spoilt, async (candidate) => {
      const answer = parse([candidate]);
      // Field values are not looked into here: they are when they are sent on.
      if (
        answer === null ||
        answer.headers.some((value) => /[^\t\x20-\x7e\x80-\xff]/.test(value))
      ) {
        return;
      }
      taken += 1;
      text = candidate;
      assert.deepEqual(await byNode(), { status: answer.status, body: answer.body });
    }),
    { numRuns: 300 },
  );
  assert.ok(taken > 30, `${taken}`);
});
