import { type Port, portOver, type Wire } from '../port.ts'

type End = { readonly wire: Wire; onFrame(text: string): void; onEnd(): void }

/** Two joined ends in one process. Frames pass as text, as everywhere, and never in the sender's own turn. */
export const memoryWires = (): [Wire, Wire] => {
  const close = (): void => {
    for (const end of [left, right]) queueMicrotask(end.onEnd)
  }
  const makeEnd = (other: () => End): End => {
    const end: End = {
      onFrame: () => {},
      onEnd: () => {},
      wire: {
        send: async (text) => queueMicrotask(() => other().onFrame(text)),
        receive: (onFrame, onEnd) => Object.assign(end, { onFrame, onEnd }),
        close,
      },
    }
    return end
  }
  const left: End = makeEnd(() => right)
  const right: End = makeEnd(() => left)
  return [left.wire, right.wire]
}

/** The two ports of a connection within one process. */
export const memoryPorts = (): [Port, Port] => {
  const [left, right] = memoryWires()
  return [portOver(left), portOver(right)]
}
