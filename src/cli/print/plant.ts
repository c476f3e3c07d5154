// The control plane begun or stopped, a starter set written: what happened and what comes next.

import { counted, duration } from "./amounts.ts";
import { paintFor } from "./paint.ts";
import type { PrintOptions } from "./paint.ts";
import { clean } from "./width.ts";

export interface UpPrinted {
  readonly url: string;
  readonly dataDir: string;
  readonly tookMs: number;
}

export const renderUp = ({ url, dataDir, tookMs }: UpPrinted, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  return [
    `${paint.green("●")} ${paint.bold("Sluice is up")} ${paint.dim(`after ${duration(tookMs)}`)}`,
    `  ${paint.dim("api ")}  ${clean(url)}`,
    `  ${paint.dim("data")}  ${clean(dataDir)}`,
    paint.dim("  stop it with Ctrl-C or sluice down; services go on running"),
  ].join("\n");
};

export interface StoppedPrinted {
  readonly controlPlane: boolean;
  readonly instances: number;
  readonly router: boolean;
}

export const renderStopped = (stopped: StoppedPrinted, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const what = [
    ...(stopped.controlPlane ? ["the control plane"] : []),
    ...(stopped.instances > 0 ? [counted(stopped.instances, "instance")] : []),
    ...(stopped.router ? ["the router"] : []),
  ];
  return what.length === 0
    ? "Nothing was running."
    : `${paint.green("✔")} stopped ${what.join(", ")}`;
};

export interface InitPrinted {
  readonly folder: string;
  readonly files: readonly string[];
}

export const renderInit = ({ folder, files }: InitPrinted, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  return [
    `${paint.green("✔")} wrote ${counted(files.length, "file")} to ${clean(folder)}`,
    ...files.map((file) => `  ${clean(file)}`),
    paint.dim(clean(`next: sluice validate ${folder} && sluice apply ${folder}`)),
  ].join("\n");
};
