// One JSON object a line on stderr: what happened to the router itself, never a request.

export type Log = (event: string, details?: Readonly<Record<string, unknown>>) => void;

export const logToStderr: Log = (event, details = {}) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...details })}\n`);
};
