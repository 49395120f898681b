import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
export function serveFile(root: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
export function listen(
  handler: Handler,
  ports: readonly number[],
): Promise<{ readonly server: Server; readonly port: number }>;
