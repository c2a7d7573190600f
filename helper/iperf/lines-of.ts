import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { MoleError } from '../../contract/errors.ts'

/** Lines of a child's output, as they come. @throws MoleError `internal` when it was started without a pipe. */
export const linesOf = (stream: Readable | null): AsyncIterable<string> => {
  if (stream === null) throw new MoleError('internal', 'iperf3 was started without a pipe.')
  return createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
}
