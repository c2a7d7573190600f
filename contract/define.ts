import type { z } from 'zod'

/** `read` changes nothing; `write` does. A connection may be limited to `read`. */
export type Access = 'read' | 'write'

export type CallDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  readonly kind: 'call'
  readonly access: Access
  readonly input: I
  readonly output: O
}

export type StreamDefinition<I extends z.ZodType = z.ZodType, E extends z.ZodType = z.ZodType> = {
  readonly kind: 'stream'
  readonly access: Access
  readonly input: I
  readonly event: E
  /** `latest`: a slow reader may miss events in between (samples). `all`: it never does; too slow ends the stream. */
  readonly delivery: 'latest' | 'all'
}

/** A contract: method name → definition. Names are dotted nouns and verbs, `deployment.deploy`. */
export type Contract = Readonly<Record<string, CallDefinition | StreamDefinition>>

/** Defines a request with one answer. Input and output are validated on the serving side. */
export const call = <I extends z.ZodType, O extends z.ZodType>(
  access: Access,
  input: I,
  output: O,
): CallDefinition<I, O> => ({
  kind: 'call',
  access,
  input,
  output,
})

/** Defines a stream: its first event is the current state, each later one a change or a sample. */
export const stream = <I extends z.ZodType, E extends z.ZodType>(
  access: Access,
  input: I,
  event: E,
  delivery: 'latest' | 'all' = 'all',
): StreamDefinition<I, E> => ({ kind: 'stream', access, input, event, delivery })

export type CallName<C extends Contract> = {
  [K in keyof C & string]: C[K] extends CallDefinition ? K : never
}[keyof C & string]
export type StreamName<C extends Contract> = {
  [K in keyof C & string]: C[K] extends StreamDefinition ? K : never
}[keyof C & string]

/** What a caller may send (defaults still open). */
export type InputOf<C extends Contract, K extends keyof C> = z.input<C[K]['input']>
/** What a handler receives (defaults filled in). */
export type ParsedInputOf<C extends Contract, K extends keyof C> = z.output<C[K]['input']>
export type OutputOf<C extends Contract, K extends keyof C> =
  C[K] extends CallDefinition<z.ZodType, infer O> ? z.output<O> : never
export type EventOf<C extends Contract, K extends keyof C> =
  C[K] extends StreamDefinition<z.ZodType, infer E> ? z.output<E> : never

/** Given to every handler: aborts when the caller cancels, closes the stream or disconnects. */
export type RequestContext = { readonly signal: AbortSignal }

/** What a server implements: one function per call, one async generator per stream. */
export type Handlers<C extends Contract> = {
  readonly [K in keyof C & string]: C[K] extends CallDefinition
    ? (input: ParsedInputOf<C, K>, context: RequestContext) => Promise<OutputOf<C, K>>
    : (input: ParsedInputOf<C, K>, context: RequestContext) => AsyncIterable<EventOf<C, K>>
}

/** What `connect` gives: typed from the contract alone. */
export type Client<C extends Contract> = {
  /** Sends a request. Rejects with `MoleError`; `cancelled` when `signal` aborts; `disconnected` when the peer goes. */
  call<K extends CallName<C>>(
    name: K,
    input: InputOf<C, K>,
    options?: { signal?: AbortSignal },
  ): Promise<OutputOf<C, K>>
  /** Opens a stream. Leaving the loop, or aborting `signal`, closes it on the server too. */
  stream<K extends StreamName<C>>(
    name: K,
    input: InputOf<C, K>,
    options?: { signal?: AbortSignal },
  ): AsyncIterable<EventOf<C, K>>
  /** Resolves when the connection is gone, whoever closed it. */
  readonly closed: Promise<void>
  close(): void
}
