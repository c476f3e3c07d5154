// What other documents and systems call the metrics of the threshold language: `error_rate`,
// `response time`, `CPU utilization`. None of it is accepted; it is what an error knows to advise.

import type { MetricName } from "./threshold.ts";

/** By what is left of the words without case, spaces and signs. */
const METRIC_SPELLINGS: Readonly<Record<Exclude<MetricName, Percentile>, readonly string[]>> = {
  errorRate: [
    "errorrate",
    "errorsrate",
    "rateoferrors",
    "errorpercentage",
    "errorratio",
    "httperrorrate",
    "5xxrate",
    "http5xxrate",
    "failurerate",
    "requestfailurerate",
  ],
  requests: [
    "requests",
    "requestrate",
    "requestspersecond",
    "requestspersec",
    "rps",
    "qps",
    "throughput",
  ],
  cpu: [
    "cpu",
    "cpuutilization",
    "cpuutilisation",
    "cpuusage",
    "cpuload",
    "cpupercent",
    "cpupercentage",
  ],
  memory: [
    "memory",
    "mem",
    "memoryutilization",
    "memoryutilisation",
    "memoryusage",
    "memorypercent",
    "memusage",
    "ram",
    "ramusage",
  ],
  healthCheckFailures: [
    "healthcheckfailures",
    "healthcheckfailure",
    "healthcheckfailurerate",
    "failedhealthchecks",
    "healthchecksfailed",
    "healthchecksfailing",
    "unhealthychecks",
    "probefailures",
  ],
  restarts: ["restarts", "restartcount", "containerrestarts", "podrestarts", "instancerestarts"],
};

type Percentile = "p50" | "p90" | "p95" | "p99";

const LATENCY = [
  "latency",
  "latencies",
  "responsetime",
  "responsetimes",
  "responselatency",
  "requestduration",
  "requestlatency",
  "duration",
  "",
];

const PERCENTILES: Readonly<Record<string, Percentile>> = {
  "50": "p50",
  "90": "p90",
  "95": "p95",
  "99": "p99",
};

/** Asked for often, and measured elsewhere. */
const ELSEWHERE = [
  /^(?:up|uptime|availability|bandwidth|saturation|sessions|activeusers|revenue)$/u,
  /^(?:disk|storage|network|conversion|businessmetric|queue)/u,
];

const PERCENTILE = /(?:percentile|pctl|p)(\d{2})|(\d{2})(?:th|st|nd|rd)?(?:percentile|pctl)/u;

export type Spelled =
  /** `guessed`: it does not say which percentile. */
  | { readonly kind: "metric"; readonly metric: MetricName; readonly guessed: boolean }
  | { readonly kind: "elsewhere" }
  | { readonly kind: "unknown" };

/** `aside`: what stands in brackets in the sentence, as in `> 500ms (95th percentile)`. */
export const spelled = (words: string, aside: string): Spelled => {
  const key = keyOf(words);
  for (const [metric, spellings] of Object.entries(METRIC_SPELLINGS)) {
    if (spellings.includes(key)) {
      return { kind: "metric", metric: metric as MetricName, guessed: false };
    }
  }
  if (ELSEWHERE.some((pattern) => pattern.test(key))) return { kind: "elsewhere" };
  const share = PERCENTILE.exec(`${key} ${keyOf(aside)}`);
  const rest = key.replace(PERCENTILE, "");
  if (!LATENCY.includes(rest) || (rest === "" && share === null)) return { kind: "unknown" };
  if (share === null) return { kind: "metric", metric: "p95", guessed: true };
  const metric = PERCENTILES[share[1] ?? share[2] ?? ""];
  return metric === undefined ? { kind: "unknown" } : { kind: "metric", metric, guessed: false };
};

const keyOf = (words: string): string => words.toLowerCase().replaceAll(/[^a-z0-9]/gu, "");
