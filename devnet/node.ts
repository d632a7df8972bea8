import type { Origin } from '../pipeline/model/event.ts'

/** One HTTP request to a simulated node. */
export interface NodeRequest {
  readonly method: string
  /** Without the node's own prefix and without the query: `/block/height/12`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
}

/** What a node answers, before the wire spoils it. */
export interface NodeReply {
  readonly status: number
  readonly type: 'application/json' | 'text/plain'
  readonly body: string
}

/**
 * How a node lies in one answer. A node asks for each lie where it could tell it; asking draws the chance
 * and counts the fault, and without misbehaviour gives back what was handed in.
 */
export interface Twist {
  /** The newest height that the node admits. */
  head(height: number): number
  /** Whether the node pretends not to hold a height. */
  hides(height: number): boolean
  /** Whether the answer is to come from a rival fork. */
  otherFork(): boolean
  network(name: string): string
  /** A copy of a record without the fields that a careless gateway drops. */
  strip(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>
}

/** One websocket connection, as a node sees it. */
export interface NodeSocket {
  send(text: string): void
  close(): void
}

/** What a node does with a websocket connection. */
export interface NodeListener {
  message(text: string): void
  /** The client is gone. */
  closed(): void
}

/** A simulated or replaying node of one chain, or a simulated service: requests in, replies out, no sockets. */
export interface DevnetNode {
  /** Said in the header `x-depindex-origin` of every answer. */
  readonly origin: Origin
  answer(request: NodeRequest, twist: Twist): NodeReply | Promise<NodeReply>
  /** Takes a websocket connection; absent: the node offers none. */
  connect?(socket: NodeSocket): NodeListener
}

/** An answer in JSON. */
export function jsonReply(value: unknown, status = 200): NodeReply {
  return { status, type: 'application/json', body: JSON.stringify(value) }
}

/** An answer in plain text. */
export function textReply(body: string, status = 200): NodeReply {
  return { status, type: 'text/plain', body }
}
